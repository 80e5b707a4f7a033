/** Where the database comes from: MONGODB_URI, or an engine that this service runs itself. */
import type { Clock } from '../../flows/ports/clock';
import type { Log } from '../../flows/ports/log-port';
import { askEngine } from './ask-engine';
import { chooseProgram } from './programs/choose-program';
import {
  heldKind,
  openDataPlaces,
  readRecord,
  removeData,
  writeRecord,
  type DataPlaces,
} from './data-places';
import {
  ENGINE_TIMEOUTS,
  EngineFault,
  engineInfo,
  type Engine,
  type EngineProgram,
  type EngineTimeouts,
  type Surroundings,
} from './engine';
import { engineCommand } from './engine-commands';
import { countUsers, joinEngine, type Use } from './engine-users';
import { underLock, type LockInput } from './processes/file-lock';
import { findRunning } from './find-running';
import { keepEngineUp, type Watch } from './keep-engine-up';
import { launchEngine, type RunningEngine } from './launch-engine';
import { endProcess } from './processes/process-table';

export interface EngineInput {
  /** MONGODB_URI, or null: the embedded engine. */
  readonly uri: string | null;
  readonly dataDir: string;
  /** Where programs are kept that had to be got. */
  readonly cacheDir: string;
  /** MONGOD_BINARY, or null. */
  readonly mongodBinary: string | null;
  readonly log: Log;
  readonly clock: Clock;
  readonly timeouts?: Partial<EngineTimeouts>;
  /** `scratch`: data from before is cleared at a fresh start, and all of it at the end. */
  readonly data?: 'keep' | 'scratch';
  /** How the program is found, where not as this machine offers. */
  readonly choose?: typeof chooseProgram;
}

/**
 * An engine that takes writes. Several processes on one DATA_DIR share one engine: the first starts
 * it, the others and later ones find it through `engine.json`, all of them restart it on its port
 * when it dies, and the last one to stop ends it. One that was left running by processes that were
 * killed is taken over. MONGODB_URI is not waited for: what it names may come up later.
 * @throws EngineFault that says what a person can do.
 */
export async function startEngine(input: EngineInput): Promise<Engine> {
  const timeouts = { ...ENGINE_TIMEOUTS, ...input.timeouts };
  return input.uri === null
    ? startEmbedded(input, timeouts)
    : describeExternal(input, input.uri, timeouts);
}

async function describeExternal(
  { log }: EngineInput,
  uri: string,
  { answerMs }: EngineTimeouts,
): Promise<Engine> {
  const stop = (): Promise<void> => Promise.resolve();
  try {
    const { version, isSecantusDb } = await askEngine(uri, answerMs);
    return { uri, engine: engineInfo(isSecantusDb ? 'secantusdb' : 'external', version), stop };
  } catch {
    log.warn('database at MONGODB_URI does not answer yet');
    return { uri, engine: engineInfo('external', 'unknown'), stop };
  }
}

async function startEmbedded(input: EngineInput, timeouts: EngineTimeouts): Promise<Engine> {
  const near: Surroundings = { clock: input.clock, log: input.log };
  const places = await openDataPlaces(input.dataDir);
  const site: Site = { near, places, timeouts };
  const { running, use } = (await joinRunning(site)) ?? (await startFresh(site, input));
  const watch = keepEngineUp(near, { places, timeouts }, running);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => letGo(site, { watch, use, data: input.data ?? 'keep' });
  const { kind, version } = running.program;
  return {
    uri: engineCommand(running.program).uri(running.port),
    engine: engineInfo(kind, version),
    stop: () => (stopped ??= stop()),
  };
}

interface Site {
  readonly near: Surroundings;
  readonly places: DataPlaces;
  readonly timeouts: EngineTimeouts;
}

interface Joined {
  readonly running: RunningEngine;
  readonly use: Use;
}

function joinRunning(site: Site): Promise<Joined | null> {
  const { near, places, timeouts } = site;
  return underLock(near.clock, lockOf(site, timeouts.startMs * 2), async () => {
    const running = await findRunning(near, { places, timeouts, signal: never() });
    if (running === null) return null;
    near.log.info('database engine found running', {
      ...factsOf(running),
      note: noteOf(running),
    });
    return { running, use: await joinEngine(near.clock, places.users) };
  });
}

/** Getting a program may take minutes, so it is done before the lock is taken again. */
async function startFresh(site: Site, input: EngineInput): Promise<Joined> {
  const { near, places, timeouts } = site;
  const clear = input.data === 'scratch';
  const held = clear ? null : await heldKind(places);
  const program = await (input.choose ?? chooseProgram)(near, { ...input, held });
  return underLock(near.clock, lockOf(site, timeouts.startMs * 2), async () => {
    let running = await findRunning(near, { places, timeouts, signal: never() });
    if (running === null) {
      const others = await countUsers(near.clock, places.users);
      if (clear && others === 0) await removeData(places);
      await expectSameKind(places, program);
      // Those who use it already know it by its port.
      const port = others > 0 ? ((await readRecord(places))?.port ?? null) : null;
      running = await launchEngine(near, { program, places, port, timeouts, signal: never() });
      near.log.info('database engine started', { ...factsOf(running), note: noteOf(running) });
    }
    return { running, use: await joinEngine(near.clock, places.users) };
  });
}

async function expectSameKind(places: DataPlaces, program: EngineProgram): Promise<void> {
  const held = await heldKind(places);
  if (held === null || held === program.kind) return;
  throw new EngineFault('Another process has just begun with another engine here. Start again.');
}

interface Leaving {
  readonly watch: Watch;
  readonly use: Use;
  readonly data: 'keep' | 'scratch';
}

async function letGo(site: Site, { watch, use, data }: Leaving): Promise<void> {
  const { near, places, timeouts } = site;
  try {
    await watch.stop();
    await underLock(near.clock, lockOf(site, timeouts.stopMs), async () => {
      if ((await use.leave()) > 0) {
        near.log.info('database engine left to the other processes that use it');
        return;
      }
      await end(site);
      if (data === 'scratch') await removeData(places);
    });
  } catch (error) {
    near.log.warn('database engine could not be let go in order', { error });
  }
}

/** What `engine.json` names counts: another process may have restarted the engine just now. */
async function end({ near, places, timeouts }: Site): Promise<void> {
  const patience = { ...timeouts, adoptMs: timeouts.answerMs };
  const running = await findRunning(near, { places, timeouts: patience, signal: never() });
  if (running === null) return;
  const outcome = await endProcess(near.clock, running.mark, timeouts.stopMs);
  if (outcome === 'stuck') {
    near.log.error('database engine could not be ended', factsOf(running));
    return;
  }
  near.log.info('database engine ended', { ...factsOf(running), outcome });
  const record = await readRecord(places);
  if (record !== null) await writeRecord(places, { ...record, process: null });
}

function lockOf({ places }: Site, waitMs: number): LockInput {
  return { path: places.lock, waitMs, purpose: 'starting or ending the database engine' };
}

function factsOf({ program, port, mark }: RunningEngine): Readonly<Record<string, unknown>> {
  const { kind, version } = program;
  return { kind, version, port, pid: mark.pid };
}

function noteOf({ program }: RunningEngine): string {
  return engineInfo(program.kind, program.version).note;
}

function never(): AbortSignal {
  return new AbortController().signal;
}
