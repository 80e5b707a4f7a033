/** Engines of their own for the tests of the engine itself; other tests share one. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { mongo } from 'mongoose';
import { realClock } from '../../src/jobs/real-clock';
import type { Engine, EngineProgram } from '../../src/mongo/embedded/engine';
import { installSecantusDb } from '../../src/mongo/embedded/programs/install-secantusdb';
import { startEngine, type EngineInput } from '../../src/mongo/embedded/start-engine';
import { recordingLog, type LogLine } from './quiet-log';
import { scratchDir, scratchProgram } from './scratch';
import { until } from '../../scripts/rehearsal/until';

const ROOT = resolve(__dirname, '..', '..');
const CACHE = join(ROOT, '.cache');

export interface TestEngine extends Engine {
  readonly lines: readonly LogLine[];
}

const running: Engine[] = [];

/** SecantusDB, as the setup of all tests or an earlier test has installed it. */
export const secantusDb = (): Promise<EngineProgram> =>
  installSecantusDb({ clock: realClock, log: recordingLog([]) }, CACHE);

/** An engine on `dataDir`, whatever else this machine offers. */
export async function startOn(
  dataDir: string,
  changes: Partial<EngineInput> = {},
): Promise<TestEngine> {
  const lines: LogLine[] = [];
  const engine = await startEngine({
    uri: null,
    dataDir,
    cacheDir: CACHE,
    mongodBinary: null,
    log: recordingLog(lines),
    clock: realClock,
    timeouts: { lookMs: 50 },
    choose: secantusDb,
    ...changes,
  });
  running.push(engine);
  return { ...engine, lines };
}

/** As `startOn`, with the engine at an address that clients know from before. */
export async function startOnPort(dataDir: string, port: number): Promise<TestEngine> {
  const { path } = await secantusDb();
  const place = scratchDir();
  const program = scratchProgram(place, 'engine', 'shift 2', `exec '${path}' --port ${port} "$@"`);
  const choose = () =>
    Promise.resolve({ kind: 'secantusdb' as const, path: program, version: 'test' });
  return startOn(dataDir, { choose });
}

/** Call it in `afterEach`, before the directories go. */
export async function stopEngines(): Promise<void> {
  for (const engine of running.splice(0)) await engine.stop();
}

/** The pid that `engine.json` names, or null. */
export function enginePid(dataDir: string): number | null {
  const record: unknown = JSON.parse(readFileSync(join(dataDir, 'engine.json'), 'utf8'));
  if (typeof record !== 'object' || record === null || !('process' in record)) return null;
  const { process } = record;
  if (typeof process !== 'object' || process === null || !('pid' in process)) return null;
  return typeof process.pid === 'number' ? process.pid : null;
}

export async function withClient<T>(
  uri: string,
  work: (things: mongo.Collection<{ _id: string }>) => Promise<T>,
): Promise<T> {
  const client = new mongo.MongoClient(uri, {
    serverSelectionTimeoutMS: 10_000,
    writeConcern: { w: 'majority', journal: true },
  });
  try {
    return await work(client.db('engine').collection('things'));
  } finally {
    await client.close();
  }
}

export interface Owner {
  readonly child: ChildProcess;
  readonly printed: () => string;
}

/**
 * Another process that starts an engine on `dataDir`, prints `up` and waits; at SIGINT it writes
 * one more thing, stops the engine, prints what it has logged and ends. It leads a process group,
 * as a command in a terminal does.
 */
export async function startOwner(dataDir: string): Promise<Owner> {
  const script = `
    const { startOn, stopEngines, withClient } = require(${JSON.stringify(__filename)});
    process.on('SIGINT', async () => {
      await withClient(engine.uri, (things) => things.insertOne({ _id: 'after SIGINT' }));
      await stopEngines();
      process.stdout.write(engine.lines.map(({ fact }) => fact).join(', '));
      process.exit(0);
    });
    let engine;
    startOn(${JSON.stringify(dataDir)}).then((started) => {
      engine = started;
      process.stdout.write('up ');
      setInterval(() => {}, 1000);
    });`;
  const child = spawn(process.execPath, ['--require', require.resolve('tsx/cjs'), '-e', script], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await until('the other process has an engine', () => printed.startsWith('up '), 25_000);
  return { child, printed: () => printed };
}
