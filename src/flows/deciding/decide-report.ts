/** A manager's word about a box's report: linked, confirmed, refunded or dismissed. */
import { reportId, rentalOfTenancy, reportPaymentId, type TenancyId } from '../../domain/ids';
import type { OutsideReference } from '../../domain/payments/outside-reference';
import { isClosedByHand, isFree } from '../../domain/payments/pair';
import type { Report, SettledBy } from '../../domain/payments/report';
import type { Transaction } from '../../domain/payments/transaction';
import { conflict, refused, type Conflict, type Refused } from '../access/refusal';
import {
  again,
  done,
  UNKNOWN_TRANSACTION,
  type DecideDeps,
  type Decision,
  type Step,
} from './decision';
import { claimReference, outsideOf } from './outside-reference';

interface About {
  readonly report: Report;
  /** The transaction that it is linked to, or has taken. */
  readonly tx: Transaction | null;
  readonly decision: Decision;
}

/** A link that a person made stays, whatever arrives later. */
export async function linkReport(deps: DecideDeps, about: About): Promise<Step> {
  const { report, decision } = about;
  const txId = decision.txId ?? null;
  if (txId === null) return refused('Name the transaction that the report is about.');
  const closed = closedText(report);
  if (closed !== null) return conflict(closed);
  const [tx] = await deps.transactions.get([txId]);
  if (tx === undefined) return UNKNOWN_TRANSACTION;
  if (tx.rentalId !== report.rentalId) return refused('That transaction is about another rental.');
  if (tx.takenBy !== null) return conflict('That transaction was taken by another report.');
  const rivals = await deps.reports.concerning([txId]);
  const taken = rivals.some((one) => one.id !== report.id && linksByPerson(one, txId));
  if (taken) return conflict('A person linked that transaction to another report.');
  const settledBy: SettledBy = { by: 'link', txId, basis: 'person' };
  const step = await saveReport(deps, report, { settledBy }, decision);
  return step.kind === 'done' ? done(txId) : step;
}

/**
 * Paid, says a person: an external entry. A transaction that the report is linked to is claimed
 * first; one that was credited meanwhile can not be, and then nothing is confirmed.
 */
export async function confirmReport(deps: DecideDeps, about: About): Promise<Step> {
  const { report, tx, decision } = about;
  const outside = outsideOf(decision);
  if (outside === null) return refused('Name the reference under which the L$ were received.');
  const closed = closedText(report);
  if (closed !== null) return conflict(closed);
  const tenancyId = decision.tenancyId ?? null;
  const wrong = tenancyId === null ? null : await wrongTenancy(deps, report, tenancyId);
  if (wrong !== null) return wrong;
  const credited = alreadyCredited(tx, report);
  if (credited !== null) return credited;
  const claimed = await claimFor(deps, report, decision);
  if (claimed.kind !== 'done') return claimed;
  const taken = await claimLinked(deps, tx, report);
  if (taken.kind !== 'done') return taken;
  const settledBy: SettledBy = { by: 'hand', ...outside };
  const takes = tx?.txId ?? null;
  return saveReport(deps, report, { settledBy, takes, tenancyId }, decision);
}

/** Refunded takes the transaction that turns up later; dismissed takes none. */
export async function closeReport(
  deps: DecideDeps,
  report: Report,
  decision: Decision,
): Promise<Step> {
  const as = decision.as === 'refunded' ? 'refunded' : 'dismissed';
  const isPlaced = isConfirmed(report) && !isUnplaced(report);
  const givesBack = isPlaced && report.reversedByHand === null && as === 'refunded';
  const closed = givesBack || isUnplaced(report) ? null : closedText(report);
  if (closed !== null) return conflict(closed);
  const claimed = await claimFor(deps, report, decision);
  if (claimed.kind !== 'done') return claimed;
  if (givesBack) {
    const { author, reason } = decision;
    return saveReport(deps, report, { reversedByHand: { author, reason, as } }, decision);
  }
  // A dismissed report takes none: what it has taken is let go.
  const takes = as === 'dismissed' ? null : report.takes;
  return saveReport(deps, report, { settledBy: { by: as }, takes }, decision);
}

