/**
 * Merges transactions and reports into one order of time; what is wanted of them, the caller says.
 */
import type { mongo } from 'mongoose';
import type { RentalId, ReportId, TxId } from '../domain/ids';
import type { PaymentRef } from '../flows/upkeep-ports';
import type { ReportRecord } from './report-record';
import type { Table } from './table';
import type { TransactionRecord } from './transaction-record';

export interface PaymentTables {
  readonly transactions: Table<TransactionRecord>;
  readonly reports: Table<ReportRecord>;
}

/** Latest first; of one instant, transactions first; of one kind, the higher id first. */
export interface Position {
  readonly at: Date;
  readonly kind: PaymentRef['kind'];
  readonly id: string;
}

export interface MergedRow extends Position {
  readonly rentalId: RentalId | null;
  readonly ref: PaymentRef;
}

export interface MergedRead {
  /** On fields that both kinds of record have. */
  readonly filter: object;
  /** Only these; null = all. */
  readonly named: {
    readonly txIds: readonly TxId[];
    readonly reportIds: readonly ReportId[];
  } | null;
  readonly after: Position | null;
  readonly wanted: number;
}

/** As many rows of each kind as are wanted of both: the merge of the two is then complete. */
export async function readMerged(
  { transactions, reports }: PaymentTables,
  { filter, named, after, wanted }: MergedRead,
): Promise<MergedRow[]> {
  const [txRows, reportRows] = await Promise.all([
    read(transactions.rows, {
      // A transaction that a report has taken is listed by that report, whose state is the
      // payment's.
      conditions: [
        filter,
        { takenBy: null },
        ...idsIn(named?.txIds),
        ...behind('transaction', after),
      ],
      wanted,
    }),
    read(reports.rows, {
      conditions: [filter, ...idsIn(named?.reportIds), ...behind('report', after), LISTED],
      wanted,
    }),
  ]);
  const merged = [
    ...txRows.map(({ _id, listed }): MergedRow => {
      const ref = { kind: 'transaction', txId: _id as TxId } as const;
      return { at: listed.at, kind: ref.kind, id: _id, rentalId: listed.of, ref };
    }),
    ...reportRows.map(({ _id, listed }): MergedRow => {
      const ref = { kind: 'report', id: _id as ReportId } as const;
      return { at: listed.at, kind: ref.kind, id: _id, rentalId: listed.of, ref };
    }),
  ];
  return merged.sort(inOrder).slice(0, wanted);
}

interface Row {
  readonly _id: string;
  readonly listed: { readonly at: Date; readonly of: RentalId | null };
}

/** Linked reports and returned words have no place of their own in lists. */
const LISTED = { 'listed.at': { $gte: new Date(0) } };

async function read<Stored extends { _id: string }>(
  rows: mongo.Collection<Stored>,
  { conditions, wanted }: { readonly conditions: readonly object[]; readonly wanted: number },
): Promise<Row[]> {
  return rows
    .find({ $and: conditions } as mongo.Filter<Stored>)
    .sort({ 'listed.at': -1, _id: -1 })
    .limit(wanted)
    .project<Row>({ 'listed.at': 1, 'listed.of': 1 })
    .toArray();
}

const idsIn = (ids: readonly string[] | undefined): object[] =>
  ids === undefined ? [] : [{ _id: { $in: [...ids] } }];

/** What comes after a position, for one kind. */
function behind(kind: PaymentRef['kind'], after: Position | null): object[] {
  if (after === null) return [];
  const { at } = after;
  if (kind === after.kind) {
    const isBehind = { $or: [{ 'listed.at': { $lt: at } }, { _id: { $lt: after.id } }] };
    return [{ 'listed.at': { $lte: at } }, isBehind];
  }
  return [{ 'listed.at': kind === 'report' ? { $lte: at } : { $lt: at } }];
}

function inOrder(a: Position, b: Position): number {
  const byTime = b.at.getTime() - a.at.getTime();
  if (byTime !== 0) return byTime;
  if (a.kind !== b.kind) return a.kind === 'transaction' ? -1 : 1;
  return a.id > b.id ? -1 : 1;
}
