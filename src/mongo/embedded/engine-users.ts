/** Which live processes use the engine of a data directory, so that the last one ends it. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../flows/ports/clock';
import { EngineFault } from './engine';
import { isAlive, markOf } from './processes/process-table';

/** One use of the engine; a process may have several. */
export interface Use {
  /** Takes this use away; the count of uses that are left, all of live processes. */
  leave(): Promise<number>;
}

const userShape = z.object({ pid: z.int().positive(), birth: z.string() });

/** Call it, and `leave`, under the lock of the data directory. */
export async function joinEngine(clock: Clock, folder: string): Promise<Use> {
  const mark = await markOf(clock, process.pid);
  if (mark === null) throw new EngineFault('This process does not find itself among the others.');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const mine = join(folder, `${randomUUID()}.json`);
  await writeFile(mine, JSON.stringify(mark), { mode: 0o600 });
  return {
    async leave() {
      await rm(mine, { force: true });
      return countUsers(clock, folder);
    },
  };
}

/** Users that were killed are forgotten on the way. */
export async function countUsers(clock: Clock, folder: string): Promise<number> {
  let count = 0;
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    if (await isLiveUser(clock, path)) count += 1;
    else await rm(path, { force: true });
  }
  return count;
}

async function isLiveUser(clock: Clock, path: string): Promise<boolean> {
  try {
    return await isAlive(clock, userShape.parse(JSON.parse(await readFile(path, 'utf8'))));
  } catch {
    return false;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}
