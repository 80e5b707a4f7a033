/** Processes that keep the schedule of sweeps on one database, and flows that a test can lead. */
import { newSweep, type Sweep, type SweepKind } from '../../src/domain/sweep';
import { parseInstant, type Instant } from '../../src/domain/time';
import { sleep } from '../../src/flows/ports/clock';
import { StorageUnavailable } from '../../src/flows/ports/money-ports';
import type { RunSweep, SweepEnd, SweepRun } from '../../src/flows/ports/sweep-port';
import type { LeaseStore, SweepStore } from '../../src/flows/ports/upkeep-ports';
import { startSchedule, type Schedule } from '../../src/jobs/schedule';
import { createFakeLeaseStore } from '../support/fakes/lease-store';
import { createFakeSweepStore } from '../support/fakes/sweep-store';
import { createManualClock, type ManualClock } from '../support/manual-clock';
import { createProcessLife, type ProcessLife } from '../support/process-life';
import { createRecordedLog, type RecordedLog } from '../support/recorded-log';

/** One run as a flow was asked to make it. */
export interface MadeRun {
  readonly process: string;
  readonly id: string;
  readonly cursor: string | null;
  readonly fence: number;
  readonly at: Instant;
}

export interface SweepProcess {
  readonly life: ProcessLife;
  readonly schedule: Schedule;
  readonly log: RecordedLog;
}

export interface ScheduleWorld {
  readonly clock: ManualClock;
  readonly sweeps: SweepStore;
  readonly runs: MadeRun[];
  /** How long a run takes, and what it comes to. */
  runMs: number;
  comesTo: SweepEnd | 'throws' | 'hangs';
  database: 'up' | 'down';
  start(name: string, crons?: Partial<Record<SweepKind, string>>): SweepProcess;
  ids(kind?: SweepKind): string[];
}

/** 04:00 in the zone of the grid. */
export const NIGHT = parseInstant('2026-02-19T12:00:00Z');
export const NIGHTLY = '30 4 * * *';

export function createScheduleWorld(): ScheduleWorld {
  const clock = createManualClock(NIGHT);
  const leases = createFakeLeaseStore(clock.now);
  const sweeps = createFakeSweepStore();
  const runs: MadeRun[] = [];
  const checked = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        if (world.database === 'down') throw new StorageUnavailable('The database is down.');
        const value: unknown = Reflect.get(target, name);
        return value;
      },
    });
  const world: ScheduleWorld = {
    ...{ clock, sweeps, runs, runMs: 0, comesTo: 'complete', database: 'up' },
    start: (name, crons) =>
      startProcess(world, { leases: checked(leases), sweeps: checked(sweeps) }, { name, crons }),
    ids: (kind) =>
      runs.map(({ id }) => id).filter((id) => kind === undefined || id.startsWith(kind)),
  };
  return world;
}

function startProcess(
  world: ScheduleWorld,
  stores: { readonly leases: LeaseStore; readonly sweeps: SweepStore },
  given: {
    readonly name: string;
    readonly crons: Partial<Record<SweepKind, string>> | undefined;
  },
): SweepProcess {
  const { name, crons = { settle: '* * * * *', resync: NIGHTLY } } = given;
  const life = createProcessLife(world.clock);
  const log = createRecordedLog();
  const sweeps = life.guard(stores.sweeps);
  const run: RunSweep = (asked) => makeRun(world, { name, life, sweeps }, asked);
  const jobs = Object.entries(crons).map(([kind, expression]) => {
    return { kind: kind as SweepKind, expression, run };
  });
  const schedule = startSchedule(
    {
      ...{ clock: life.clock, log, sweeps },
      leases: life.guard(stores.leases),
      metrics: { sweepEnded: () => undefined },
    },
    { jobs, timeZone: 'America/Los_Angeles', holder: name },
  );
  return { life, schedule, log };
}

/** As a sweep's flow does: notes where it is, then ends its own record. */
async function makeRun(
  world: ScheduleWorld,
  by: { readonly name: string; readonly life: ProcessLife; readonly sweeps: SweepStore },
  { sweep, fence, signal }: SweepRun,
): Promise<SweepEnd> {
  const { id, cursor } = sweep;
  world.runs.push({ process: by.name, id, cursor, fence, at: world.clock.now() });
  if (world.comesTo === 'throws') throw new Error('A fault of ours.');
  if (world.comesTo === 'hangs') await new Promise(() => undefined);
  if (!(await by.sweeps.progress(id, fence, { cursor: 'half-way' }))) return 'lost';
  await sleep(by.life.clock, world.runMs, signal);
  const end = signal.aborted ? 'incomplete' : world.comesTo;
  const finishedAt = end === 'incomplete' ? null : world.clock.now();
  if (end === 'lost' || end === 'hangs') return 'lost';
  const written = await by.sweeps.progress(id, fence, { status: end, finishedAt });
  return written ? end : 'lost';
}

export function aSweep(id: string, change: Partial<Sweep> = {}): Sweep {
  const begun = { id: id as Sweep['id'], author: 'night desk', startedAt: NIGHT };
  return newSweep({ ...begun, kind: 'resync', dryRun: true, ...change });
}
