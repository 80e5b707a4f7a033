/**
 * Wakes work early in this process: bounded, in memory, and never the only path. What fails, or is
 * dropped because too much waits, the sweeps find.
 */
import type { BoxId, RentalId, ReportId, TxId } from '../domain/ids';
import type { Clock } from '../flows/ports/clock';
import type { Hints } from '../flows/ports/hints-port';
import type { Log } from '../flows/ports/log-port';
import type { Metrics } from '../flows/ports/metrics-port';
import type { BoxSeen } from '../flows/ports/upkeep-ports';
import type { Wake } from '../flows/ports/wake-port';
import { endsWithin } from './ends-within';
import { SeenBoxes } from './queue/seen-boxes';
import { WorkLane } from './queue/work-lane';

export interface WorkQueueDeps {
  readonly settle: (work: SettleWork) => Promise<unknown>;
  readonly resync: (id: RentalId) => Promise<unknown>;
  /** At most 200 at once. */
  readonly hint: (ids: readonly BoxId[]) => Promise<unknown>;
  /** At most 1,000 at once. */
  readonly noteSeen: (seen: readonly BoxSeen[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'queueLength' | 'queueDropped'>;
}

export interface SettleWork {
  readonly txIds: readonly TxId[];
  readonly reportIds: readonly ReportId[];
}

export interface WorkQueue extends Wake, Hints {
  /**
   * Finishes what was accepted, within `withinMs`; nothing is accepted any more. What is left then
   * stays due in the database.
   */
  drain(withinMs: number): Promise<void>;
}

const MOST_SETTLE = 10_000;
const MOST_RESYNC = 1_000;
const SETTLE_AT_ONCE = 1_000;
const MOST_HINTS = 10_000;
const HINTS_AT_ONCE = 200;
/** One that waits long does not hold up the rest. */
const SETTLE_RUNS = 2;
/** Boxes give up waiting for their answers long before anybody asks what came of a payment. */
const SETTLE_REST = { times: 3, mostMs: 5_000 } as const;
/** Half of what the provider's client lets through: sweeps and look-ups get on beside a reset. */
const RESYNC_RUNS = 4;

type Subject =
  { readonly kind: 'tx'; readonly id: TxId } | { readonly kind: 'report'; readonly id: ReportId };

export function createWorkQueue(deps: WorkQueueDeps): WorkQueue {
  const { clock, log } = deps;
  const settles = new WorkLane<Subject>(deps, {
    ...{ name: 'settle', most: MOST_SETTLE, atOnce: SETTLE_AT_ONCE, runs: SETTLE_RUNS },
    rest: SETTLE_REST,
    keyOf: ({ kind, id }) => `${kind}:${id}`,
    work: (subjects) => deps.settle(workOf(subjects)),
  });
  const resyncs = new WorkLane<RentalId>(deps, {
    ...{ name: 'resync', most: MOST_RESYNC, atOnce: 1, runs: RESYNC_RUNS },
    keyOf: (id) => id,
    work: async (ids) => {
      for (const id of ids) await deps.resync(id);
    },
  });
  const hints = new WorkLane<BoxId>(deps, {
    ...{ name: 'hint', most: MOST_HINTS, atOnce: HINTS_AT_ONCE, runs: 1 },
    keyOf: (id) => id,
    work: (ids) => deps.hint(ids),
  });
  const seen = new SeenBoxes(deps);
  return {
    settle({ txIds = [], reportIds = [] }) {
      settles.add([
        ...txIds.map((id) => ({ kind: 'tx' as const, id })),
        ...reportIds.map((id) => ({ kind: 'report' as const, id })),
      ]);
    },
    resync: (ids) => resyncs.add(ids),
    hint: (ids) => hints.add(ids),
    seen: (box: { readonly id: BoxId; readonly at: number; readonly outbox: number | null }) =>
      seen.add(box),
    async drain(withinMs) {
      const done = Promise.all([settles.close(), resyncs.close(), seen.close()]);
      if ((await endsWithin(clock, done, withinMs)) === 'ended') return;
      const left = settles.length + resyncs.length;
      log.warn('work left to the sweeps of the next start', { left });
    },
  };
}

function workOf(subjects: readonly Subject[]): SettleWork {
  return {
    txIds: subjects.flatMap((one) => (one.kind === 'tx' ? [one.id] : [])),
    reportIds: subjects.flatMap((one) => (one.kind === 'report' ? [one.id] : [])),
  };
}
