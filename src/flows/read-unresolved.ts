/** Reads what is unresolved of rentals: what they were perhaps paid, and nobody knows for sure. */
import { groupedBy } from '../domain/grouping';
import type { RentalId } from '../domain/ids';
import type { Unresolved } from '../domain/ledger/possible';
import type { ReportStore, TransactionStore } from './ports/money-ports';

export interface UnresolvedDeps {
  readonly transactions: Pick<TransactionStore, 'unresolvedOf'>;
  readonly reports: Pick<ReportStore, 'unresolvedOf'>;
}

export const NONE_UNRESOLVED: Unresolved = { transactions: [], reports: [] };

/** A store answers so many rows at most; a full answer is asked for again in halves. */
const MOST_ROWS = 2_000;

/**
 * Reports first, then transactions; whoever wants entries too reads them after both. A payment
 * moves on in this order, so that one which moves between two reads is counted twice at the most,
 * and never in neither.
 */
export async function readUnresolved(
  deps: UnresolvedDeps,
  ids: readonly RentalId[],
): Promise<ReadonlyMap<RentalId, Unresolved>> {
  const reports = await readAll((some) => deps.reports.unresolvedOf(some), ids);
  const transactions = await readAll((some) => deps.transactions.unresolvedOf(some), ids);
  const reportsOf = groupedBy(reports, (report) => report.rentalId);
  const txsOf = groupedBy(transactions, (tx) => tx.rentalId);
  return new Map(
    ids.map((id) => [id, { transactions: txsOf.get(id) ?? [], reports: reportsOf.get(id) ?? [] }]),
  );
}

async function readAll<Row>(
  read: (ids: readonly RentalId[]) => Promise<Row[]>,
  ids: readonly RentalId[],
): Promise<Row[]> {
  const rows = await read(ids);
  if (rows.length < MOST_ROWS || ids.length === 1) return rows;
  const half = Math.ceil(ids.length / 2);
  const first = await readAll(read, ids.slice(0, half));
  return [...first, ...(await readAll(read, ids.slice(half)))];
}
