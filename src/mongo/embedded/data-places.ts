/** Where the embedded engine keeps its things under DATA_DIR, and whose data lies there. */
import { access, mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EngineFault, type EngineProgram } from './engine';

export interface DataPlaces {
  /** Absolute, links resolved: two names of one directory are one. */
  readonly root: string;
  readonly lock: string;
  readonly record: string;
  readonly users: string;
  readonly log: string;
  storage(kind: EngineProgram['kind']): string;
}

export async function openDataPlaces(dataDir: string): Promise<DataPlaces> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const root = await realpath(dataDir);
  return {
    root,
    lock: join(root, 'engine.lock'),
    record: join(root, 'engine.json'),
    users: join(root, 'engine-users'),
    log: join(root, 'engine.log'),
    storage: (kind) => join(root, kind),
  };
}

const recordShape = z.object({
  kind: z.enum(['mongod', 'secantusdb']),
  version: z.string(),
  program: z.string(),
  /** Where its data lies: a record that was copied elsewhere with its directory is not ours. */
  storage: z.string(),
  /** Null until it is known. */
  port: z.int().min(1).max(65_535).nullable(),
  /** Null when no engine runs. `birth` null: written in the moment of its start, not yet known. */
  process: z.object({ pid: z.int().positive(), birth: z.string().nullable() }).nullable(),
});

/** `engine.json`: the engine that runs on this data, or that ran on it last. */
export type EngineRecord = z.infer<typeof recordShape>;

/** Null when there is none, or none of this directory that can be read. */
export async function readRecord(places: DataPlaces): Promise<EngineRecord | null> {
  try {
    const record = recordShape.parse(JSON.parse(await readFile(places.record, 'utf8')));
    return record.storage === places.storage(record.kind) ? record : null;
  } catch {
    return null;
  }
}

/** Replaces the record as a whole, so that a reader never sees half of it. */
export async function writeRecord(places: DataPlaces, record: EngineRecord): Promise<void> {
  const fresh = `${places.record}.${process.pid}.fresh`;
  await writeFile(fresh, textOf(record), { mode: 0o600 });
  await rename(fresh, places.record);
}

/** For the moment after a process was started, when nothing may come between. */
export function writeRecordAtOnce(places: DataPlaces, record: EngineRecord): void {
  writeFileSync(places.record, textOf(record), { mode: 0o600 });
}

/**
 * The kind whose data lies here, or null where there is none yet. One engine cannot read another's
 * files, and an empty database must never stand in for a full one.
 */
export async function heldKind(places: DataPlaces): Promise<EngineProgram['kind'] | null> {
  const kinds: EngineProgram['kind'][] = [];
  for (const kind of ['mongod', 'secantusdb'] as const) {
    if (await exists(join(places.storage(kind), 'WiredTiger'))) kinds.push(kind);
  }
  if (kinds.length <= 1) return kinds[0] ?? null;
  const record = await readRecord(places);
  if (record !== null) return record.kind;
  throw new EngineFault(
    `${places.root} holds data of both mongod and SecantusDB, and engine.json does not say which ` +
      'counts. Move the one that does not out of the directory.',
  );
}

/** Removes what `startEngine` made for a database that nobody wants to keep. */
export async function removeData(places: DataPlaces): Promise<void> {
  const all = [places.storage('mongod'), places.storage('secantusdb'), places.record, places.log];
  for (const path of [...all, `${places.log}.1`]) await rm(path, { recursive: true, force: true });
}

function textOf(record: EngineRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
