/**
 * All indexes of all collections, made and compared at start; nothing else makes or removes any.
 */
import type { Connection, mongo } from 'mongoose';
import { HELPER_PREFIX, type IndexFields } from './embedded/helper-indexes';
import { MONEY_INDEXES } from './money/money-indexes';
import { storage } from './storage-errors';
import { UPKEEP_INDEXES } from './upkeep/upkeep-indexes';

/** One index; its name is the server's own, made from the keys. */
export interface Index {
  readonly collection: string;
  readonly keys: IndexFields;
  readonly unique?: true;
  /** Only rows that have any of the fields are in it. */
  readonly sparse?: true;
  /** Records go when the instant in the (only) key has passed, by the database's clock. */
  readonly expires?: true;
}

export const ALL_INDEXES: readonly Index[] = [...MONEY_INDEXES, ...UPKEEP_INDEXES];

/** Names as `collection.index`. */
export interface IndexChanges {
  readonly made: readonly string[];
  /** Were there with other options, and have been made anew. */
  readonly remade: readonly string[];
  /** Are there and are nobody's: left alone, for a person to look at. */
  readonly unknown: readonly string[];
}

/**
 * Makes what is missing, and makes anew what stands under the same keys with other options. May be
 * repeated, and by several processes at once.
 * @throws StorageUnavailable; or the driver's error where rows break a unique index that is
 * missing.
 */
export async function ensureIndexes(
  connection: Connection,
  wanted: readonly Index[] = ALL_INDEXES,
): Promise<IndexChanges> {
  const collections = [...new Set(wanted.map((index) => index.collection))];
  const changes = await Promise.all(
    collections.map((name) =>
      storage(() =>
        ensureOf(
          connection.collection(name) as unknown as mongo.Collection,
          wanted.filter((index) => index.collection === name),
        ),
      ),
    ),
  );
  return {
    made: changes.flatMap((one) => one.made),
    remade: changes.flatMap((one) => one.remade),
    unknown: changes.flatMap((one) => one.unknown),
  };
}

async function ensureOf(
  collection: mongo.Collection,
  wanted: readonly Index[],
): Promise<IndexChanges> {
  const there = await existing(collection);
  const missing = wanted.filter((index) => !there.has(textOf(index.keys)));
  const other = wanted.filter((index) => {
    const found = there.get(textOf(index.keys));
    return found !== undefined && optionsOf(found) !== optionsOf(described(index));
  });
  for (const index of other) await drop(collection, there.get(textOf(index.keys))!);
  const making = [...missing, ...other].map(described);
  if (making.length > 0) await collection.createIndexes(making);
  const known = new Set(wanted.map((index) => textOf(index.keys)));
  const unknown = [...there].filter(
    ([keys, { name = '' }]) =>
      !known.has(keys) && name !== '_id_' && !name.startsWith(HELPER_PREFIX),
  );
  const nameOf = (name: string): string => `${collection.collectionName}.${name}`;
  return {
    made: missing.map(({ keys }) => nameOf(textOf(keys))),
    remade: other.map(({ keys }) => nameOf(textOf(keys))),
    unknown: unknown.map(([keys]) => nameOf(keys)),
  };
}

async function existing(
  collection: mongo.Collection,
): Promise<Map<string, mongo.IndexDescriptionInfo>> {
  try {
    const found = await collection.listIndexes().toArray();
    return new Map(found.map((one: mongo.IndexDescriptionInfo) => [textOf(one.key), one]));
  } catch (error) {
    if (hasCode(error, NAMESPACE_NOT_FOUND)) return new Map();
    throw error;
  }
}

/** Another process may have come first. */
async function drop(
  collection: mongo.Collection,
  { name = '' }: mongo.IndexDescriptionInfo,
): Promise<void> {
  try {
    await collection.dropIndex(name);
  } catch (error) {
    if (!hasCode(error, INDEX_NOT_FOUND)) throw error;
  }
}

const NAMESPACE_NOT_FOUND = 26;
const INDEX_NOT_FOUND = 27;

const hasCode = (error: unknown, code: number): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const textOf = (keys: IndexFields | mongo.IndexDescriptionInfo['key']): string =>
  Object.entries(keys)
    .map(([field, direction]) => `${field}_${direction}`)
    .join('_');

function described({ keys, unique, sparse, expires }: Index): mongo.IndexDescription {
  return {
    key: { ...keys },
    ...(unique && { unique }),
    ...(sparse && { sparse }),
    ...(expires && { expireAfterSeconds: 0 }),
  };
}

const optionsOf = ({ unique, sparse, expireAfterSeconds }: mongo.IndexDescription): string =>
  JSON.stringify([unique === true, sparse === true, expireAfterSeconds ?? null]);
