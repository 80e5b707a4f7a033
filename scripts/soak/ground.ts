/** What a soak stands on: a folder, one engine, and a database for each estate; plays nothing. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import type { Log } from '../../src/flows/ports/log-port';
import { realClock } from '../../src/jobs/real-clock';
import { startEngine } from '../../src/mongo/embedded/start-engine';
import { killServices } from '../rehearsal/service-process';
import { databaseAt } from '../rehearsal/settings';

export interface Ground {
  /** Such as `secantusdb 0.6.0`. */
  readonly engine: string;
  /** A database and a folder of its own, both gone when `use` is over. */
  withPlace<Result>(name: string, use: (place: Place) => Promise<Result>): Promise<Result>;
  isClosing(): boolean;
  /** Ends whatever still runs, and leaves nothing behind. Repeated calls wait for the first. */
  close(): Promise<void>;
}

export interface Place {
  readonly mongo: string;
  readonly folder: string;
}

const CACHE = join(__dirname, '..', '..', '.cache');
const ANSWERS_WITHIN_MS = 5_000;

/** @param say what takes long, or goes wrong, as a line. */
export async function prepareGround(say: (text: string) => void): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), 'tierbridge-soak-'));
  mkdirSync(CACHE, { recursive: true });
  const engine = await startEngine({
    uri: process.env['MONGODB_URI'] || null,
    dataDir: join(folder, 'engine'),
    cacheDir: CACHE,
    mongodBinary: process.env['MONGOD_BINARY'] || null,
    log: linesOf(say),
    clock: realClock,
    data: 'scratch',
  }).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const databases = new Set<string>();
  let closing: Promise<void> | null = null;
  const drop = async (database: string): Promise<void> => {
    if (databases.delete(database)) await dropDatabase(database).catch(saying(say));
  };
  const close = async (): Promise<void> => {
    await killServices();
    for (const database of databases) await drop(database);
    await engine.stop();
    // An estate that was being opened may have started one meanwhile.
    await killServices();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    engine: `${engine.engine.kind} ${engine.engine.version}`,
    async withPlace(name, use) {
      const own = join(folder, name);
      mkdirSync(own);
      const database = databaseAt(engine.uri, `tbsoak_${Date.now().toString(36)}_${name}`);
      databases.add(database);
      try {
        return await use({ mongo: database, folder: own });
      } finally {
        rmSync(own, { recursive: true, force: true });
        await drop(database);
      }
    },
    isClosing: () => closing !== null,
    close: () => (closing ??= close()),
  };
}

const saying =
  (say: (text: string) => void) =>
  (error: unknown): void =>
    say(`Not tidied up: ${error instanceof Error ? error.message : String(error)}`);

async function dropDatabase(database: string): Promise<void> {
  const client = new mongo.MongoClient(database, {
    serverSelectionTimeoutMS: ANSWERS_WITHIN_MS,
    socketTimeoutMS: ANSWERS_WITHIN_MS,
  });
  try {
    await client.db().dropDatabase();
  } finally {
    await client.close();
  }
}

const linesOf = (say: (text: string) => void): Log => ({
  debug: () => undefined,
  info: (fact) => {
    if (/is being (installed|downloaded)/.test(fact)) say(`${fact} …`);
  },
  warn: () => undefined,
  error: (fact, fields) => say(`${fact} ${JSON.stringify(fields ?? {})}`),
});
