/** Work that is woken early in this process: bounded, batched, and never the only path to it. */
import type { BoxId, RentalId, ReportId, TxId } from '../domain/ids';
import { SECOND_MS, type Instant } from '../domain/time';
import { sleep, type Cancel, type Clock } from '../flows/clock';
import type { Log } from '../flows/log-port';
import type { Metrics } from '../flows/metrics-port';
import type { SettleInput } from '../flows/settlement/batch';
import type { BoxSeen } from '../flows/upkeep-ports';
import type { Wake } from '../flows/wake-port';

export interface WorkQueueDeps {
  readonly settle: (input: SettleInput) => Promise<unknown>;
  readonly resync: (id: RentalId) => Promise<unknown>;
  readonly noteSeen: (seen: readonly BoxSeen[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'queueLength' | 'queueDropped'>;
}

export interface WorkQueue extends Wake {
  /** Finishes what was accepted, or gives up after `withinMs`: the sweeps find the rest. */
  drain(withinMs: number): Promise<void>;
}

/** More than this waits in the database instead, where it is due anyway. */
const MOST_WAITING = 20_000;
const SETTLE_BATCH = 200;
const SETTLES_AT_ONCE = 2;
const RESYNCS_AT_ONCE = 4;
const SEEN_EVERY_MS = 10 * SECOND_MS;

export function createWorkQueue(deps: WorkQueueDeps): WorkQueue {
  const settles = new Lane<TxId | ReportId>(deps, {
    name: 'settle',
    batch: SETTLE_BATCH,
    atOnce: SETTLES_AT_ONCE,
    work: (ids) => deps.settle(subjectsOf(ids)),
  });
  const resyncs = new Lane<RentalId>(deps, {
    name: 'resync',
    batch: 1,
    atOnce: RESYNCS_AT_ONCE,
    work: async ([id]) => (id === undefined ? undefined : deps.resync(id)),
  });
  const sightings = new Sightings(deps);
  return {
    settle: ({ txIds = [], reportIds = [] }) => settles.add([...txIds, ...reportIds]),
    resync: (ids) => resyncs.add(ids),
    seen: ({ id, at, outbox }) => sightings.add({ id, at: at as Instant, outbox }),
    async drain(withinMs) {
      const over = new AbortController();
      const late = sleep(deps.clock, withinMs, over.signal);
      const done = Promise.all([settles.idle(), resyncs.idle(), sightings.flush()]);
      await Promise.race([done, late]);
      over.abort();
    },
  };
}

/** Reports are named by box and event, transactions by the provider: only the former hold a colon
 * behind our prefix. */
function subjectsOf(ids: readonly (TxId | ReportId)[]): SettleInput {
  const isReport = (id: string): boolean => /^box_\w+:[0-9a-f-]{36}$/.test(id);
  return {
    txIds: ids.filter((id): id is TxId => !isReport(id)),
    reportIds: ids.filter((id): id is ReportId => isReport(id)),
  };
}

interface LaneRules<Id> {
  readonly name: 'settle' | 'resync';
  readonly batch: number;
  readonly atOnce: number;
  readonly work: (ids: readonly Id[]) => Promise<unknown>;
}

/** Ids that wait, each once; whatever waits when a worker is free goes in one batch. */
class Lane<Id extends string> {
  private readonly waiting = new Set<Id>();
  private running = 0;
  private readonly idlers: (() => void)[] = [];

  constructor(
    private readonly deps: WorkQueueDeps,
    private readonly rules: LaneRules<Id>,
  ) {}

  add(ids: readonly Id[]): void {
    const room = Math.max(0, MOST_WAITING - this.waiting.size);
    for (const id of ids.slice(0, room)) this.waiting.add(id);
    if (ids.length > room) this.deps.metrics.queueDropped(this.rules.name, ids.length - room);
    this.deps.metrics.queueLength(this.rules.name, this.waiting.size);
    while (this.running < this.rules.atOnce && this.waiting.size > this.running) this.start();
  }

  idle(): Promise<void> {
    if (this.running === 0) return Promise.resolve();
    return new Promise((resolve) => this.idlers.push(resolve));
  }

  private start(): void {
    this.running += 1;
    void this.runAll().finally(() => {
      this.running -= 1;
      if (this.running === 0) for (const wake of this.idlers.splice(0)) wake();
    });
  }

  private async runAll(): Promise<void> {
    await Promise.resolve();
    while (this.waiting.size > 0) {
      const ids = [...this.waiting].slice(0, this.rules.batch);
      for (const id of ids) this.waiting.delete(id);
      this.deps.metrics.queueLength(this.rules.name, this.waiting.size);
      try {
        await this.rules.work(ids);
      } catch (error) {
        const { name } = this.rules;
        this.deps.log.warn('woken work left to the sweeps', {
          queue: name,
          count: ids.length,
          error,
        });
      }
    }
  }
}

/** The latest sighting of each box, written together now and then. */
class Sightings {
  private waiting = new Map<BoxId, BoxSeen>();
  private cancel: Cancel | null = null;

  constructor(private readonly deps: WorkQueueDeps) {}

  add(seen: BoxSeen): void {
    const before = this.waiting.get(seen.id);
    const outbox = seen.outbox ?? before?.outbox ?? null;
    this.waiting.set(seen.id, { ...seen, outbox });
    this.cancel ??= this.deps.clock.after(SEEN_EVERY_MS, () => void this.flush());
  }

  async flush(): Promise<void> {
    this.cancel?.();
    this.cancel = null;
    const rows = [...this.waiting.values()];
    if (rows.length === 0) return;
    this.waiting = new Map();
    try {
      await this.deps.noteSeen(rows);
    } catch (error) {
      this.deps.log.warn('box sightings not written', { count: rows.length, error });
    }
  }
}
