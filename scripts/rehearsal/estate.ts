/** A whole estate: provider, service processes, parcels with boxes that sign; judges nothing. */
import { join } from 'node:path';
import { startSimProvider, type SimProvider } from '../sim-provider/server';
import { createAdminClient, type AdminClient } from './admin-client';
import { createRightful } from './rightful';
import { endService, startService, type ServiceEnv, type ServiceProcess } from './service-process';
import { settleEstate } from './settle-estate';
import { ADMIN_KEY, hastyEnv, PROVIDER_TOKEN } from './settings';
import { watchStandings, type StandingWatch } from './standing-watch';
import { createTenants, type Parcel, type Tenants, type Way } from './tenants';
import { until } from './until';

export interface EstateOptions {
  readonly seed: number;
  /**
   * Address of a database of its own; null: the service runs an engine in `folder`.
   */
  readonly mongo: string | null;
  /** Where its services run and keep what they keep; whoever has made it removes it. */
  readonly folder: string;
  /** How many parcels of each way. Default: 6 long, 2 on the brink, 1 vacant, none by itself. */
  readonly parcels?: Partial<Readonly<Record<Way, number>>>;
  /** How many processes share the database. Default 1. */
  readonly services?: number;
  readonly env?: ServiceEnv;
  /** Multiplies every wait of the boxes. Default 0.01: they poll each 3 s. */
  readonly retryScale?: number;
}

export interface Estate {
  readonly sim: SimProvider;
  readonly admin: AdminClient;
  readonly parcels: readonly Parcel[];
  readonly tenants: Tenants;
  readonly watch: StandingWatch;
  /** What its services are started with. */
  readonly env: ServiceEnv;
  /** The processes that run, in the order in which they were started. */
  services(): readonly ServiceProcess[];
  /** One more process on the same database. */
  addService(): Promise<ServiceProcess>;
  /** Event ids that boxes were told are stored. */
  acknowledged(): string[];
  /** @throws when a box still holds something after a minute. */
  boxesDrained(): Promise<void>;
  close(): Promise<void>;
}

const HEARTBEAT_MS = 500;
const DRAINS_WITHIN_MS = 60_000;
const PARCELS: Readonly<Record<Way, number>> = { long: 6, brink: 2, vacant: 1, 'by-itself': 0 };

export async function openEstate(options: EstateOptions): Promise<Estate> {
  const { seed, mongo, folder } = options;
  const sim = await startSimProvider({
    ...{ host: '127.0.0.1', port: 0, token: PROVIDER_TOKEN, seed, heartbeatMs: HEARTBEAT_MS },
  });
  const dataDir = join(folder, 'data');
  const env = { ...hastyEnv({ providerUrl: sim.url, mongo, dataDir }), ...options.env };
  const processes = createProcesses(env, folder);
  for (let n = 0; n < (options.services ?? 1); n += 1) await processes.add();
  const admin = createAdminClient({ baseUrl: processes.nextUrl, key: ADMIN_KEY });
  const openings = new Map<string, number>();
  const parcels = await settleEstate({
    ...{ seed, sim: sim.control, admin, openings, fetch: processes.fetch },
    count: { ...PARCELS, ...options.parcels },
    retryScale: options.retryScale ?? 0.01,
  });
  const rightful = createRightful({
    payments: () => sim.control.payments(),
    openings,
    isReversed: (txId) => sim.control.transaction(txId)?.state === 'reversed',
  });
  const watch = watchStandings({ admin, boxes: parcels, rightful });
  return {
    ...{ sim, admin, parcels, watch, env },
    tenants: createTenants({ seed, sim: sim.control, parcels }),
    services: processes.running,
    addService: processes.add,
    acknowledged: () => parcels.flatMap(({ box }) => box.state().acknowledged),
    boxesDrained: () => drained(parcels),
    async close() {
      await Promise.all(parcels.map(({ box }) => box.stop()));
      await watch.stop();
      await Promise.all(processes.running().map((service) => endService(service)));
      await sim.close();
    },
  };
}

/** Callers reach the processes that run each in its turn, as behind a proxy. */
function createProcesses(env: ServiceEnv, folder: string) {
  const started: ServiceProcess[] = [];
  let turn = 0;
  const running = (): ServiceProcess[] => started.filter((service) => service.isRunning());
  const nextUrl = (): string => {
    const open = running();
    const service = open[(turn += 1) % open.length] ?? started.at(-1);
    if (service === undefined) throw new Error('No service was ever started.');
    return service.url;
  };
  const through: typeof fetch = (asked, init) => {
    const { pathname } = new URL(asked instanceof Request ? asked.url : asked);
    return fetch(new URL(pathname, nextUrl()), init);
  };
  return {
    running,
    nextUrl,
    fetch: through,
    async add() {
      const service = await startService(env, folder);
      started.push(service);
      return service;
    },
  };
}

async function drained(parcels: readonly Parcel[]): Promise<void> {
  const waiting = (): Parcel[] => parcels.filter(({ box }) => box.state().outbox > 0);
  await until('every outbox is empty', () => waiting().length === 0, DRAINS_WITHIN_MS).catch(
    (error: unknown) => {
      const states = waiting().map(({ box }) => JSON.stringify(box.state()));
      throw new Error(`Boxes still hold something:\n${states.join('\n')}`, { cause: error });
    },
  );
}
