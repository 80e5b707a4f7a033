/** Redraws the links of a neighbourhood and writes those that changed; moves no time. */
import { isSettledByLink, linkedTx, sameSettlement } from '../../domain/payments/report';
import type { ReportId, TxId } from '../../domain/ids';
import { drawLinks, type LinkDifference, type LinkPlan } from '../../domain/payments/links';
import { isClosedByHand, isFree } from '../../domain/payments/pair';
import type { Report, SettledBy } from '../../domain/payments/report';
import { addStep, type Transaction } from '../../domain/payments/transaction';
import { subjectReports, type Batch, type SettleDeps } from './batch';
import { saveReports } from './save-batch';

/** Step 2 of settle: reports whose word is somebody's else now are saved by compare-and-set. */
export async function linkPayments(deps: SettleDeps, batch: Batch): Promise<LinkDifference[]> {
  if (batch.reports.size === 0) return [];
  await finishTakes(deps, batch);
  const plan = drawLinks({
    reports: [...batch.reports.values()],
    transactions: [...batch.txs.values()].filter((tx) => tx.rentalId !== null),
    windowS: deps.settings.matchWindowS,
  });
  await takeByHand(deps, batch, plan.takes);
  applyLinks(batch, plan);
  settleThemselves(batch);
  await saveReports(deps, batch);
  for (const id of batch.lostReports) loseReport(batch, id);
  copyLinksToTransactions(batch);
  addSubjects(batch, plan.differences);
  return [...plan.differences];
}

/**
 * What linking has news of is settled in this round too: reports with a new difference, to have it
 * opened; linked ones with open breaks, to have those closed that are gone; and the transactions
 * that reports are linked to.
 */
function addSubjects(batch: Batch, differences: readonly LinkDifference[]): void {
  const isNew = ({ kind, reportId }: LinkDifference): boolean =>
    batch.reports.get(reportId)?.breaks.includes(kind) === false;
  const differing = new Set(differences.filter(isNew).map(({ reportId }) => reportId));
  for (const report of batch.reports.values()) {
    const mayBeGone = report.breaks.length > 0 && report.settledBy?.by === 'link';
    const isOurs = batch.rentals.has(report.rentalId);
    if (isOurs && (differing.has(report.id) || mayBeGone)) batch.subjects.reportIds.add(report.id);
  }
  for (const report of subjectReports(batch)) {
    const txId = linkedTx(report) ?? report.takes;
    if (txId !== null && batch.txs.has(txId)) batch.subjects.txIds.add(txId);
  }
}

/**
 * A transaction was claimed for a report by hand, and the process died before the report said so.
 */
async function finishTakes(deps: SettleDeps, batch: Batch): Promise<void> {
  for (const tx of batch.txs.values()) {
    if (tx.takenBy === null) continue;
    const report = batch.reports.get(tx.takenBy);
    if (report === undefined || report.takes === tx.txId) continue;
    if (report.takes === null && isClosedByHand(report)) {
      await writeTake(deps, batch, report, tx.txId);
    } else await releaseClaim(deps, batch, { tx, report });
  }
}

/**
 * A claim that no decision followed falls away. The report is written first, so that a manager who
 * is deciding on what it said before loses the race, reads again, and sees the transaction as it is
 * then.
 */
async function releaseClaim(
  deps: SettleDeps,
  batch: Batch,
  { tx, report }: { readonly tx: Transaction; readonly report: Report },
): Promise<void> {
  const saved = await deps.reports.save([report]);
  if (!saved.has(report.id)) {
    batch.lostTxs.add(tx.txId);
    return;
  }
  const stored = { ...report, rev: report.rev + 1 };
  batch.storedReports.set(report.id, stored);
  batch.reports.set(report.id, stored);
  batch.txs.set(tx.txId, { ...tx, takenBy: null });
}

/**
 * First the transaction is claimed, then the report says so: a transaction that is assigned to a
 * tenancy can no longer be claimed, and one that is claimed is never assigned, so that a payment
 * confirmed by hand is not credited a second time.
 */
async function takeByHand(deps: SettleDeps, batch: Batch, takes: LinkPlan['takes']): Promise<void> {
  for (const [reportId, txId] of takes) {
    const tx = batch.txs.get(txId);
    const report = batch.reports.get(reportId);
    if (tx === undefined || report === undefined || !isFree(tx) || tx.takenBy !== null) continue;
    const claimed = { ...tx, takenBy: reportId, reportId, nextCheckAt: batch.now };
    const saved = await deps.transactions.save([claimed]);
    if (!saved.has(txId)) {
      batch.lostTxs.add(txId);
      continue;
    }
    const stored = { ...claimed, rev: tx.rev + 1 };
    batch.storedTxs.set(txId, stored);
    batch.txs.set(txId, stored);
    await writeTake(deps, batch, report, txId);
  }
}

