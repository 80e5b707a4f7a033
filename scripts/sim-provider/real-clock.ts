/**
 * The machine's clock for a simulator that runs by itself; tests hand in one that they can move.
 */
import type { Instant } from '../../src/domain/time';
import type { Cancel, Clock } from '../../src/flows/ports/clock';

/** What the simulator needs of a clock: it has no cron. */
export type SimClock = Pick<Clock, 'now' | 'after'>;

/** Node fires a timer above this at once, so longer delays are walked in steps. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const realClock: SimClock = {
  now: () => Date.now() as Instant,
  after: (delayMs, run) => startTimer(delayMs, run),
};

function startTimer(delayMs: number, run: () => void): Cancel {
  let cancel: Cancel = () => clearTimeout(timer);
  const timer = setTimeout(
    () => {
      const leftMs = delayMs - LONGEST_TIMER_MS;
      if (leftMs > 0) cancel = startTimer(leftMs, run);
      else run();
    },
    Math.min(delayMs, LONGEST_TIMER_MS),
  );
  return () => cancel();
}
