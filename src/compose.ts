/** The only wiring: what the service is made of, in the order in which it starts and stops. */
import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { createDoors } from './compose/doors';
import { createPorts } from './compose/ports';
import { createStores } from './compose/stores';
import { startJobs } from './compose/jobs';
import type { Config } from './config';
import { bootstrapKey, type GivenKey } from './flows/access/bootstrap-key';
import type { Clock } from './flows/ports/clock';
import type { Log } from './flows/ports/log-port';
import { keyedSha256 } from './http/keyed-sha256';
import { listen, type HttpServer } from './http/listen';
import { createMetrics } from './http/metrics';
import { startMetricsServer } from './http/metrics-server';
import { realClock } from './jobs/real-clock';
import { connectDatabase, type Database } from './mongo/connection';
import { makeHelperIndexes } from './mongo/embedded/helper-indexes';
import { startEngine } from './mongo/embedded/start-engine';
import type { Engine } from './mongo/embedded/engine';
import { ensureIndexes } from './mongo/indexes';

export interface Service {
  readonly http: Pick<HttpServer, 'host' | 'port'>;
  readonly metrics: Pick<HttpServer, 'host' | 'port'>;
  readonly engine: Engine['engine'];
  /** Finishes what was accepted, within 10 s; idempotent. */
  stop(): Promise<void>;
}

export interface Surroundings {
  readonly log: Log;
  /** Every now and every timer; the machine's own unless a test or replay hands in another. */
  readonly clock?: Clock;
  /** Name of the database; `tierbridge` unless several services share one engine in tests. */
  readonly database?: string;
  /** Where programs are kept that had to be got. */
  readonly cacheDir?: string;
}

/** There is no key for the admin API in the database, and none in the environment. */
export class NoAdminKey extends Error {
  override readonly name = 'NoAdminKey';
}

const HTTP_CLOSES_WITHIN_MS = 5_000;
const DRAINS_WITHIN_MS = 3_000;

/** @throws EngineFault, NoAdminKey, or what the system says when it cannot listen or connect. */
export async function compose(config: Config, given: Surroundings): Promise<Service> {
  const { log, clock = realClock } = given;
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) {
      await step().catch((error: unknown) => log.error('stopping failed half-way', { error }));
    }
  };
  try {
    const engine = await startEngine({
      uri: config.mongo.uri?.reveal() ?? null,
      dataDir: config.mongo.dataDir,
      cacheDir: given.cacheDir ?? '.cache',
      mongodBinary: config.mongo.mongodBinary,
      log,
      clock,
    });
    undo.push(() => engine.stop());
    log.info('database engine', { ...engine.engine });
    const { uri } = engine;
    const name = given.database === undefined ? {} : { database: given.database };
    const database = await connectDatabase({ uri, ...name, log, clock });
    undo.push(() => database.close());
    await prepare(database, engine, log);
    const running = await startService({ config, database, engine, log, clock, undo });
    return { ...running, engine: engine.engine, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepare(database: Database, engine: Engine, log: Log): Promise<void> {
  const { connection } = database;
  const { made, remade, unknown } = await ensureIndexes(connection);
  await makeHelperIndexes(connection, engine.engine);
  if (made.length + remade.length + unknown.length > 0) {
    log.info('indexes compared', { made: made.length, remade, unknown });
  }
}

async function startService(parts: {
  readonly config: Config;
  readonly database: Database;
  readonly engine: Engine;
  readonly log: Log;
  readonly clock: Clock;
  readonly undo: (() => Promise<unknown>)[];
}) {
  const { config, database, engine, log, clock, undo } = parts;
  const stores = createStores(database.connection, config.secretKeys.reveal(), { log, clock });
  const numbers = new Registry();
  const metrics = createMetrics(numbers, {
    payments: () => stores.payments.summary(),
    breaksOpen: () => stores.breaks.countOpen(),
    asides: () => stores.asides.count(),
    foreignTransactions: () => stores.transactions.countForeign(),
    horizon: async () => (await stores.follower.read()).horizon,
    now: clock.now,
    log,
  });
  let wakeSweeps = (): void => undefined;
  const wake = (): void => wakeSweeps();
  const { ports, queue } = createPorts({ config, stores, clock, log, metrics, wakeSweeps: wake });
  await requireKey(config, ports);
  const answers = { engine: engineText(engine), ping: database.ping };
  const app = createDoors({ config, ports, metrics, database: answers });
  const measured = await startMetricsServer({ registry: numbers, ...config.metrics, clock, log });
  undo.push(() => measured.close(HTTP_CLOSES_WITHIN_MS));
  const jobs = startJobs({ config, ports, metrics, holder: randomUUID() });
  wakeSweeps = jobs.wakeSweeps;
  undo.push(() => queue.drain(DRAINS_WITHIN_MS));
  undo.push(() => jobs.stop());
  const http = await listen({ app, ...config.http, clock, log });
  undo.push(() => http.close(HTTP_CLOSES_WITHIN_MS));
  log.info('listening', { http: addressOf(http), metrics: addressOf(measured) });
  return { http, metrics: measured };
}

async function requireKey(
  config: Config,
  ports: Parameters<typeof bootstrapKey>[0] & { readonly log: Log },
): Promise<void> {
  const outcome = await bootstrapKey(ports, givenKey(config));
  switch (outcome.kind) {
    case 'missing':
      throw new NoAdminKey(
        'The service cannot start: ADMIN_KEY is needed at the first start, to be its owner key.',
      );
    case 'revoked':
      ports.log.warn('ADMIN_KEY was revoked and stays so; remove it from the environment');
      return;
    case 'added':
      ports.log.info('owner key added', { keyId: outcome.keyId });
      return;
    case 'known':
      return;
  }
}

/** Marked with what nobody has who holds the log and the database alone. */
function givenKey({ adminKey, secretKeys }: Config): GivenKey | null {
  if (adminKey === null) return null;
  const text = adminKey.reveal();
  return { text, mark: keyedSha256(secretKeys.reveal()[0]!, 'admin key', text) };
}

const addressOf = ({ host, port }: Pick<HttpServer, 'host' | 'port'>): string => `${host}:${port}`;

function engineText({ engine }: Engine): string {
  const { kind, version, note } = engine;
  return [kind, version, note === null ? '' : `(${note})`].filter(Boolean).join(' ');
}
