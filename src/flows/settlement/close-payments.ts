/**
 * The last step of settle: what has nothing left to be done is due no more; changes nothing else.
 */
import { isOpenReport, isOpenTransaction } from '../../domain/payments/payment';
import type { RentalId, ReportId, TxId } from '../../domain/ids';
import { linkedTx, type Report } from '../../domain/payments/report';
import type { Transaction } from '../../domain/payments/transaction';
import { MINUTE_MS, plusMs, type Instant } from '../../domain/time';
import { subjectReports, subjectTxs, type Batch, type SettleDeps } from './batch';

/** Subjects of the round that are settled for now, and due only until caches say so too. */
export interface Closing {
  readonly txs: readonly Transaction[];
  readonly reports: readonly Report[];
  /** When those are looked at once more that another round may still be at work on. */
  readonly again: ReadonlyMap<TxId | ReportId, Instant>;
}

/** Marks the rentals of these for a refresh: a round before may have died on its way to them. */
export function paymentsToClose(batch: Batch): Closing {
  const txs = subjectTxs(batch).filter(
    (tx) => tx.nextCheckAt !== null && !batch.lostTxs.has(tx.txId) && !isOpenTransaction(tx),
  );
  const reports = subjectReports(batch).filter(
    (report) => report.nextCheckAt !== null && !isLost(batch, report) && isClosed(report),
  );
  for (const tx of txs) if (tx.rentalId !== null) batch.touched.add(tx.rentalId);
  for (const report of reports) batch.touched.add(report.rentalId);
  const again = new Map<TxId | ReportId, Instant>();
  for (const { txId, rev } of txs) noteOpen(batch, { id: txId, rev }, again);
  for (const { id, rev } of reports) noteOpen(batch, { id, rev }, again);
  return { txs, reports, again };
}

/** A round that has stalled this long by then, and dies at its next write, is not reckoned with. */
const AGAIN_MS = MINUTE_MS;

/**
 * It was due before, and this round has changed it: a round that was open on what it said before
 * may yet make its entries and die, and then nobody else would find that they are out of date.
 */
function noteOpen(
  batch: Batch,
  { id, rev }: { readonly id: TxId | ReportId; readonly rev: number },
  again: Map<TxId | ReportId, Instant>,
): void {
  const before = batch.dueBefore.get(id);
  if (before !== undefined && rev > before) again.set(id, plusMs(batch.now, AGAIN_MS));
}

/** A report waits for its transaction, which may not know of the link yet. */
function isLost(batch: Batch, report: Report): boolean {
  const txId = linkedTx(report);
  return batch.lostReports.has(report.id) || (txId !== null && batch.lostTxs.has(txId));
}

/**
 * A linked report speaks through its transaction; one that nobody can look up waits for a person.
 */
function isClosed(report: Report): boolean {
  const waits = report.unitId === null && report.settledBy === null;
  return waits || !isOpenReport(report);
}

/**
 * Call it once the caches of their rentals are refreshed, all but those of `stale`. A payment that
 * somebody else has changed meanwhile is theirs to settle.
 */
export async function closePayments(
  deps: SettleDeps,
  closing: Closing,
  stale: ReadonlySet<RentalId>,
): Promise<void> {
  const txs = closing.txs
    .filter((tx) => tx.rentalId === null || !stale.has(tx.rentalId))
    .map((tx) => ({ ...tx, nextCheckAt: closing.again.get(tx.txId) ?? null }));
  const reports = closing.reports
    .filter((report) => !stale.has(report.rentalId))
    .map((report) => ({ ...report, nextCheckAt: closing.again.get(report.id) ?? null }));
  await Promise.all([
    txs.length === 0 ? null : deps.transactions.save(txs),
    reports.length === 0 ? null : deps.reports.save(reports),
  ]);
}
