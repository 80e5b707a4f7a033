/** Which payments of a round are unresolved, before and after it; writes nothing. */
import type { RentalId, ReportId, TxId } from '../../domain/ids';
import { isOpenReport, isOpenTransaction } from '../../domain/payments/payment';
import type { Report } from '../../domain/payments/report';
import type { Transaction } from '../../domain/payments/transaction';
import type { Batch } from './batch';

export type OpenPayments = ReadonlyMap<TxId | ReportId, RentalId>;

export function openPayments(
  transactions: Iterable<Transaction>,
  reports: Iterable<Report>,
): OpenPayments {
  const open = new Map<TxId | ReportId, RentalId>();
  for (const tx of transactions) {
    if (isOpenTransaction(tx)) open.set(tx.txId, tx.rentalId!);
  }
  for (const report of reports) {
    if (isOpenReport(report)) open.set(report.id, report.rentalId);
  }
  return open;
}

/** Rentals of which a payment was unresolved before the round and is not now, or the other way. */
export function rentalsTurned(batch: Batch, before: OpenPayments): ReadonlySet<RentalId> {
  const after = openPayments(batch.txs.values(), batch.reports.values());
  const turned = new Set<RentalId>();
  for (const [id, rentalId] of before) if (!after.has(id)) turned.add(rentalId);
  for (const [id, rentalId] of after) if (!before.has(id)) turned.add(rentalId);
  return turned;
}
