/** The parcels to let, with what is cached and heard of them; computes no standing. */
import type { Connection, mongo } from 'mongoose';
import type { RentalId, UnitId } from '../../domain/ids';
import type { Rental } from '../../domain/rental';
import type { Instant } from '../../domain/time';
import type { CacheRow, Listing, RentalQuery, RentalStore } from '../../flows/ports/money-ports';
import { coalesceReads } from '../coalesce';
import { listing, readCursor } from '../cursor';
import { askResync, noteBoxClear, noteClaims, resyncDone } from './rental-notes';
import { createPager } from '../pager';
import {
  LISTED,
  RENTAL_SHAPE,
  rentalTable,
  searchText,
  toCacheRecord,
  toListed,
  toRental,
  toRentalRecord,
  type ListedRecord,
  type RentalRecord,
} from './rental-record';
import { compareAndSet, saveRecords, type Change } from '../save';
import { storage } from '../storage-errors';
import { toDate } from '../stored-record';
import { whereAny, WHOLE, type Table } from '../table';

const READS_TOGETHER = 200;
const READS_AT_ONCE = 2;

/**
 * Who writes what, so that no two lose each other's word:
 * `save` all but the claim, `boxClearAt` and `resyncAt` (those with a new rental only), by `rev`;
 * `refresh` the cache and `secondKeyAt`, by `rev`; `noteClaims`, `noteBoxClear`, `askResync` and
 * `resyncDone` their own field, later words only, and touch no `rev`.
 */
export function createRentalStore(connection: Connection): RentalStore {
  const table = rentalTable(connection);
  const { model, rows } = table;
  const find = async (
    filter: mongo.Filter<RentalRecord>,
    options: mongo.FindOptions = {},
  ): Promise<Rental[]> =>
    (await rows.find(filter, { ...WHOLE, ...options }).toArray()).map(toRental);
  const one = coalesceReads<RentalId, RentalRecord, Rental>({
    read: (ids) => rows.find({ _id: { $in: [...ids] } }, WHOLE).toArray(),
    open: toRental,
    ...{ most: READS_TOGETHER, atOnce: READS_AT_ONCE },
  });
  const byUnit = pagerOn(table, 'unitId');
  const withoutUnit = pagerOn(table, 'withoutUnit');

  return {
    get: (ids) => storage(() => whereAny(ids, ($in) => find({ _id: { $in } }))),
    one: (id) => storage(() => one(id)),
    byUnits: (ids: readonly UnitId[]) =>
      storage(() => whereAny(ids, ($in) => find({ unitId: { $in } }))),
    save: (rentals) => storage(() => saveRecords(model, rentals.map(toRentalRecord), RENTAL_SHAPE)),
    refresh: (caches) => storage(() => refresh(table, caches)),
    noteClaims: (claims, known) => storage(() => noteClaims(table, claims, known)),
    askResync: (ids, at) => storage(() => askResync(table, ids, at)),
    resyncDone: (id, askedAt) => storage(() => resyncDone(table, id, askedAt)),
    noteBoxClear: (id, at) => storage(() => noteBoxClear(table, id, at)),
    secondKeysDue: (now: Instant, limit) =>
      storage(() =>
        find({ secondKeyAt: { $lte: toDate(now) } }, { sort: { secondKeyAt: 1 }, limit }),
      ),
    resyncsDue: (now: Instant, limit) =>
      storage(() => find({ resyncAt: { $lte: toDate(now) } }, { sort: { resyncAt: 1 }, limit })),
    list: (query) => storage(() => list(table, query)),
    pageByUnit: (after, through, limit) =>
      storage(async () => {
        if (through === null) return (await byUnit(after, limit)).map(toListed);
        const unitId = { $gt: (after ?? '') as UnitId, $lte: through };
        const between = { ...WHOLE, sort: { unitId: 1 }, projection: LISTED, limit } as const;
        return (await rows.find<ListedRecord>({ unitId }, between).toArray()).map(toListed);
      }),
    pageWithoutUnit: (after, limit) =>
      storage(async () => (await withoutUnit(after, limit)).map(toListed)),
  };
}

async function refresh(
  { model }: Table<RentalRecord>,
  caches: readonly CacheRow[],
): Promise<Set<RentalId>> {
  const changes = caches.map(({ id, rev, cache, secondKeyAt }): Change => {
    const $set = { rev: rev + 1, cache: cache === null ? null : toCacheRecord(cache) };
    const update =
      secondKeyAt === null
        ? { $set, $unset: { secondKeyAt: '' } }
        : { $set: { ...$set, secondKeyAt: toDate(secondKeyAt) } };
    return { id, rev, write: { update } };
  });
  return (await compareAndSet(model, changes)) as Set<RentalId>;
}

/** In order of id. */
async function list(
  { rows }: Table<RentalRecord>,
  { limit, cursor, regions, text }: RentalQuery,
): Promise<Listing<Rental>> {
  const after = readCursor(cursor, 1)?.[0];
  // U+0000 is in no rental, and no pattern may hold it.
  if (text?.includes('\0')) return { rows: [], next: null };
  const filter = {
    ...(after !== undefined && { _id: { $gt: after as RentalId } }),
    ...(regions.length > 0 && { region: { $in: [...regions] } }),
    ...(text !== null && text !== '' && { search: { $regex: escaped(searchText(text)) } }),
  };
  const found = await rows
    .find(filter)
    .sort({ _id: 1 })
    .limit(limit + 1)
    .toArray();
  return listing(found, limit, { row: toRental, key: ({ _id }) => [_id] });
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|#\-]/g, '\\$&');

function pagerOn(
  { rows }: Table<RentalRecord>,
  key: 'unitId' | 'withoutUnit',
): (after: string | null, limit: number) => Promise<ListedRecord[]> {
  return createPager({
    // From '' rather than without a filter: rows that lack the key are in no sparse index.
    open: (after, batchSize) =>
      rows.find<ListedRecord>(
        { [key]: { $gt: after ?? '' } },
        { sort: { [key]: 1 }, projection: LISTED, batchSize },
      ),
    keyOf: (row) => row[key] ?? '',
  });
}
