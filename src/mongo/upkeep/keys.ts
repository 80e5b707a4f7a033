/** Access keys by their hashes; the text of a key never comes here. */
import type { Connection, Model } from 'mongoose';
import type { AccessKey } from '../../domain/access';
import type { KeyStore } from '../../flows/ports/upkeep-ports';
import { coalesce } from '../coalesce';
import { before, listing, readTimeCursor, type Key } from '../cursor';
import { insertNew } from '../save';
import { storage } from '../storage-errors';
import {
  DURABLE,
  literal,
  recordsOf,
  toDate,
  toDateOrNull,
  toInstant,
  toInstantOrNull,
  upsert,
} from '../stored-record';

type KeyRecord = Omit<AccessKey, 'id' | 'regions' | 'createdAt' | 'revokedAt'> & {
  _id: string;
  regions: string[];
  createdAt: Date;
  revokedAt: Date | null;
  /** Mark of the request that made it; absent on a key from the environment. */
  madeBy?: string;
};

/** Whoever sends wrong keys makes us look for them: many together cost as little as a few. */
const READS_TOGETHER = 200;
const READS_AT_ONCE = 2;

export function createKeyStore(connection: Connection): KeyStore {
  const keys = recordsOf<KeyRecord>(connection, 'keys', {
    _id: String,
    name: String,
    role: String,
    regions: [String],
    hash: String,
    createdAt: Date,
    revokedAt: Date,
    madeBy: String,
  });
  const byHash = coalesce<string, KeyRecord | null>({
    ...{ most: READS_TOGETHER, atOnce: READS_AT_ONCE },
    run: (hashes) => findByHash(keys, hashes),
  });
  return {
    byHash: (hash) =>
      storage(async () => {
        const found = await byHash(hash);
        return found === null ? null : toDomain(found);
      }),
    get: (id) =>
      storage(async () => {
        const found = await keys.findById(id).lean();
        return found === null ? null : toDomain(found);
      }),
    create: (key, madeBy) => storage(() => create(keys, { ...toRecord(key), madeBy })),
    save: (key) =>
      storage(async () => {
        const { _id, revokedAt, ...rest } = toRecord(key);
        const once = { revokedAt: { $ifNull: ['$revokedAt', revokedAt] } };
        const update = [{ $set: { ...literal(rest), ...once } }];
        await upsert(keys, _id, update);
      }),
    list: ({ limit, cursor }) =>
      storage(async () => {
        const found = await keys
          .find(before('createdAt', readTimeCursor(cursor)))
          .sort({ createdAt: -1, _id: -1 })
          .limit(limit + 1)
          .lean();
        const key = (one: KeyRecord): Key => [one.createdAt.toISOString(), one._id];
        return listing(found, limit, { row: toDomain, key });
      }),
    count: () => storage(() => keys.countDocuments({})),
  };
}

async function findByHash(
  keys: Model<KeyRecord>,
  hashes: readonly string[],
): Promise<(KeyRecord | null)[]> {
  // Should one key ever stand in two rows, the revoked one speaks: dates sort above null, and the
  // last one of those that have a hash is kept.
  const found = await keys
    .find({ hash: { $in: [...new Set(hashes)] } })
    .sort({ revokedAt: 1, _id: 1 })
    .lean();
  const byHash = new Map(found.map((record) => [record.hash, record]));
  return hashes.map((hash) => byHash.get(hash) ?? null);
}

async function create(
  keys: Model<KeyRecord>,
  record: KeyRecord & { readonly madeBy: string },
): Promise<boolean> {
  const { _id, madeBy, hash } = record;
  if ((await insertNew(keys, [record])).has(_id)) return true;
  const again = await keys.updateOne({ _id, madeBy, revokedAt: null }, { $set: { hash } }, DURABLE);
  return again.matchedCount === 1;
}

function toRecord({ id, regions, createdAt, revokedAt, ...key }: AccessKey): KeyRecord {
  return {
    _id: id,
    ...key,
    regions: [...regions],
    createdAt: toDate(createdAt),
    revokedAt: toDateOrNull(revokedAt),
  };
}

function toDomain({ _id, createdAt, revokedAt, madeBy: _mark, ...key }: KeyRecord): AccessKey {
  return {
    id: _id,
    ...key,
    createdAt: toInstant(createdAt),
    revokedAt: toInstantOrNull(revokedAt),
  };
}
