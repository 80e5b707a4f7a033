/** A provider, a database and any number of follower processes on one clock. */
import type { TxId, UnitId } from '../../../src/domain/ids';
import { parseInstant } from '../../../src/domain/time';
import type { TransactionWord } from '../../../src/domain/payments/transaction';
import type { UnitWord } from '../../../src/domain/unit';
import { catchUp } from '../../../src/flows/upstream/catch-up';
import { sleep } from '../../../src/flows/ports/clock';
import type { Metrics } from '../../../src/flows/ports/metrics-port';
import { StorageUnavailable } from '../../../src/flows/ports/money-ports';
import type { StatusStream, StreamConnection } from '../../../src/flows/ports/provider-port';
import type { WordsInput } from '../../../src/flows/upstream/take-words';
import type {
  FollowerState,
  FollowerStore,
  LeaseStore,
} from '../../../src/flows/ports/upkeep-ports';
import { followStream } from '../../../src/jobs/follow-stream';
import type { Running } from '../../../src/jobs/lease-keeper';
import { nextReconnect } from '../../../src/provider/reconnect-policy';
import { createFakeAsideStore } from '../../support/fakes/aside-store';
import { createFakeFollowerStore } from '../../support/fakes/follower-store';
import { createFakeLeaseStore } from '../../support/fakes/lease-store';
import { FakeProvider } from '../../support/fakes/provider';
import { createManualClock, type ManualClock } from '../../support/manual-clock';
import { createProcessLife, type ProcessLife } from '../../support/process-life';
import { createRecordedLog, type RecordedLog } from '../../support/recorded-log';

/** A word as it was taken in, with the rank under which it was heard. */
export interface Kept<Word> {
  readonly word: Word;
  readonly streamRank: number;
}

export interface FollowerProcess {
  readonly life: ProcessLife;
  readonly job: Running;
  readonly log: RecordedLog;
  /** Links that it has open; none once it is dead, as the system closes them. */
  openLinks(): number;
}

export interface FollowWorld {
  readonly clock: ManualClock;
  readonly provider: FakeProvider;
  readonly asides: ReturnType<typeof createFakeAsideStore>;
  readonly follower: FollowerStore;
  /** What the flows were given, the highest word of each. */
  readonly transactions: ReadonlyMap<TxId, Kept<TransactionWord>>;
  readonly units: ReadonlyMap<UnitId, Kept<UnitWord>>;
  /** Every call of `takeWords`, in order. */
  readonly taken: readonly WordsInput[];
  /** Every place that was stored, in order. */
  readonly places: readonly FollowerState[];
  readonly told: readonly string[];
  database: 'up' | 'down';
  start(holder: string): FollowerProcess;
  /** Heartbeats each second, until the clock has been moved by `ms`. */
  live(ms: number): Promise<void>;
}

export const START = parseInstant('2026-02-19T16:57:00Z');

export interface FollowWorldOptions {
  readonly pageSize?: number;
  /** How long the database takes to store words. */
  readonly takeMs?: number;
  /** Is asked about each place just before it is stored. */
  readonly checkPlace?: (place: FollowerState) => void;
}

export function createFollowWorld(options: FollowWorldOptions = {}): FollowWorld {
  const clock = createManualClock(START);
  const provider = new FakeProvider({ now: clock.now, pageSize: options.pageSize ?? 500 });
  const asides = createFakeAsideStore();
  const told: string[] = [];
  const database = createDatabase(clock, options, () => world.database);
  const { follower, transactions, units, taken, places, stores } = database;
  const world: FollowWorld = {
    ...{ clock, provider, asides, follower, transactions, units, taken, places, told },
    database: 'up',
    start: (holder) => startProcess({ clock, provider, asides, ...stores, told }, holder),
    async live(ms) {
      for (let left = ms; left > 0; left -= 1_000) {
        provider.beat();
        await clock.advance(Math.min(left, 1_000));
      }
    },
  };
  return world;
}

