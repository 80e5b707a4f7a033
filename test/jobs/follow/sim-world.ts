/** An estate in memory that follows a provider over real sockets, in one or more processes. */
import type { SimControl } from '../../../scripts/sim-provider/simulator';
import { parseTxId } from '../../../src/domain/ids';
import type { Instant } from '../../../src/domain/time';
import { catchUp } from '../../../src/flows/upstream/catch-up';
import type { Clock } from '../../../src/flows/ports/clock';
import type { Metrics } from '../../../src/flows/ports/metrics-port';
import { takeWords } from '../../../src/flows/upstream/take-words';
import type { FollowerStore } from '../../../src/flows/ports/upkeep-ports';
import { followStream } from '../../../src/jobs/follow-stream';
import type { Running } from '../../../src/jobs/lease-keeper';
import { nextReconnect } from '../../../src/provider/reconnect-policy';
import { createProviderApi } from '../../../src/provider/rest-client';
import { createStatusStream } from '../../../src/provider/status-stream';
import { createFakeAsideStore } from '../../support/fakes/aside-store';
import { createFakeBreakStore } from '../../support/fakes/break-store';
import { createFakeEntryStore } from '../../support/fakes/entry-store';
import { createFakeFollowerStore } from '../../support/fakes/follower-store';
import { createFakeLeaseStore } from '../../support/fakes/lease-store';
import { createFakeRentalStore } from '../../support/fakes/rental-store';
import { createFakeReportStore } from '../../support/fakes/report-store';
import { createFakeTenancyStore } from '../../support/fakes/tenancy-store';
import { createFakeTransactionStore } from '../../support/fakes/transaction-store';
import { createFakeUnitStore } from '../../support/fakes/unit-store';
import { SETTINGS } from '../../support/estate';
import { noHints } from '../../support/no-hints';
import { createProcessLife, type ProcessLife } from '../../support/process-life';
import { createRecordedLog, type RecordedLog } from '../../support/recorded-log';

type Stores = ReturnType<typeof createStores>;

export interface SimWorld {
  readonly clock: Clock;
  readonly stores: Stores;
  readonly log: RecordedLog;
  start(holder: string): ProcessLife;
  asidesFrom(from: 'stream' | 'lookup'): number;
  /** What the horizon claimed, when it was stored, although it was not. */
  overclaimed(): string[];
  stop(): Promise<void>;
}

interface Given {
  readonly clock: Clock;
  readonly url: string;
  readonly token: string;
  readonly sim: SimControl;
}

export function openSimWorld(given: Given): SimWorld {
  const { clock } = given;
  const stores = createStores(clock);
  const log = createRecordedLog();
  const claims = new Set<string>();
  const jobs: { readonly life: ProcessLife; readonly job: Running }[] = [];
  const asides = { stream: 0, lookup: 0 };
  const follower = watched(stores, given.sim, claims);
  return {
    ...{ clock, stores, log },
    start(holder) {
      const life = createProcessLife(clock);
      const metrics = metricsOf((from, count) => void (asides[from] += count));
      const shared = { ...stores, follower };
      jobs.push({ life, job: follow(given, { stores: shared, life, log, metrics, holder }) });
      return life;
    },
    asidesFrom: (from) => asides[from],
    overclaimed: () => [...claims],
    async stop() {
      await Promise.all(jobs.filter(({ life }) => !life.isDead()).map(({ job }) => job.stop()));
    },
  };
}

function createStores(clock: Clock) {
  return {
    transactions: createFakeTransactionStore(),
    reports: createFakeReportStore(),
    entries: createFakeEntryStore(),
    tenancies: createFakeTenancyStore(),
    rentals: createFakeRentalStore(),
    breaks: createFakeBreakStore(),
    units: createFakeUnitStore(),
    asides: createFakeAsideStore(),
    follower: createFakeFollowerStore(),
    leases: createFakeLeaseStore(clock.now),
  };
}

function follow(
  { url, token }: Given,
  process: {
    readonly stores: Stores;
    readonly life: ProcessLife;
    readonly log: RecordedLog;
    readonly metrics: Metrics;
    readonly holder: string;
  },
): Running {
  const { stores, life, log, metrics, holder } = process;
  const { clock } = life;
  const mine = Object.fromEntries(
    Object.entries(stores).map(([name, store]) => [name, life.guard(store)]),
  ) as Stores;
  const wake = { settle: () => undefined, resync: () => undefined, seen: () => undefined };
  const provider = createProviderApi({ baseUrl: url, token, clock, log });
  const stream = createStatusStream({ baseUrl: url, token, clock, log });
  const mint = { fraction: Math.random };
  const deps = { ...mine, clock, log, settings: SETTINGS, wake, hints: noHints };
  return followStream(
    {
      ...{ ...mine, clock, log, provider, mint, metrics },
      // A process that was killed has no sockets: what it still holds here is not read.
      stream,
      takeWords: (words) => takeWords(deps, words),
      catchUp: (wanted) => catchUp({ provider, asides: mine.asides, clock, log, mint }, wanted),
      reconnect: nextReconnect,
    },
    { holder },
  );
}

/** Whenever the horizon is stored, everything before it must be in the store already. */
function watched(stores: Stores, sim: SimControl, claims: Set<string>): FollowerStore {
  const { follower, transactions } = stores;
  const check = (horizon: Instant): void => {
    const kept = new Map(transactions.all().map((tx) => [tx.txId, tx]));
    for (const { id, version, updatedAt } of sim.transactions()) {
      const known = kept.get(parseTxId(id))?.statements ?? [];
      const isStored = known.some((one) => one.version >= version);
      if (updatedAt < horizon && !isStored) claims.add(`${id} v${version}`);
    }
  };
  return {
    read: () => follower.read(),
    async write(place, fence) {
      if (place.horizon !== null) check(place.horizon);
      return follower.write(place, fence);
    },
  };
}

function metricsOf(putAside: Metrics['putAside']): Metrics {
  const nothing = (): void => undefined;
  return {
    ...{ streamState: nothing, streamSignals: nothing, putAside, evidenceHorizon: nothing },
    ...{ catchUpEnded: nothing, sweepEnded: nothing, queueLength: nothing, queueDropped: nothing },
  };
}
