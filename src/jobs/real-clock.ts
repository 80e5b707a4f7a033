/** The machine's own clock and timers behind the Clock port; it decides nothing about what runs. */
import type { Cancel, Clock, CronInput, CronTask } from '../flows/ports/clock';
import type { Instant } from '../domain/time';
import { cronSchedule } from './cron-schedule';

/** setTimeout takes no more than this many milliseconds; a longer delay would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;
/** A machine that slept, or whose clock was set, is noticed by a cron task within this time. */
const CRON_GLANCE = 60_000;
/** How many missed instants a late cron task looks through for the latest one. */
const MOST_MISSED = 1_000;

/**
 * `after` measures elapsed time; delays above 2^31 ms are made of several timers. `cron` obeys the
 * wall clock: fires that were missed (a blocked process, a sleeping machine) are made up for by
 * one, with the latest instant that was due. Timers keep the process alive until cancelled. What
 * `run` or `fire` throws is a bug and is not caught here.
 */
export const realClock: Clock = { now, after, cron };

function now(): Instant {
  return Date.now() as Instant;
}

function after(delayMs: number, run: () => void): Cancel {
  let left = Math.max(0, delayMs);
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    const part = Math.min(left, LONGEST_TIMER);
    left -= part;
    timer = setTimeout(left > 0 ? arm : run, part);
  };
  arm();
  return () => clearTimeout(timer);
}

function cron({ expression, timeZone, fire }: CronInput): CronTask {
  const schedule = cronSchedule(expression, timeZone);
  let next = schedule.nextAfter(now());
  let cancel: Cancel = () => undefined;
  const arm = (): void => {
    if (next === null) return;
    cancel = after(Math.min(CRON_GLANCE, next - now()), look);
  };
  const look = (): void => {
    let due: Instant | null = null;
    for (let i = 0; i < MOST_MISSED && next !== null && next <= now(); i += 1) {
      due = next;
      next = schedule.nextAfter(due);
    }
    if (next !== null && next <= now()) next = schedule.nextAfter(now());
    arm();
    if (due !== null) fire(due);
  };
  arm();
  return {
    nextAt: () => next,
    stop() {
      next = null;
      cancel();
    },
  };
}
