/** Notes what came of each payment: its credit, its next look-up, its breaks; closes none. */
import type { BreakDraft } from '../../domain/break';
import { groupedBy } from '../../domain/grouping';
import { txPaymentId, type ReportId, type TxId } from '../../domain/ids';
import type { LinkDifference } from '../../domain/payments/links';
import {
  isOpenReport,
  isOpenTransaction,
  reportState,
  transactionState,
} from '../../domain/payments/payment';
import {
  differenceOf,
  reportBreaks,
  transactionBreaks,
} from '../../domain/payments/payment-differences';
import { linkedTx, type Report } from '../../domain/payments/report';
import { lookupsUsedUp, nextLookupAt } from '../../domain/payments/schedule';
import { foldStatements } from '../../domain/payments/statements';
import type { Instant } from '../../domain/time';
import { addStep, type Transaction } from '../../domain/payments/transaction';
import type { Unassignables } from './assign-tenancies';
import {
  subjectReports,
  subjectTxs,
  type Batch,
  type LookupResult,
  type SettleDeps,
} from './batch';
import type { Credited } from './credit-payments';
import { kindsOf, noteBreaks, writeBreaks, type Gone } from './note-breaks';
import { saveReports, saveTransactions } from './save-batch';

export interface Outcome {
  readonly credited: Credited;
  readonly unassigned: Unassignables;
  readonly differences: readonly LinkDifference[];
  readonly looked: ReadonlyMap<TxId | ReportId, LookupResult>;
}

/**
 * Breaks are opened before the payment says that they are, and the payment is finished by
 * compare-and-set on what this round read: whoever brought news meanwhile settles it again. One
 * that entries were made for is written even where nothing else is new: had somebody brought news
 * before the entries were made, they would contradict it, and only a lost write tells.
 */
export async function finishPayments(
  deps: SettleDeps,
  batch: Batch,
  outcome: Outcome,
): Promise<void> {
  const wanted: BreakDraft[] = [];
  const gone: Gone[] = [];
  const { entered } = outcome.credited;
  const differences = groupedBy<ReportId, LinkDifference>(
    outcome.differences,
    ({ reportId }) => reportId,
  );
  for (const tx of subjectTxs(batch)) {
    if (batch.lostTxs.has(tx.txId)) continue;
    const { next, drafts } = finishTransaction(deps, batch, tx, outcome);
    const about = { own: txPaymentId(tx.txId), report: tx.reportId };
    noteBreaks(tx.breaks, drafts, { wanted, gone, about });
    const isSure = !entered.has(tx.txId) && !bringsReturn(batch, tx);
    keepIfChanged(batch.txs, tx.txId, { before: tx, next, isSure });
  }
  for (const report of subjectReports(batch)) {
    if (batch.lostReports.has(report.id)) continue;
    const finished = finishReport(deps, batch, report, outcome);
    const differing = (differences.get(report.id) ?? []).map((one) => differenceOf(report, one));
    const drafts = [...finished.drafts, ...differing];
    const next: Report = { ...finished.next, breaks: kindsOf(drafts) };
    const about = { own: report.id, report: report.id };
    noteBreaks(report.breaks, drafts, { wanted, gone, about });
    const isSure = !entered.has(report.id);
    keepIfChanged(batch.reports, report.id, { before: report, next, isSure });
  }
  await writeBreaks(deps, batch, { wanted, gone });
  await Promise.all([saveTransactions(deps, batch), saveReports(deps, batch)]);
}

/**
 * What a box gave back may be news to this round alone: a rival that has read the transaction, and
 * did not know of it, must lose the race.
 */
function bringsReturn(
  { returned, dueBefore, subjects }: Batch,
  { reportId }: Transaction,
): boolean {
  if (reportId === null || !returned.has(reportId)) return false;
  return dueBefore.has(reportId) && subjects.reportIds.has(reportId);
}

/** It is due no more once caches are refreshed too; one of no rental of ours is in no cache. */
const closedLater = (tx: Transaction): Instant | null =>
  tx.rentalId === null ? null : tx.nextCheckAt;

