/** One connection to the database with the promises that money needs; it holds no store. */
import mongoose, { type mongo } from 'mongoose';
import { sleep, type Clock } from '../flows/ports/clock';
import type { Log } from '../flows/ports/log-port';
import { databaseIn } from './address';

export interface ConnectInput {
  /** Holds credentials: never logged. Time-outs that it names itself are left as they are. */
  readonly uri: string;
  /** The database's name; else the one in the address's path, else `tierbridge`. */
  readonly database?: string;
  readonly log: Log;
  readonly clock: Clock;
}

export interface Database {
  readonly connection: mongoose.Connection;
  close(): Promise<void>;
  /** What the driver knows at this moment: a server that takes writes is there. Asks nobody. */
  isUp(): boolean;
  /** Asks the server; false when it does not answer within `timeoutMs`. Never throws. */
  ping(timeoutMs: number): Promise<boolean>;
}

/** Acknowledged means durable: on most members of a set, and in their journals. */
const WRITES = { w: 'majority', journal: true, wtimeoutMS: 4_000 } as const;
/** What is read has been decided and cannot be rolled back. */
const READS = { level: 'majority' } as const;

/**
 * A lost database shows as an error within 4 s. Refused connections cost the selection time. A
 * server that hangs is noticed by its heartbeat within about 1.4 s; what waits for it is then
 * tried once more, which may cost one handshake and the selection time.
 */
const PATIENCE = {
  serverSelectionTimeoutMS: 1_700,
  connectTimeoutMS: 900,
  heartbeatFrequencyMS: 500,
  waitQueueTimeoutMS: 3_000,
  /** No limit for slow work (an index over a million rows), but an end to every wait. */
  socketTimeoutMS: 120_000,
} as const;

const WRITABLE: ReadonlySet<string> = new Set([
  'RSPrimary',
  'Mongos',
  'Standalone',
  'LoadBalancer',
]);

/**
 * Connects once and afterwards recovers by itself, however long the database is away. Indexes and
 * collections are made by nobody but `indexes.ts`, and nothing is buffered while it is away.
 * @throws the driver's error when nothing answers now.
 */
export async function connectDatabase(input: ConnectInput): Promise<Database> {
  const { uri, log, clock } = input;
  const database = input.database ?? databaseIn(uri) ?? 'tierbridge';
  const connection = mongoose.createConnection(uri, {
    ...patienceBeside(uri),
    dbName: database,
    writeConcern: WRITES,
    readConcern: READS,
    readPreference: 'primary',
    retryWrites: true,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    appName: 'tierbridge',
  });
  connection.on('error', (error: unknown) => log.warn('database connection failed', { error }));
  try {
    await connection.asPromise();
  } catch (error) {
    await connection.destroy();
    throw error;
  }
  const client = connection.getClient();
  const isUp = watchServers(client, log);
  return {
    connection,
    close: () => connection.close(),
    isUp,
    ping: (timeoutMs) => ping(client, clock, timeoutMs),
  };
}

/** The connection's own state is no measure: it misses a server that hangs. */
function watchServers(client: mongo.MongoClient, log: Log): () => boolean {
  let up = true;
  client.on('topologyDescriptionChanged', ({ newDescription }) => {
    const types = [...newDescription.servers.values()].map(({ type }) => type);
    const wasUp = up;
    up = types.some((type) => WRITABLE.has(type));
    if (up && !wasUp) log.info('database is back');
    if (!up && wasUp) log.error('database is lost', { servers: types });
  });
  client.once('close', () => {
    up = false;
  });
  return () => up;
}

async function ping(client: mongo.MongoClient, clock: Clock, timeoutMs: number): Promise<boolean> {
  const over = new AbortController();
  const answered = client
    .db('admin')
    .command({ ping: 1 })
    .then(
      () => true,
      () => false,
    );
  const late = sleep(clock, timeoutMs, over.signal).then(() => false);
  const isAnswered = await Promise.race([answered, late]);
  over.abort();
  return isAnswered;
}

/** What the address itself says about patience wins: far-away clusters may need more. */
function patienceBeside(uri: string): Partial<typeof PATIENCE> {
  const named = new Set<string>();
  for (const [, name] of uri.matchAll(/[?&]([^=&]+)=/g)) named.add(String(name).toLowerCase());
  return Object.fromEntries(
    Object.entries(PATIENCE).filter(([name]) => !named.has(name.toLowerCase())),
  );
}
