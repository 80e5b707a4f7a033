/** Finds a mongod that runs on this machine: the one named, one on the PATH, one got before. */
import { readdir } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { EngineFault, type EngineProgram, type Surroundings } from '../engine';
import { runCommand } from '../processes/run-command';

export interface MongodSearch {
  /** MONGOD_BINARY, or null: a path, or a name on the PATH. */
  readonly mongodBinary: string | null;
  readonly cacheDir: string;
}

const VERSION_MS = 15_000;

/** Where a download puts the server, under the cache directory. */
export const DOWNLOADED = 'mongodb';

/**
 * Null when there is none. Each candidate is asked for its version, which also shows that it can
 * run here at all (its libraries, the processor's instructions).
 * @throws EngineFault when the one that MONGOD_BINARY names does not run.
 */
export async function findMongod(
  near: Surroundings,
  { mongodBinary, cacheDir }: MongodSearch,
): Promise<EngineProgram | null> {
  if (mongodBinary !== null) {
    const isPath = mongodBinary.includes('/') && !isAbsolute(mongodBinary);
    const named = await asMongod(near, isPath ? resolve(mongodBinary) : mongodBinary);
    if (named !== null) return named;
    throw new EngineFault(
      `MONGOD_BINARY names ${mongodBinary}, which does not run as a mongod here: correct it, or ` +
        'unset it to use what can be found.',
    );
  }
  return (await asMongod(near, 'mongod')) ?? (await downloadedMongod(near, cacheDir));
}

export async function downloadedMongod(
  near: Surroundings,
  cacheDir: string,
): Promise<EngineProgram | null> {
  const folder = join(resolve(cacheDir), DOWNLOADED);
  for (const name of await namesIn(folder)) {
    // Beside each server lies its checksum.
    if (!/^mongod(-|$)/.test(name) || name.endsWith('.md5')) continue;
    const found = await asMongod(near, join(folder, name));
    if (found !== null) return found;
  }
  return null;
}

async function asMongod({ clock }: Surroundings, path: string): Promise<EngineProgram | null> {
  const outcome = await runCommand(clock, {
    program: path,
    args: ['--version'],
    timeoutMs: VERSION_MS,
  });
  if (outcome.kind !== 'ended' || outcome.code !== 0) return null;
  const version = /db version v?(\d+(?:\.\d+)*)/.exec(outcome.output)?.[1];
  return version === undefined ? null : { kind: 'mongod', path, version };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}
