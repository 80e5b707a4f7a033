/** A lock between processes of one machine, kept in a file; one whose holder died is taken over. */
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { sleep, type Clock } from '../../../flows/ports/clock';
import { EngineFault } from '../engine';
import { hasCode } from './system-error';
import { isAlive, markOf } from './process-table';

export interface LockInput {
  readonly path: string;
  readonly waitMs: number;
  /** What the holder does, for the sentence that another process gives up with. */
  readonly purpose: string;
  /** Aborted: it waits no longer. */
  readonly signal?: AbortSignal;
}

const POLL_MS = 100;
/** A lock file is written at once after it is made: one still unreadable by then was cut short. */
const UNREADABLE_MS = 10_000;

const holderShape = z.object({ pid: z.int().positive(), birth: z.string(), token: z.string() });
type Holder = z.infer<typeof holderShape>;

/**
 * Runs `work` while no other process, and no other call in this one, runs under the same path.
 * @throws EngineFault when the lock is still held after `waitMs`, or when it is called off.
 */
export async function underLock<T>(
  clock: Clock,
  input: LockInput,
  work: () => Promise<T>,
): Promise<T> {
  const me = await markOf(clock, process.pid);
  const holder: Holder = { pid: process.pid, birth: me?.birth ?? '', token: randomUUID() };
  await mkdir(dirname(input.path), { recursive: true });
  await acquire(clock, input, JSON.stringify(holder));
  try {
    return await work();
  } finally {
    if ((await readHolder(input.path))?.token === holder.token) await rm(input.path);
  }
}

async function acquire(clock: Clock, input: LockInput, text: string): Promise<void> {
  const { path, waitMs, purpose, signal } = input;
  const deadline = clock.now() + waitMs;
  while (!(await createdWith(path, text))) {
    if (signal?.aborted) throw new EngineFault(`The wait to be ${purpose} was called off.`);
    if (await isLeft(clock, path)) {
      await takeAway(clock, path);
    } else if (clock.now() >= deadline) {
      const pid = (await readHolder(path))?.pid ?? 'unknown';
      throw new EngineFault(
        `Another process (pid ${pid}) has been ${purpose} for more than ` +
          `${Math.round(waitMs / 1000)} s. Wait for it to finish; if it hangs, end it.`,
      );
    } else {
      await sleep(clock, POLL_MS, signal);
    }
  }
}

/** True when the holder is gone. */
async function isLeft(clock: Clock, path: string): Promise<boolean> {
  const holder = await readHolder(path);
  if (holder !== null) return !(await isAlive(clock, holder));
  return isOlder(clock, path, UNREADABLE_MS);
}

/**
 * Removes a lock whose holder is gone. Two processes may see this at once, and the slower must not
 * remove the lock that the faster has made since: so it is judged again under a second file.
 */
async function takeAway(clock: Clock, path: string): Promise<void> {
  const guard = `${path}.takeover`;
  if (!(await createdWith(guard, ''))) {
    if (await isOlder(clock, guard, UNREADABLE_MS)) await discard(guard);
    else await sleep(clock, POLL_MS);
    return;
  }
  try {
    if (await isLeft(clock, path)) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

/** Of several processes that discard one file, the rename of only one succeeds. */
async function discard(path: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    await rm(aside, { force: true });
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

async function createdWith(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    return holderShape.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

async function isOlder(clock: Clock, path: string, ms: number): Promise<boolean> {
  try {
    return clock.now() - (await stat(path)).mtimeMs > ms;
  } catch {
    return false;
  }
}
