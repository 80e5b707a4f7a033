/** Finds an engine that already runs on a data directory and is surely ours; starts none. */
import { sleep } from '../../flows/ports/clock';
import { readRecord, writeRecord, type DataPlaces, type EngineRecord } from './data-places';
import type { EngineProgram, EngineTimeouts, Surroundings } from './engine';
import { engineCommand } from './engine-commands';
import type { RunningEngine } from './launch-engine';
import {
  commandLineOf,
  endProcess,
  isAlive,
  markOf,
  type ProcessMark,
} from './processes/process-table';

export interface FindInput {
  readonly places: DataPlaces;
  readonly timeouts: EngineTimeouts;
  readonly signal: AbortSignal;
}

const POLL_MS = 200;

/**
 * The engine that `engine.json` names: left over by a service that was killed, or shared with one
 * that runs. One that is ours and does not answer in time is ended, so that a new one can start.
 * Call it under the lock of the data directory.
 */
export async function findRunning(
  near: Surroundings,
  input: FindInput,
): Promise<RunningEngine | null> {
  const { places, timeouts } = input;
  const record = await readRecord(places);
  if (record === null || record.process === null) return null;
  const mark = await oursOnly(near, record, record.process);
  if (mark !== null) {
    const program: EngineProgram = { ...record, path: record.program };
    const { port } = record;
    if (port !== null && (await answersInTime(near, { program, port, mark }, input))) {
      return { program, port, mark, child: null };
    }
    if (input.signal.aborted) return null;
    near.log.warn('database engine does not answer and is ended', { pid: mark.pid });
    await endProcess(near.clock, mark, timeouts.stopMs);
  }
  await writeRecord(places, { ...record, process: null });
  return null;
}

/** The pid may belong to another process by now: it counts only with the same birth and data. */
async function oursOnly(
  { clock }: Surroundings,
  record: EngineRecord,
  { pid, birth }: { pid: number; birth: string | null },
): Promise<ProcessMark | null> {
  const mark = await markOf(clock, pid);
  if (mark === null || (birth !== null && birth !== mark.birth)) return null;
  const commandLine = await commandLineOf(clock, pid);
  return commandLine?.includes(record.storage) === true ? mark : null;
}

/** One that recovers after a crash needs a while; one that died meanwhile is not waited for. */
async function answersInTime(
  { clock }: Surroundings,
  { program, port, mark }: Pick<RunningEngine, 'program' | 'port' | 'mark'>,
  { timeouts, signal }: FindInput,
): Promise<boolean> {
  const deadline = clock.now() + timeouts.adoptMs;
  do {
    try {
      await engineCommand(program).expectReady(port, timeouts.answerMs);
      return true;
    } catch {
      await sleep(clock, POLL_MS, signal);
    }
  } while (clock.now() < deadline && !signal.aborted && (await isAlive(clock, mark)));
  return false;
}