function finishTransaction(
  deps: SettleDeps,
  batch: Batch,
  tx: Transaction,
  outcome: Outcome,
): { next: Transaction; drafts: BreakDraft[] } {
  const paid = outcome.credited.main.get(tx.txId) ?? null;
  const report = tx.reportId === null ? null : (batch.reports.get(tx.reportId) ?? null);
  const returned = report === null ? undefined : batch.returned.get(report.id);
  // Its report may be another one than before: what was returned belongs to that one alone.
  const isUnread = tx.reportId !== null && report === null;
  const { highest, wasPaid } = foldStatements(tx.statements);
  const { amount } = highest;
  const looked = outcome.looked.get(tx.txId);
  const checks = tx.checks + (looked === undefined ? 0 : 1);
  const base: Transaction = {
    ...tx,
    creditedBy: paid?.id ?? tx.creditedBy,
    refundedInFull: isUnread ? tx.refundedInFull : (returned?.amount ?? 0) >= amount,
    checks,
  };
  const open = isOpenTransaction(base);
  const since = tx.unresolvedSince ?? batch.now;
  const usedUp = open && !wasPaid && lookupsUsedUp({ since, checks }, batch.now, deps.settings);
  const drafts = [
    ...transactionBreaks(base, {
      unassigned: outcome.unassigned.get(tx.txId) ?? null,
      beyond2038: outcome.credited.beyond2038.has(tx.txId),
      lookupsUsedUp: usedUp,
      paid,
      reportedAs: report,
    }),
    ...(usedUp && report !== null ? unconfirmed(report) : []),
  ];
  const next: Transaction = {
    ...base,
    unresolvedSince: open ? since : null,
    checks: open ? checks : 0,
    nextCheckAt: open ? nextLookupAt(since, batch.now, deps.settings) : closedLater(tx),
    breaks: kindsOf(drafts),
    steps: addStep(tx.steps, { code: transactionState(base), at: batch.now }),
  };
  return { next, drafts };
}

function unconfirmed(report: Report): BreakDraft[] {
  const found = { lookupsUsedUp: true, unassigned: null, beyond2038: false };
  return reportBreaks(report, found);
}

function finishReport(
  deps: SettleDeps,
  batch: Batch,
  report: Report,
  outcome: Outcome,
): { next: Report; drafts: BreakDraft[] } {
  const main = outcome.credited.main.get(report.id) ?? null;
  const returned = batch.returned.get(report.id);
  const looked = outcome.looked.get(report.id);
  const checks = report.checks + (looked === undefined ? 0 : 1);
  const base: Report = {
    ...report,
    creditedBy: main?.id ?? report.creditedBy,
    refundedInFull: returned !== undefined && returned.amount >= report.amount,
    unknownUpstream: looked === undefined ? report.unknownUpstream : looked === 'unknown-there',
    checks,
  };
  const open = isOpenReport(base);
  const usedUp =
    open && lookupsUsedUp({ since: report.receivedAt, checks }, batch.now, deps.settings);
  const drafts = reportBreaks(base, {
    lookupsUsedUp: usedUp,
    unassigned: outcome.unassigned.get(report.id) ?? null,
    beyond2038: outcome.credited.beyond2038.has(report.id),
  });
  const waits = report.unitId === null && report.settledBy === null;
  const next: Report = {
    ...base,
    nextCheckAt:
      open && !waits
        ? nextLookupAt(report.receivedAt, batch.now, deps.settings)
        : report.nextCheckAt,
    steps:
      linkedTx(report) !== null
        ? report.steps
        : addStep(report.steps, { code: reportState(base), at: batch.now }),
  };
  return { next, drafts };
}

function keepIfChanged<Id, Row extends object>(
  rows: Map<Id, Row>,
  id: Id,
  { before, next, isSure }: { readonly before: Row; readonly next: Row; readonly isSure: boolean },
): void {
  const same = (Object.keys(next) as (keyof Row)[]).every((key) => isSame(before[key], next[key]));
  if (!same || !isSure) rows.set(id, next);
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return (
    Array.isArray(a) &&
    Array.isArray(b) &&
    a.length === b.length &&
    a.every((one, i) => one === b[i])
  );
}
