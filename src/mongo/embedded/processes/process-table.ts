/** Tells processes of this machine apart beyond their pids; ends none by name, only by pid. */
import { readFile } from 'node:fs/promises';
import { sleep, type Clock } from '../../../flows/ports/clock';
import { runCommand } from './run-command';
import { hasCode } from './system-error';

/** A process as it was met: the pid, and what tells it from a later one with the same pid. */
export interface ProcessMark {
  readonly pid: number;
  /** When it was started, in the system's own words. */
  readonly birth: string;
}

const PS_MS = 5_000;
const POLL_MS = 50;
const KILL_MS = 5_000;

/** Null when there is no such process any more (one that has ended but is not reaped is none). */
export async function markOf(clock: Clock, pid: number): Promise<ProcessMark | null> {
  const birth = process.platform === 'linux' ? await linuxBirth(pid) : await psBirth(clock, pid);
  return birth === null ? null : { pid, birth };
}

export async function isAlive(clock: Clock, mark: ProcessMark): Promise<boolean> {
  return (await markOf(clock, mark.pid))?.birth === mark.birth;
}

/** The arguments with spaces between, or null when the process is gone. */
export async function commandLineOf(clock: Clock, pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return ps(clock, pid, 'command=');
  const text = await readOrNull(`/proc/${pid}/cmdline`);
  return text === null ? null : text.split('\0').join(' ').trim();
}

/**
 * SIGTERM, then after `patienceMs` SIGKILL; resolves when the process is gone. `forced`: it had to
 * be killed. Does nothing to another process that got the same pid meanwhile.
 */
export async function endProcess(
  clock: Clock,
  mark: ProcessMark,
  patienceMs: number,
): Promise<'ended' | 'forced' | 'stuck'> {
  if (await signalAndWait(clock, mark, 'SIGTERM', patienceMs)) return 'ended';
  return (await signalAndWait(clock, mark, 'SIGKILL', KILL_MS)) ? 'forced' : 'stuck';
}

async function signalAndWait(
  clock: Clock,
  mark: ProcessMark,
  signal: NodeJS.Signals,
  patienceMs: number,
): Promise<boolean> {
  const deadline = clock.now() + patienceMs;
  if (await isAlive(clock, mark)) send(mark.pid, signal);
  while (await isAlive(clock, mark)) {
    if (clock.now() >= deadline) return false;
    await sleep(clock, POLL_MS);
  }
  return true;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

async function linuxBirth(pid: number): Promise<string | null> {
  const stat = await readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The second field, the name in brackets, may hold spaces and brackets of its own.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  if (started === undefined || state === 'Z' || state === 'X') return null;
  const boot = await readOrNull('/proc/sys/kernel/random/boot_id');
  return `${boot?.trim() ?? ''}/${started}`;
}

async function psBirth(clock: Clock, pid: number): Promise<string | null> {
  const state = await ps(clock, pid, 'state=');
  return state === null || state.startsWith('Z') ? null : ps(clock, pid, 'lstart=');
}

async function ps(clock: Clock, pid: number, column: string): Promise<string | null> {
  const args = ['-ww', '-o', column, '-p', String(pid)];
  const outcome = await runCommand(clock, { program: 'ps', args, timeoutMs: PS_MS });
  if (outcome.kind !== 'ended') throw new Error('The command ps did not answer.');
  const text = outcome.output.trim();
  return outcome.code === 0 && text !== '' ? text : null;
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
