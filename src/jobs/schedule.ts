/** The cron table of sweeps: wakes each kind when it is due; what it does, its flow decides. */
import type { SweepKind } from '../domain/sweep';
import { MINUTE_MS } from '../domain/time';
import type { Cancel } from '../flows/ports/clock';
import type { RunSweep } from '../flows/ports/sweep-port';
import { cronSchedule } from './cron-schedule';
import { endsWithin } from './ends-within';
import type { Running } from './lease-keeper';
import { SweepKeeper, type MissedFires, type SweepDeps } from './sweeps/sweep-keeper';

export interface ScheduledSweep {
  readonly kind: SweepKind;
  /** Cron, five fields or six with seconds first. */
  readonly expression: string;
  readonly run: RunSweep;
}

export interface Schedule extends Running {
  /** Looks for runs that a person asked for, without waiting for the minute. */
  wake(): void;
}

/** Of fires that fall due while their kind still runs; one that nobody ran is made up for. */
const WHILE_RUNNING: Readonly<Record<SweepKind, MissedFires>> = {
  settle: 'pass-over',
  resync: 'run-once-after',
};

/** How often fires that were missed, and runs that were left, are looked for. */
const LOOK_MS = MINUTE_MS;
const STOPS_WITHIN_MS = 5_000;

/**
 * At most one run of a kind at a time, and one for each fire, in however many processes: a fire is
 * claimed in the database, under the kind's lease.
 *
 * @param holder unique among processes.
 * @throws Error that names the fault of an expression.
 */
export function startSchedule(
  deps: SweepDeps,
  table: {
    readonly jobs: readonly ScheduledSweep[];
    /** IANA name, in which the expressions are read. */
    readonly timeZone: string;
    readonly holder: string;
  },
): Schedule {
  const { clock, log } = deps;
  const { timeZone, holder } = table;
  const stopping = new AbortController();
  const keepers = table.jobs.map(({ kind, expression, run }) => {
    const fires = cronSchedule(expression, timeZone);
    const job = { kind, run, fires, missed: WHILE_RUNNING[kind], holder };
    return new SweepKeeper(deps, job, stopping.signal);
  });
  const wake = (): void => keepers.forEach((keeper) => keeper.look());
  const crons = table.jobs.map(({ kind, expression }, i) =>
    clock.cron({ name: kind, expression, timeZone, fire: () => keepers[i]?.look() }),
  );
  let cancel: Cancel = () => undefined;
  const glance = (): void => {
    cancel = clock.after(LOOK_MS, glance);
    wake();
  };
  glance();
  return {
    wake,
    async stop() {
      cancel();
      for (const cron of crons) cron.stop();
      stopping.abort(new Error('The schedule is being stopped.'));
      const ended = Promise.all(keepers.map((keeper) => keeper.ended()));
      if ((await endsWithin(clock, ended, STOPS_WITHIN_MS)) === 'ended') return;
      log.warn('sweeps not stopped in time: they are resumed elsewhere');
    },
  };
}
