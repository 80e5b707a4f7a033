/**
 * Merges transactions and reports into one order of time; what is wanted of them, the caller says.
 */
import type { mongo } from 'mongoose';
import type { RentalId, ReportId, TxId } from '../../domain/ids';
import type { PaymentRef } from '../../flows/ports/upkeep-ports';
import type { ReportRecord } from './report-record';
import { WHOLE, type Table } from '../table';
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
  const both = await Promise.all([
    readKind(transactions.rows, {
      kind: 'transaction',
      conditions: [filter, ...idsIn(named?.txIds)],
      after,
      wanted,
    }),
    readKind(reports.rows, {
      kind: 'report',
      conditions: [filter, ...idsIn(named?.reportIds), LISTED],
      after,
      wanted,
    }),
  ]);
  return both.flat().sort(inOrder).slice(0, wanted);
}

interface Row {
  readonly _id: string;
  readonly listed: { readonly at: Date; readonly of: RentalId | null };
  readonly takenBy?: string | null;
}

interface KindRead {
  readonly kind: PaymentRef['kind'];
  readonly conditions: readonly object[];
  readonly after: Position | null;
  readonly wanted: number;
}

/** Linked reports and returned words have no place of their own in lists. */
const LISTED = { 'listed.at': { $gte: new Date(0) } };

/**
 * A transaction that a report has taken is listed by that report, whose state is the payment's.
 * Such ones are few: they are left out here, so that the order of time alone decides which index
 * serves.
 */
async function readKind<Stored extends { _id: string }>(
  rows: mongo.Collection<Stored>,
  { kind, conditions, after, wanted }: KindRead,
): Promise<MergedRow[]> {
  const found: MergedRow[] = [];
  let from = after;
  while (found.length < wanted) {
    const filter = allOf([...conditions, ...behind(kind, from)]);
    const page = await rows
      .find(filter as mongo.Filter<Stored>, WHOLE)
      .sort({ 'listed.at': -1, _id: -1 })
      .limit(wanted)
      .project<Row>({ 'listed.at': 1, 'listed.of': 1, takenBy: 1 })
      .toArray();
    for (const row of page) {
      const place = { at: row.listed.at, kind, id: row._id };
      from = place;
      if ((row.takenBy ?? null) !== null) continue;
      found.push({ ...place, rentalId: row.listed.of, ref: refOf(kind, row._id) });
    }
    if (page.length < wanted) break;
  }
  return found;
}

const refOf = (kind: PaymentRef['kind'], id: string): PaymentRef =>
  kind === 'transaction' ? { kind, txId: id as TxId } : { kind, id: id as ReportId };

/** As plain as it can be said: the plainer, the more engines find the index. */
function allOf(conditions: readonly object[]): object {
  const given = conditions.filter((one) => Object.keys(one).length > 0);
  return given.length > 1 ? { $and: given } : { ...given[0] };
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
