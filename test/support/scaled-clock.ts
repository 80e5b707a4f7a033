/**
 * The machine's clock, run faster: for parts that wait on real sockets and on many seconds as
 * well.
 */
import type { Clock } from '../../src/flows/ports/clock';
import type { Instant } from '../../src/domain/time';

/** @param factor how many of its seconds pass in a real one. It has no cron. */
export function createScaledClock(factor: number, start: Instant): Clock {
  const realStart = performance.now();
  return {
    now: () => Math.floor(start + (performance.now() - realStart) * factor) as Instant,
    after(delayMs, run) {
      const timer = setTimeout(run, Math.max(0, delayMs) / factor);
      return () => clearTimeout(timer);
    },
    cron() {
      throw new Error('A scaled clock has no cron.');
    },
  };
}
