/** Indexes that only SecantusDB needs, to answer as quickly as MongoDB does without them. */
import type { Connection } from 'mongoose';
import { MONEY_HELPER_INDEXES } from '../money/money-indexes';
import { UPKEEP_HELPER_INDEXES } from '../upkeep/upkeep-indexes';
import type { EngineInfo } from './engine';

/** In the order in which the index sorts. */
export type IndexFields = Readonly<Record<string, 1 | -1>>;

/** `[collection, fields]`; never unique: a helper index changes speed, and nothing else. */
export type HelperIndex = readonly [collection: string, fields: IndexFields];

/** Names of helper indexes begin so: whoever compares indexes with their list leaves them out. */
export const HELPER_PREFIX = 'helper_';

/**
 * SecantusDB uses an index for a filter only if it covers every field of it; the compare-and-set
 * `{_id, rev}` reads the whole collection unless there is an index `{_id: 1, rev: 1}`.
 */
export const HELPER_INDEXES: readonly HelperIndex[] = [
  ...MONEY_HELPER_INDEXES,
  ...UPKEEP_HELPER_INDEXES,
];

/**
 * Makes the indexes of `list` where the engine is SecantusDB and does nothing elsewhere.
 * @returns how many it has seen to. Repeatable.
 */
export async function makeHelperIndexes(
  connection: Connection,
  { kind }: EngineInfo,
  list: readonly HelperIndex[] = HELPER_INDEXES,
): Promise<number> {
  if (kind !== 'secantusdb') return 0;
  for (const [collection, fields] of list) {
    await connection.collection(collection).createIndex(fields, { name: nameOf(fields) });
  }
  return list.length;
}

function nameOf(fields: IndexFields): string {
  const parts = Object.entries(fields).map(([field, direction]) => `${field}_${direction}`);
  return HELPER_PREFIX + parts.join('_');
}