async function writeTake(
  deps: SettleDeps,
  batch: Batch,
  report: Report,
  txId: TxId,
): Promise<void> {
  const taking: Report = { ...report, takes: txId };
  const saved = await deps.reports.save([taking]);
  if (!saved.has(report.id)) {
    batch.lostTxs.add(txId);
    return;
  }
  const stored = { ...taking, rev: report.rev + 1 };
  batch.storedReports.set(report.id, stored);
  batch.reports.set(report.id, stored);
}

function applyLinks(batch: Batch, plan: LinkPlan): void {
  for (const report of batch.reports.values()) {
    if (!mayRedraw(report.settledBy)) continue;
    const link = plan.links.get(report.id);
    const settledBy: SettledBy | null = link === undefined ? null : { by: 'link', ...link };
    if (settledBy === null && !isRedrawn(report, batch)) continue;
    if (sameSettlement(report.settledBy, settledBy)) continue;
    const code = settledBy === null ? 'unlinked' : 'linked';
    const isHeard = link === undefined || isStoredAsDue(batch, link.txId);
    if (!isHeard) closeWithRound(batch, report);
    const isSubject = batch.subjects.reportIds.has(report.id);
    // What the link changes about its transaction is not written yet: one of the two stays due.
    const staysDue = settledBy === null || isSubject || !isHeard;
    const nextCheckAt = staysDue ? batch.now : null;
    const steps = addStep(report.steps, { code, at: batch.now });
    batch.reports.set(report.id, { ...report, settledBy, nextCheckAt, steps });
    batch.touched.add(report.rentalId);
  }
}

/** A process that dies now has the transaction settled once more, and its report with it. */
function isStoredAsDue({ storedTxs, now }: Batch, txId: TxId): boolean {
  const nextCheckAt = storedTxs.get(txId)?.nextCheckAt ?? null;
  return nextCheckAt !== null && nextCheckAt <= now;
}

/** As a subject it is closed at the end of the round. */
function closeWithRound(batch: Batch, { id, rentalId }: Report): void {
  if (batch.rentals.has(rentalId)) batch.subjects.reportIds.add(id);
}

/** A link falls away only where the transaction that it leans on was looked at in this round. */
function isRedrawn(report: Report, batch: Batch): boolean {
  return report.settledBy?.by === 'link' && batch.txs.has(report.settledBy.txId);
}

function mayRedraw(settledBy: SettledBy | null): boolean {
  return settledBy === null || (isSettledByLink(settledBy) && settledBy.basis !== 'person');
}

/** Rentals that let by themselves: the signed report confirms at once. */
function settleThemselves(batch: Batch): void {
  for (const report of batch.reports.values()) {
    const rental = batch.rentals.get(report.rentalId);
    if (report.settledBy !== null || report.fromRetiredBox) continue;
    if (rental?.verifiedBy === 'box') {
      batch.reports.set(report.id, { ...report, settledBy: { by: 'self' } });
    }
  }
}

/** Somebody decided meanwhile: the payments that lean on this report must be looked at anew. */
function loseReport(batch: Batch, id: ReportId): void {
  const report = batch.reports.get(id);
  if (report?.settledBy?.by === 'link') batch.lostTxs.add(report.settledBy.txId);
  const before = batch.storedReports.get(id)?.settledBy;
  if (before?.by === 'link') batch.lostTxs.add(before.txId);
}

/** A copy for readers: which report a transaction is linked to. What it changes is settled too. */
function copyLinksToTransactions(batch: Batch): void {
  const linked = new Map<TxId, ReportId>();
  for (const report of batch.reports.values()) {
    if (report.settledBy?.by === 'link') linked.set(report.settledBy.txId, report.id);
    if (report.takes !== null) linked.set(report.takes, report.id);
  }
  for (const tx of batch.txs.values()) {
    const reportId = linked.get(tx.txId) ?? null;
    const stale = reportId === null && tx.reportId !== null && !batch.reports.has(tx.reportId);
    if (reportId === tx.reportId || stale) continue;
    batch.txs.set(tx.txId, { ...tx, reportId });
    batch.subjects.txIds.add(tx.txId);
  }
}
