/** Waiting that ends early when the demo is called off. */
import { setTimeout as delay } from 'node:timers/promises';

/** @throws the signal's reason when it aborts. */
export async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(delayMs, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/** Looks every 50 ms; false when it has not come about in time. */
export async function until(
  holds: () => boolean,
  { withinMs, signal }: { readonly withinMs: number; readonly signal: AbortSignal },
): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > deadline) return false;
    await pause(50, signal);
  }
  return true;
}
