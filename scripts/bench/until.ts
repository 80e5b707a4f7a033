/** Waits for a condition, and not for ever; decides no figure. */
import { setTimeout as pause } from 'node:timers/promises';

/** @throws Error that names what was waited for. */
export async function until(
  what: string,
  isSo: () => Promise<boolean>,
  { everyMs, mostMs }: { readonly everyMs: number; readonly mostMs: number },
): Promise<void> {
  const last = performance.now() + mostMs;
  while (!(await isSo())) {
    if (performance.now() > last) throw new Error(`Not within ${mostMs / 1000} s: ${what}.`);
    await pause(everyMs);
  }
}
