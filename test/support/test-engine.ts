/** The one database engine that all tests of this checkout share, in overlapping runs too. */
import { createHash } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mongo } from 'mongoose';
import type { Log } from '../../src/flows/ports/log-port';
import { realClock } from '../../src/jobs/real-clock';
import type { Engine } from '../../src/mongo/embedded/engine';
import { startEngine } from '../../src/mongo/embedded/start-engine';

/** Set by the caller, it names a database to use; else the setup fills it in. */
export const TEST_URI = 'TIERBRIDGE_TEST_MONGODB_URI';

/** Names of test databases: the time they were made in base 36, then chance. */
const TEST_DATABASE = /^tbtest_([0-9a-z]+)_[0-9a-f]+$/;

const ROOT = resolve(__dirname, '..', '..');
const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 4 * 1024 ** 3;
/** A test database that old belongs to a run that was killed. */
const ABANDONED_MS = 2 * 3_600_000;

declare global {
  /** The engine between Jest's setup and teardown, which share nothing else. */
  var tierbridgeTestEngine: Engine | undefined;
}

export async function startTestEngine(log: Log): Promise<Engine> {
  const checkout = createHash('sha256').update(ROOT).digest('hex').slice(0, 12);
  const engine = await startEngine({
    uri: process.env[TEST_URI] || null,
    dataDir: join(await dataRoot(), `tierbridge-test-${checkout}`),
    cacheDir: join(ROOT, '.cache'),
    mongodBinary: process.env['MONGOD_BINARY'] || null,
    log,
    clock: realClock,
    data: 'scratch',
  });
  await dropAbandoned(engine.uri);
  return engine;
}

/**
 * Memory where the system offers enough of it as a directory, since every write of every test waits
 * for the disk otherwise: what is there outlives processes, though not the machine.
 */
async function dataRoot(): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(MEMORY);
    return bavail * bsize >= ENOUGH_BYTES ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}

async function dropAbandoned(uri: string): Promise<void> {
  const client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: 5_000 });
  try {
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
    for (const { name } of databases) {
      const madeAt = Number.parseInt(TEST_DATABASE.exec(name)?.[1] ?? '', 36);
      if (Date.now() - madeAt > ABANDONED_MS) await client.db(name).dropDatabase();
    }
  } finally {
    await client.close();
  }
}
