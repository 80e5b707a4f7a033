/** Waits for a condition instead of for a time. */

const POLL_MS = 20;

/**
 * Resolves with the first answer of `look` that is neither false, null nor undefined; what it
 * throws counts as not yet.
 * @throws Error that names `what`, with the last thing thrown as its cause, after `withinMs`.
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  withinMs = 15_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + withinMs;
  let cause: unknown;
  do {
    try {
      const seen = await look();
      if (isSeen(seen)) return seen;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await new Promise<void>((resolve) => setTimeout(resolve, POLL_MS));
  } while (Date.now() < deadline);
  throw new Error(`Within ${withinMs} ms there was no sign of this: ${what}.`, { cause });
}

function isSeen<T>(seen: T): seen is Exclude<T, false | null | undefined> {
  return seen !== false && seen !== null && seen !== undefined;
}
