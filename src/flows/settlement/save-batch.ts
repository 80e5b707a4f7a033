/**
 * Writes what a round changed, by compare-and-set; what somebody else changed first is done again.
 */
import { foldStatements } from '../../domain/payments/statements';
import type { Transaction } from '../../domain/payments/transaction';
import type { Batch, SettleDeps } from './batch';

/**
 * Steps 1 and 3 of settle in one write: statements, rental, link copy and tenancy, before entries
 * follow from them. Nothing follows from what was never paid: it is saved with its outcome.
 */
export async function saveCreditable(deps: SettleDeps, batch: Batch): Promise<void> {
  await save(deps, batch, (tx) => foldStatements(tx.statements).wasPaid);
}

export async function saveTransactions(deps: SettleDeps, batch: Batch): Promise<void> {
  await save(deps, batch, () => true);
}

async function save(
  deps: SettleDeps,
  batch: Batch,
  isWanted: (tx: Transaction) => boolean,
): Promise<void> {
  const changed = [...batch.txs.values()]
    .filter((tx) => tx !== batch.storedTxs.get(tx.txId) && !batch.lostTxs.has(tx.txId))
    .filter(isWanted)
    .map((tx) => dueUntilClosed(tx, batch));
  if (changed.length === 0) return;
  const saved = await deps.transactions.save(changed);
  for (const tx of changed) {
    if (!saved.has(tx.txId)) {
      batch.lostTxs.add(tx.txId);
      continue;
    }
    const stored = { ...tx, rev: tx.rev + 1 };
    batch.storedTxs.set(tx.txId, stored);
    batch.txs.set(tx.txId, stored);
    if (tx.rentalId !== null) batch.touched.add(tx.rentalId);
  }
}

/** Whatever a round changes is due until the round is over, so that its death loses nothing. */
function dueUntilClosed(tx: Transaction, batch: Batch): Transaction {
  const isDue = tx.nextCheckAt !== null || tx.rentalId === null;
  return isDue ? tx : { ...tx, nextCheckAt: batch.now };
}

export async function saveReports(deps: SettleDeps, batch: Batch): Promise<void> {
  const changed = [...batch.reports.values()].filter(
    (report) => report !== batch.storedReports.get(report.id) && !batch.lostReports.has(report.id),
  );
  if (changed.length === 0) return;
  const saved = await deps.reports.save(changed);
  for (const report of changed) {
    if (!saved.has(report.id)) {
      batch.lostReports.add(report.id);
      continue;
    }
    const stored = { ...report, rev: report.rev + 1 };
    batch.storedReports.set(report.id, stored);
    batch.reports.set(report.id, stored);
    batch.touched.add(report.rentalId);
  }
}
