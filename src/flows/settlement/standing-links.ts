/**
 * Links that stand whatever a round brings: of payments that it has news of, and no news that links
 * depend on. What else could be paired with them is not read; the pair itself is drawn as always.
 * It leans on this: whoever brings or changes anything near them reads them in a round of his own,
 * and leaves something due until that is over.
 */
import type { ReportId, TxId } from '../../domain/ids';
import { groupKey } from '../../domain/payments/pair';
import { foldStatements } from '../../domain/payments/statements';
import { linkedTx, type Report } from '../../domain/payments/report';
import type { Transaction } from '../../domain/payments/transaction';
import { subjectReports, subjectTxs, type Batch } from './batch';

/**
 * Transactions with the report that each says it is linked to. Left out is what was due already,
 * since a round may have died on its way to it, and what another subject of the round could be
 * paired with, or names.
 */
export function linksThatMayStand(batch: Batch): ReadonlyMap<TxId, ReportId> {
  const groups = new Map<string, number>();
  const count = (key: string): void => void groups.set(key, (groups.get(key) ?? 0) + 1);
  const named = new Set<TxId | null>();
  for (const tx of subjectTxs(batch)) count(groupOf(tx));
  for (const report of subjectReports(batch)) {
    const { unitId, payer, amount, ref, takes } = report;
    if (unitId !== null) count(groupKey(unitId, payer.key, amount));
    for (const id of [ref, takes, linkedTx(report)]) named.add(id);
  }
  const links = new Map<TxId, ReportId>();
  for (const tx of subjectTxs(batch)) {
    const { txId, reportId } = tx;
    if (reportId === null || named.has(txId) || groups.get(groupOf(tx)) !== 1) continue;
    if (tx.rentalId !== null && isAsBefore(batch, tx)) links.set(txId, reportId);
  }
  return links;
}

/**
 * A link that a person made stands too. Where there are differences they may be gone by now, so
 * that all is read. @param report as it is stored now.
 */
export function linkStands(tx: Transaction, report: Report | undefined): boolean {
  if (report === undefined || linkedTx(report) !== tx.txId) return false;
  const isNamed = report.ref === null || report.ref === tx.txId;
  return isNamed && report.breaks.length === 0;
}

function isAsBefore(batch: Batch, tx: Transaction): boolean {
  const stored = batch.storedTxs.get(tx.txId);
  if (stored === undefined || batch.dueBefore.has(tx.txId)) return false;
  const [before, now] = [foldStatements(stored.statements), foldStatements(tx.statements)];
  return (
    before.highest.payer.key === now.highest.payer.key &&
    before.highest.amount === now.highest.amount &&
    before.paidAt === now.paidAt &&
    before.paidAtKnown === now.paidAtKnown
  );
}

function groupOf({ unitId, statements }: Transaction): string {
  const { payer, amount } = foldStatements(statements).highest;
  return groupKey(unitId, payer.key, amount);
}