/** By its box or by a person, so that it is credited itself. */
const isConfirmed = ({ settledBy }: Report): boolean =>
  settledBy?.by === 'self' || settledBy?.by === 'hand';

/**
 * Confirmed, but for a time that no tenancy covers, as settle has found: no entry can have been
 * made for it. Before settle has looked, a confirmation stands.
 */
const isUnplaced = (report: Report): boolean =>
  isConfirmed(report) &&
  report.tenancyId === null &&
  report.creditedBy === null &&
  report.breaks.includes('outside-tenancy');

/** Confirmed, but for a time that no tenancy covers; once assigned, its tenancy never changes. */
export async function assignReport(
  deps: DecideDeps,
  report: Report,
  decision: Decision,
): Promise<Step> {
  const tenancyId = decision.tenancyId ?? null;
  if (tenancyId === null) return refused('Name the tenancy that the payment belongs to.');
  if (!isConfirmed(report)) {
    return conflict('Only a transaction or a confirmed report can be assigned. Confirm it first.');
  }
  if (report.tenancyId === tenancyId) return done();
  if (report.tenancyId !== null) {
    return conflict('The payment was given its tenancy before, and that never changes.');
  }
  const wrong = await wrongTenancy(deps, report, tenancyId);
  return wrong ?? saveReport(deps, report, { tenancyId }, decision);
}

/** An entry for a tenancy that does not exist would be nobody's, or the next tenant's. */
async function wrongTenancy(
  deps: DecideDeps,
  report: Report,
  tenancyId: TenancyId,
): Promise<Refused | null> {
  if (rentalOfTenancy(tenancyId) !== report.rentalId) {
    return refused('The tenancy is not one of the rental that was paid.');
  }
  const [tenancy] = await deps.tenancies.get([tenancyId]);
  return tenancy === undefined ? refused('There is no such tenancy.') : null;
}

/** L$ that were received and L$ that were given back are two, and never under one reference. */
function claimFor(deps: DecideDeps, report: Report, decision: Decision): Promise<Step> {
  const { id, settledBy } = report;
  const usedBefore: OutsideReference | null = settledBy?.by === 'hand' ? settledBy : null;
  return claimReference(deps, { paymentId: reportPaymentId(id), decision, usedBefore });
}

/** Asked before a reference is claimed for what can not be confirmed. */
function alreadyCredited(tx: Transaction | null, report: Report): Conflict | null {
  if (tx === null || tx.takenBy === report.id) return null;
  if (isFree(tx) && tx.takenBy === null) return null;
  return conflict('The provider completed the payment: it is credited already.');
}

/** Claims the linked transaction for the report, so that it can never be credited besides. */
async function claimLinked(
  deps: DecideDeps,
  tx: Transaction | null,
  report: Report,
): Promise<Step> {
  if (tx === null || tx.takenBy === report.id) return done();
  const claimed: Transaction = { ...tx, takenBy: report.id, nextCheckAt: deps.clock.now() };
  const saved = await deps.transactions.save([claimed]);
  return saved.has(tx.txId) ? done() : again;
}

function closedText(report: Report): string | null {
  if (isClosedByHand(report)) return 'The report was settled by hand before.';
  if (report.settledBy?.by === 'dismissed') return 'The report was dismissed before.';
  if (report.settledBy?.by === 'self') {
    return 'The report is credited by itself. Reverse its entry, or mark it as refunded.';
  }
  return null;
}

function linksByPerson(report: Report, txId: string): boolean {
  const { settledBy } = report;
  return settledBy?.by === 'link' && settledBy.basis === 'person' && settledBy.txId === txId;
}

async function saveReport(
  deps: DecideDeps,
  report: Report,
  change: Partial<Report>,
  said: Decision,
): Promise<Step> {
  const now = deps.clock.now();
  const { author, reason } = said;
  const outside = outsideOf(said);
  const decision = { author, reason, at: now, ...(outside !== null && { reference: outside }) };
  const next: Report = { ...report, nextCheckAt: now, decision, ...change };
  const saved = await deps.reports.save([next]);
  return saved.has(reportId(report.boxId, report.eventId)) ? done() : again;
}
