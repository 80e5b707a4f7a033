/** How entries are kept; orders and numbers none of them. */
import type { Connection, mongo } from 'mongoose';
import type { Entry } from '../domain/entry';
import type { EntryId } from '../domain/ids';
import { toDate, toDateOrNull, toInstant, toInstantOrNull } from './stored-record';
import { tableOf, WHOLE, type Kept, type Table } from './table';

/** `tenancyId` is the shard key, so that `{tenancyId, source}` can be unique on every cluster. */
export type EntryRecord = Omit<Kept<Entry>, 'id'> & { _id: EntryId };

export function entryTable(connection: Connection): Table<EntryRecord> {
  return tableOf<EntryRecord>(connection, 'entries', {
    _id: String,
    tenancyId: String,
    seq: Number,
    source: String,
    paymentId: String,
  });
}

/** In any order. */
export async function findEntries(
  { rows }: Table<EntryRecord>,
  filter: mongo.Filter<EntryRecord>,
): Promise<Entry[]> {
  return (await rows.find(filter, WHOLE).toArray()).map(toEntry);
}

export function toEntryRecord({ id, at, paidAt, ...rest }: Entry): EntryRecord {
  return { ...rest, _id: id, at: toDate(at), paidAt: toDateOrNull(paidAt) };
}

function toEntry({ _id, at, paidAt, ...rest }: EntryRecord): Entry {
  return { ...rest, id: _id, at: toInstant(at), paidAt: toInstantOrNull(paidAt) };
}
