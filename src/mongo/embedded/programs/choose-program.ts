/** Decides which engine runs on a data directory and gets its program; starts nothing. */
import { join } from 'node:path';
import { downloadMongod } from './download-mongod';
import { EngineFault, type EngineProgram, type Surroundings } from '../engine';
import { underLock } from '../processes/file-lock';
import { findMongod, type MongodSearch } from './find-mongod';
import { installSecantusDb } from './install-secantusdb';

export interface Choice extends MongodSearch {
  /** Whose data lies there already; null: none. */
  readonly held: EngineProgram['kind'] | null;
}

/** Where programs come from. */
export interface Sources {
  readonly find: typeof findMongod;
  readonly download: (near: Surroundings, cacheDir: string) => ReturnType<typeof downloadMongod>;
  readonly install: (near: Surroundings, cacheDir: string) => Promise<EngineProgram>;
}

const SOURCES: Sources = {
  find: findMongod,
  download: downloadMongod,
  install: installSecantusDb,
};

/** More than a download and an installation may take together. */
const GET_MS = 20 * 60_000;

/**
 * A mongod of this machine, else the official download, else SecantusDB; but always the engine
 * whose data lies there already, since no other can read it.
 * @throws EngineFault that says what a person can do.
 */
export async function chooseProgram(
  near: Surroundings,
  choice: Choice,
  sources: Sources = SOURCES,
): Promise<EngineProgram> {
  const { held, mongodBinary, cacheDir } = choice;
  if (process.platform === 'win32') {
    throw new EngineFault('Here the service runs no database of its own: set MONGODB_URI.');
  }
  const lock = {
    path: join(cacheDir, 'engine-install.lock'),
    waitMs: GET_MS,
    purpose: 'getting a database engine',
  };
  if (held === 'secantusdb') {
    if (mongodBinary !== null) throw new EngineFault(heldBySecantus());
    return underLock(near.clock, lock, () => sources.install(near, cacheDir));
  }
  const found = await sources.find(near, choice);
  if (found !== null) return found;
  return underLock(near.clock, lock, async () => {
    const download = await sources.download(near, cacheDir);
    if (download.kind === 'got') return download.program;
    if (held === 'mongod') throw new EngineFault(heldByMongod(download.why));
    return sources.install(near, cacheDir);
  });
}

function heldBySecantus(): string {
  return (
    'DATA_DIR holds data of SecantusDB, which the mongod that MONGOD_BINARY names cannot read. ' +
    'Unset MONGOD_BINARY to go on with it, or set DATA_DIR to another directory to begin anew.'
  );
}

function heldByMongod(why: string): string {
  return (
    'DATA_DIR holds data of a mongod, and there is none on this machine now (not on the PATH, ' +
    `not in the cache; download: ${why}). Set MONGOD_BINARY, or DATA_DIR to another directory.`
  );
}
