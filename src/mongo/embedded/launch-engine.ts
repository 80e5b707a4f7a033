/** Starts an engine as a process of its own that outlives us, and waits until it takes writes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { sleep } from '../../flows/ports/clock';
import { writeRecord, writeRecordAtOnce, type DataPlaces, type EngineRecord } from './data-places';
import { EngineFault, type EngineProgram, type EngineTimeouts, type Surroundings } from './engine';
import { engineCommand } from './engine-commands';
import { boundEngineLog } from './engine-log';
import { endProcess, markOf, type ProcessMark } from './processes/process-table';

export interface LaunchInput {
  readonly program: EngineProgram;
  readonly places: DataPlaces;
  /** Null: any free one. */
  readonly port: number | null;
  readonly timeouts: EngineTimeouts;
  /** Aborted: what has been started is ended again. */
  readonly signal: AbortSignal;
}

export interface RunningEngine {
  readonly program: EngineProgram;
  readonly port: number;
  readonly mark: ProcessMark;
  /** The child, where this process has started it. */
  readonly child: ChildProcess | null;
}

const POLL_MS = 40;
const LOG_TAIL = 1_500;

/**
 * Call it under the lock of the data directory. The child leads a process group of its own, so that
 * Ctrl-C in a terminal reaches the service alone; what it prints goes to `engine.log`, so that it
 * does not die of a broken pipe when the service is killed.
 * @throws EngineFault that quotes the end of what the engine printed.
 */
export async function launchEngine(near: Surroundings, input: LaunchInput): Promise<RunningEngine> {
  const { program, places } = input;
  const command = engineCommand(program);
  const storage = places.storage(program.kind);
  await mkdir(storage, { recursive: true, mode: 0o700 });
  const port = input.port ?? (command.choosesPort ? 0 : await freePort());
  await boundEngineLog(places.log);
  const printed = await open(places.log, 'a', 0o600);
  try {
    const from = (await printed.stat()).size;
    const child = spawn(program.path, command.args(storage, port), {
      detached: true,
      cwd: storage,
      stdio: ['ignore', printed.fd, printed.fd],
    });
    return await awaken(near, input, { child, knownPort: port === 0 ? null : port, from });
  } finally {
    await printed.close();
  }
}

interface Newborn {
  readonly child: ChildProcess;
  readonly knownPort: number | null;
  /** Where its own words begin in the log. */
  readonly from: number;
}

async function awaken(
  near: Surroundings,
  input: LaunchInput,
  newborn: Newborn,
): Promise<RunningEngine> {
  const { program, places, timeouts } = input;
  const { child, knownPort } = newborn;
  const failed = new Promise<Error>((resolve) => child.once('error', resolve));
  if (child.pid === undefined) {
    throw new EngineFault(`${program.path} cannot be started: ${(await failed).message}`);
  }
  child.unref();
  const record = recordOf(places, program);
  // Were we killed before this is written, the child would hold the data and nobody would know.
  const process = { pid: child.pid, birth: null };
  writeRecordAtOnce(places, { ...record, port: knownPort, process });
  const mark = await markOf(near.clock, child.pid);
  if (mark === null) throw new EngineFault(await lastWords(places, newborn, 'ended at once'));
  await writeRecord(places, { ...record, port: knownPort, process: mark });
  try {
    const port = await untilReady(near, input, newborn);
    await writeRecord(places, { ...record, port, process: mark });
    return { program, port, mark, child };
  } catch (error) {
    await endProcess(near.clock, mark, timeouts.stopMs);
    await writeRecord(places, { ...record, port: input.port, process: null });
    throw error;
  }
}

async function untilReady(
  near: Surroundings,
  { program, places, timeouts, signal }: LaunchInput,
  newborn: Newborn,
): Promise<number> {
  const command = engineCommand(program);
  const deadline = near.clock.now() + timeouts.startMs;
  let fault = 'it has not said where it listens';
  while (near.clock.now() < deadline) {
    if (signal.aborted) throw new EngineFault('The start of the database engine was called off.');
    if (hasEnded(newborn.child)) {
      throw new EngineFault(await lastWords(places, newborn, 'ended while it started'));
    }
    const port = newborn.knownPort ?? command.portIn(await printedSince(places, newborn.from));
    if (port !== null) {
      try {
        await command.expectReady(port, timeouts.answerMs);
        return port;
      } catch (error) {
        fault = error instanceof Error ? error.message : String(error);
      }
    }
    await sleep(near.clock, POLL_MS, signal);
  }
  const took = `takes no writes after ${timeouts.startMs / 1000} s (${fault})`;
  throw new EngineFault(await lastWords(places, newborn, took));
}

async function lastWords(places: DataPlaces, { from }: Newborn, what: string): Promise<string> {
  const words = (await printedSince(places, from)).trim().slice(-LOG_TAIL);
  const isHeld = /already being managed|DBPathInUse|Unable to lock/i.test(words);
  const advice = isHeld
    ? `${places.root} is in use by an engine that this service does not know, perhaps one in ` +
      'another container: end that one, or set DATA_DIR to another directory. '
    : '';
  const said = words === '' ? 'It printed nothing.' : `Its last words: ${words}`;
  return `The database engine ${what}. ${advice}${said} (all of them in ${places.log})`;
}

async function printedSince(places: DataPlaces, from: number): Promise<string> {
  return (await readFile(places.log)).subarray(from).toString('utf8');
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function recordOf(places: DataPlaces, program: EngineProgram): EngineRecord {
  const { kind, version, path } = program;
  return {
    kind,
    version,
    program: path,
    storage: places.storage(kind),
    port: null,
    process: null,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new EngineFault('No port is free.');
  return address.port;
}
