/**
 * A grid, the real service in a process of its own, and the weather between them; the service's
 * clock is the grid's.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { startSimProvider, type SimProvider } from '../../scripts/sim-provider/server';
import type { Instant } from '../../src/domain/time';
import { realClock } from '../../src/jobs/real-clock';
import { createAdminClient, type AdminClient } from '../../scripts/rehearsal/admin-client';
import {
  endService,
  startService,
  type ServiceEnv,
  type ServiceLine,
  type ServiceProcess,
} from '../../scripts/rehearsal/service-process';
import { ADMIN_KEY, hastyEnv, PROVIDER_TOKEN } from '../../scripts/rehearsal/settings';
import { ownDatabase } from '../e2e/own-database';
import { scratchDir } from '../support/scratch';
import { startGrid, type GridProcess } from './grid-process';
import { createInWorld, type InWorld } from './in-world';
import { openSky, type Sky } from './weather';

/** What people write into a box; the grid knows where it leads. */
export const SERVICE_ADDRESS = 'https://tierbridge.example';

export interface ServiceInWorld {
  readonly world: InWorld;
  readonly sky: Sky;
  readonly admin: AdminClient;
  readonly sim: SimProvider;
  /** The running service's own address. */
  readonly serviceUrl: () => string;
  /** Ends the service: at once, or as it is told to. */
  endService(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** @param clockAheadS of the service's machine; 0: as the grid's. */
  startService(clockAheadS?: number): Promise<void>;
  /** What it has logged since it was started: the latest line of this fact. */
  said(fact: string): ServiceLine | undefined;
  close(): Promise<void>;
}

const HEARTBEAT_MS = 500;

export async function openServiceInWorld(seed: number): Promise<ServiceInWorld> {
  const grid = await startGrid({ seed, shard: 'Production' });
  const clock = movedClock(grid);
  const sim = await startSimProvider({
    ...{ host: '127.0.0.1', port: 0, token: PROVIDER_TOKEN, seed, heartbeatMs: HEARTBEAT_MS },
    clock: clock.port,
  });
  const folder = scratchDir();
  const env: ServiceEnv = {
    ...hastyEnv({
      providerUrl: sim.url,
      mongo: ownDatabase(),
      dataDir: folder,
    }),
    GRACE_HOURS: '72',
    BOX_HINTS: 'any',
    GRID_CLOCK_FILE: grid.clockFile,
    NODE_OPTIONS: `--require ${join(__dirname, 'moved-clock.cjs')}`,
  };
  let service: ServiceProcess = await startService(env, folder);
  const serviceUrl = (): string => service.url;
  const sky = await openSky(serviceUrl);
  const world = createInWorld(grid);
  await world.settings({ hosts: { [SERVICE_ADDRESS]: sky.url } });
  return {
    ...{ world, sky, sim, serviceUrl },
    admin: createAdminClient({ baseUrl: serviceUrl, key: ADMIN_KEY }),
    endService: async (signal) => void (await endService(service, signal)),
    async startService(clockAheadS = 0) {
      const skew = { GRID_CLOCK_SKEW_MS: String(clockAheadS * 1_000) };
      service = await startService({ ...env, ...skew }, folder);
    },
    said: (fact) => service.said(fact),
    async close() {
      if (service.isRunning()) await endService(service);
      await sky.close();
      await sim.close();
      await grid.end();
      clock.close();
    },
  };
}

/** The grid's time for a part of ours that runs in this process; its timers keep real time. */
function movedClock({ clockFile }: GridProcess) {
  const file = openSync(clockFile, 'r');
  const digits = Buffer.alloc(15);
  const now = (): Instant => {
    readSync(file, digits, 0, digits.length, 0);
    return (Date.now() + Number(digits.toString('ascii'))) as Instant;
  };
  return { port: { ...realClock, now }, close: () => closeSync(file) };
}
