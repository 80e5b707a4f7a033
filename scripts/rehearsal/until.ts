/** Waits for a condition instead of for a time, and not for ever. */
import { setTimeout as pause } from 'node:timers/promises';

const LOOKS_EVERY_MS = 20;
const WITHIN_MS = 15_000;

/**
 * What `isSo` throws counts as not yet.
 * @throws Error that names `what`, with the last thing thrown as its cause, after `withinMs`.
 */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  withinMs = WITHIN_MS,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  let cause: unknown;
  do {
    try {
      if (await isSo()) return;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await pause(LOOKS_EVERY_MS);
  } while (Date.now() < deadline);
  throw new Error(`Within ${withinMs} ms there was no sign of this: ${what}.`, { cause });
}
