/** A clock that stands still until a test moves it; cron is due by the product's own schedule. */
import type { Clock, CronInput, CronTask } from '../../src/flows/ports/clock';
import type { Instant } from '../../src/domain/time';
import { cronSchedule } from '../../src/jobs/cron-schedule';

export interface ManualClock extends Clock {
  /**
   * Moves time on by `ms`: everything that falls due runs in order, each at its own instant, and
   * promises settle after each. What is set up meanwhile and falls due in the span runs too.
   */
  advance(ms: number): Promise<void>;
  /** As `advance`, to an instant that is not in the past. */
  advanceTo(at: Instant): Promise<void>;
  /** How many timers and cron tasks are waiting. */
  waiting(): number;
}

interface Due {
  readonly at: Instant;
  readonly run: () => void;
}

export function createManualClock(start: Instant): ManualClock {
  let now = start;
  const due = new Set<Due>();

  const put: Put = (at, run) => {
    const entry = { at, run };
    due.add(entry);
    return () => void due.delete(entry);
  };
  const advanceTo = async (at: Instant): Promise<void> => {
    if (at < now) throw new Error('A clock does not go back.');
    await promisesSettle();
    for (let entry = earliest(due, at); entry !== undefined; entry = earliest(due, at)) {
      due.delete(entry);
      now = entry.at > now ? entry.at : now;
      entry.run();
      await promisesSettle();
    }
    now = at;
  };

  return {
    now: () => now,
    after: (delayMs, run) => put((now + Math.max(0, delayMs)) as Instant, run),
    cron: (input) => startCron(input, now, put),
    advance: (ms) => advanceTo((now + ms) as Instant),
    advanceTo,
    waiting: () => due.size,
  };
}

type Put = (at: Instant, run: () => void) => () => void;

function startCron({ expression, timeZone, fire }: CronInput, now: Instant, put: Put): CronTask {
  const schedule = cronSchedule(expression, timeZone);
  let next = schedule.nextAfter(now);
  let cancel = (): void => undefined;
  const arm = (): void => {
    const at = next;
    if (at === null) return;
    cancel = put(at, () => {
      next = schedule.nextAfter(at);
      arm();
      fire(at);
    });
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

/** The first entry due by `at`; of two for one instant, the one that was set up first. */
function earliest(due: ReadonlySet<Due>, at: Instant): Due | undefined {
  let first: Due | undefined;
  for (const entry of due) {
    if (entry.at <= at && (first === undefined || entry.at < first.at)) first = entry;
  }
  return first;
}

/** A few turns of the event loop, so that chains of promises and ready I/O come to rest. */
async function promisesSettle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
