/** How fast a box calls, and how long it waits after a failure; by the clock that it is given. */

const APART_S = 2;
const MOST_A_MINUTE = 10;
const MINUTE_S = 60;

const RETRY_AFTER_S = [15, 30, 60, 120, 300] as const;
const RETRY_AT_LAST_S = 900;
const RETRY_SPREAD = 0.2;

/**
 * Seconds to wait after the `failures`-th failure in a row (from 1): 15, 30, 60, 120, 300, then
 * 900, each 20 % more or less. `chance` is from 0 up to 1.
 */
export function retryAfterS(failures: number, chance: number): number {
  const base = RETRY_AFTER_S[failures - 1] ?? RETRY_AT_LAST_S;
  return base * (1 + RETRY_SPREAD * (2 * chance - 1));
}

/** At least 2 s between two calls, and at most 10 in a minute; all times multiplied by `scale`. */
export function createPace(scale: number) {
  const last: number[] = [];
  return {
    /** The earliest instant, in ms, at which the next call may be made. */
    earliest(): number {
      const apart = (last.at(-1) ?? Number.NEGATIVE_INFINITY) + APART_S * 1_000 * scale;
      const first = last.length < MOST_A_MINUTE ? undefined : last[0];
      return Math.max(apart, (first ?? Number.NEGATIVE_INFINITY) + MINUTE_S * 1_000 * scale);
    },
    note(now: number): void {
      last.push(now);
      if (last.length > MOST_A_MINUTE) last.shift();
    },
  };
}
