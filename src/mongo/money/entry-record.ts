/** How entries are kept; orders and numbers none of them. */
import type { Connection, mongo } from 'mongoose';
import type { Entry } from '../../domain/ledger/entry';
import type { LedgerLine } from '../../domain/ledger/ledger';
import type { EntryId } from '../../domain/ids';
import { toDate, toDateOrNull, toInstant, toInstantOrNull } from '../stored-record';
import { tableOf, WHOLE, type Kept, type Table } from '../table';

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

/** In any order. A sweep over all ledgers reads these: what it need not know is not sent. */
export async function findLines(
  { rows }: Table<EntryRecord>,
  filter: mongo.Filter<EntryRecord>,
): Promise<LedgerLine[]> {
  const found = rows.find<LineRecord>(filter, { projection: LINE });
  return (await found.toArray()).map(toLine);
}

type LineRecord = Pick<EntryRecord, '_id' | keyof typeof LINE>;

const LINE = {
  tenancyId: 1,
  seq: 1,
  kind: 1,
  seconds: 1,
  at: 1,
  paidAt: 1,
  reverses: 1,
} as const satisfies Partial<Record<keyof EntryRecord, 1>>;

export function toEntryRecord({ id, at, paidAt, ...rest }: Entry): EntryRecord {
  return { ...rest, _id: id, at: toDate(at), paidAt: toDateOrNull(paidAt) };
}

function toEntry({ _id, at, paidAt, ...rest }: EntryRecord): Entry {
  return { ...rest, id: _id, at: toInstant(at), paidAt: toInstantOrNull(paidAt) };
}

function toLine(record: LineRecord): LedgerLine {
  return {
    id: record._id,
    tenancyId: record.tenancyId,
    seq: record.seq,
    kind: record.kind,
    seconds: record.seconds,
    at: toInstant(record.at),
    paidAt: toInstantOrNull(record.paidAt),
    reverses: record.reverses,
  };
}