/** Stores that several processes share; `stores` are those that can be away. */
function createDatabase(
  clock: ManualClock,
  { takeMs = 0, checkPlace = () => undefined }: FollowWorldOptions,
  state: () => FollowWorld['database'],
) {
  const follower = createFakeFollowerStore();
  const leases = createFakeLeaseStore(clock.now);
  const transactions = new Map<TxId, Kept<TransactionWord>>();
  const units = new Map<UnitId, Kept<UnitWord>>();
  const taken: WordsInput[] = [];
  const places: FollowerState[] = [];
  const check = (): void => {
    if (state() === 'down') throw new StorageUnavailable('The database is down.');
  };
  const write = async (place: FollowerState, fence: number): Promise<boolean> => {
    check();
    checkPlace(place);
    const written = await follower.write(place, fence);
    if (written) places.push(place);
    return written;
  };
  const take = async (input: WordsInput): Promise<void> => {
    if (takeMs > 0) await sleep(clock, takeMs);
    check();
    taken.push(input);
    const { streamRank } = input;
    for (const word of input.transactions) keep(transactions, word.txId, { word, streamRank });
    for (const word of input.units) keep(units, word.unitId, { word, streamRank });
  };
  const guardedLeases: LeaseStore = {
    take: async (...given) => (check(), leases.take(...given)),
    release: async (...given) => (check(), leases.release(...given)),
  };
  const guardedFollower: FollowerStore = { read: async () => (check(), follower.read()), write };
  const stores = { follower: guardedFollower, leases: guardedLeases, words: { take } };
  return { follower, transactions, units, taken, places, stores };
}

function startProcess(
  shared: {
    readonly clock: ManualClock;
    readonly provider: FakeProvider;
    readonly asides: FollowWorld['asides'];
    readonly follower: FollowerStore;
    readonly leases: LeaseStore;
    readonly words: { readonly take: (input: WordsInput) => Promise<void> };
    readonly told: string[];
  },
  holder: string,
): FollowerProcess {
  const life = createProcessLife(shared.clock);
  const log = createRecordedLog();
  const { clock } = life;
  const provider = life.guard(shared.provider.api);
  const asides = life.guard(shared.asides);
  const mint = { fraction: () => 0.5 };
  const links: StreamConnection[] = [];
  const stream: StatusStream = {
    connect: (cursor) => {
      const connection = shared.provider.stream.connect(cursor);
      links.push(connection);
      return connection;
    },
  };
  const words = life.guard(shared.words);
  const job = followStream(
    {
      ...{ clock, log, asides, provider, mint },
      leases: life.guard(shared.leases),
      follower: life.guard(shared.follower),
      stream,
      takeWords: (input) => words.take(input),
      catchUp: (input) => catchUp({ provider, asides, clock, log, mint }, input),
      reconnect: nextReconnect,
      metrics: tellingMetrics(holder, shared.told),
    },
    { holder },
  );
  const isOpen = (one: StreamConnection): boolean =>
    shared.provider.connections.some((link) => link === one && link.isOpen);
  const openLinks = (): number => (life.isDead() ? 0 : links.filter(isOpen).length);
  return { life, job, log, openLinks };
}

function tellingMetrics(holder: string, told: string[]): Metrics {
  const nothing = (): void => undefined;
  return {
    streamState: (state) => void told.push(`${holder} ${state}`),
    ...{ streamSignals: nothing, putAside: nothing, evidenceHorizon: nothing },
    ...{ catchUpEnded: nothing, sweepEnded: nothing, queueLength: nothing, queueDropped: nothing },
  };
}

/** A later rank outranks, and versions compare within one: as the stores do. */
function keep<Id, Word extends { readonly version: number }>(
  rows: Map<Id, Kept<Word>>,
  id: Id,
  next: Kept<Word>,
): void {
  const known = rows.get(id);
  const rises =
    known === undefined ||
    next.streamRank > known.streamRank ||
    (next.streamRank === known.streamRank && next.word.version >= known.word.version);
  if (rises) rows.set(id, next);
}
