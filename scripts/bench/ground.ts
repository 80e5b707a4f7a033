/**
 * What every figure stands on: an engine with data of its own, built programs, and a way to clean
 * up.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../src/flows/ports/log-port';
import { realClock } from '../../src/jobs/real-clock';
import { connectDatabase, type Database } from '../../src/mongo/connection';
import { makeHelperIndexes } from '../../src/mongo/embedded/helper-indexes';
import type { Engine } from '../../src/mongo/embedded/engine';
import { startEngine } from '../../src/mongo/embedded/start-engine';
import { ensureIndexes } from '../../src/mongo/indexes';
import { createStores, type Stores } from '../../src/compose/stores';
import { buildPrograms } from './build';
import { startProgram, type Program, type ProgramName } from './program';
import type { Calls } from './programs/serve-parent';

export interface Ground {
  readonly engine: Engine;
  readonly secretKey: Buffer;
  /** An empty database with the service's indexes; dropped with the ground. */
  openDatabase(): Promise<GroundDatabase>;
  /** Stopped with the ground, unless before. */
  start<Known extends Calls>(name: ProgramName): Program<Known>;
  /** Says how it goes, on standard error. */
  note(text: string): void;
  close(): Promise<void>;
}

export interface GroundDatabase extends Database {
  readonly name: string;
  readonly uri: string;
  readonly stores: Stores;
  drop(): Promise<void>;
}

const ROOT = join(__dirname, '..', '..');

export const note = (text: string): void => void process.stderr.write(`${text}\n`);

const quiet = (): void => undefined;
const warnings: Log = {
  debug: quiet,
  info: quiet,
  warn: (fact) => note(`  ${fact}`),
  error: (fact, fields) => note(`  ${fact} ${JSON.stringify(fields ?? {})}`),
};

/**
 * The data lies on the disk, whatever else the machine offers: durable writes are what is measured.
 */
export async function prepareGround(): Promise<Ground> {
  const scratch = mkdtempSync(join(tmpdir(), 'tierbridge-bench-'));
  const cacheDir = join(ROOT, '.cache');
  mkdirSync(cacheDir, { recursive: true });
  const built = mkdtempSync(join(cacheDir, 'bench-'));
  const undo: (() => Promise<unknown>)[] = [
    async () => rmSync(scratch, { recursive: true, force: true }),
    async () => rmSync(built, { recursive: true, force: true }),
  ];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step().catch((error) => note(String(error)));
  };
  try {
    note('compiling the programs');
    buildPrograms(built);
    note('starting the database engine');
    const engine = await startEngine({
      uri: process.env['MONGODB_URI'] || null,
      dataDir: join(scratch, 'data'),
      cacheDir,
      mongodBinary: process.env['MONGOD_BINARY'] || null,
      log: warnings,
      clock: realClock,
      data: 'scratch',
    });
    undo.push(() => engine.stop());
    return groundOn({ engine, built, scratch, undo, close });
  } catch (error) {
    await close();
    throw error;
  }
}

function groundOn(parts: {
  readonly engine: Engine;
  readonly built: string;
  readonly scratch: string;
  readonly undo: (() => Promise<unknown>)[];
  readonly close: () => Promise<void>;
}): Ground {
  const { engine, built, scratch, undo, close } = parts;
  const secretKey = randomBytes(32);
  return {
    engine,
    secretKey,
    note,
    close,
    async openDatabase() {
      const opened = await openDatabase(engine, secretKey);
      undo.push(() => opened.drop());
      return opened;
    },
    start<Known extends Calls>(name: ProgramName) {
      const program = startProgram<Known>(name, { built, logs: scratch });
      undo.push(() => program.stop());
      return program;
    },
  };
}

async function openDatabase(engine: Engine, secretKey: Buffer): Promise<GroundDatabase> {
  const name = `tbbench_${Date.now().toString(36)}_${randomBytes(3).toString('hex')}`;
  const { uri } = engine;
  const database = await connectDatabase({ uri, database: name, log: warnings, clock: realClock });
  const { connection } = database;
  await ensureIndexes(connection);
  await makeHelperIndexes(connection, engine.engine);
  let dropped: Promise<void> | null = null;
  const drop = async (): Promise<void> => {
    await connection.dropDatabase();
    await database.close();
  };
  return {
    ...database,
    name,
    uri,
    stores: createStores(connection, [secretKey], { log: warnings, clock: realClock }),
    drop: () => (dropped ??= drop()),
  };
}
