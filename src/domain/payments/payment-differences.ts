/** The breaks that a transaction's or a report's facts call for, from the facts alone. */
import { TOLERANCE_SECONDS } from '../ledger/credit';
import type { BreakDraft, BreakKind } from '../break';
import type { Entry } from '../ledger/entry';
import { reportPaymentId, txPaymentId } from '../ids';
import type { LinkDifference } from './links';
import type { Report } from './report';
import { foldStatements } from './statements';
import type { Transaction } from './transaction';

/** What settle found besides the statements themselves. */
export interface TransactionFindings {
  /** Why no tenancy could be named, where that was so. */
  readonly unassigned: 'tenant-differs' | 'outside-tenancy' | 'opening-unclear' | null;
  readonly beyond2038: boolean;
  readonly lookupsUsedUp: boolean;
  /** The paid entry, where there is one. */
  readonly paid: Entry | null;
  /** A report is linked, so that the report's own break speaks for both. */
  readonly reportedAs: Report | null;
}

export function transactionBreaks(tx: Transaction, found: TransactionFindings): BreakDraft[] {
  if (tx.rentalId === null) return [];
  const { versionFell, failedAfterPaid } = foldStatements(tx.statements);
  const kinds: [BreakKind, string][] = [];
  if (versionFell) kinds.push(['version-fell', VERSION_FELL]);
  if (failedAfterPaid) kinds.push(['failed-after-paid', FAILED_AFTER_PAID]);
  if (found.unassigned !== null) kinds.push([found.unassigned, UNASSIGNED[found.unassigned]]);
  if (found.beyond2038) kinds.push(['beyond-2038', BEYOND_2038]);
  if (found.lookupsUsedUp && found.reportedAs === null) kinds.push(['unlinked-upstream', STUCK]);
  const drafts = kinds.map(([kind, text]) => draftOf(tx, { kind, text, seconds: null }));
  return found.paid === null ? drafts : [...drafts, ...creditBreaks(tx, found.paid)];
}

/** What the provider says it credited, against what we did. */
function creditBreaks(tx: Transaction, paid: Entry): BreakDraft[] {
  const { highestCompleted } = foldStatements(tx.statements);
  if (highestCompleted === null) return [];
  const drafts: BreakDraft[] = [];
  const { creditedSeconds, amount } = highestCompleted;
  const short = creditedSeconds === null ? 0 : paid.seconds - creditedSeconds;
  if (short > TOLERANCE_SECONDS) {
    const text = `The provider credited ${short} seconds less than the price buys. ${OURS_STANDS}`;
    drafts.push(draftOf(tx, { kind: 'time-differs', text, seconds: short }));
  }
  if (paid.amount !== null && paid.amount !== amount) {
    const text = `The provider counts L$ ${amount}; we credited L$ ${paid.amount}. ${OURS_STANDS}`;
    drafts.push(draftOf(tx, { kind: 'amount-differs', text, seconds: null }));
  }
  return drafts;
}

function draftOf(
  tx: Transaction,
  found: { readonly kind: BreakKind; readonly text: string; readonly seconds: number | null },
): BreakDraft {
  const { highest, versionFell } = foldStatements(tx.statements);
  const { version, state, streamRank } = highest;
  const paymentId = txPaymentId(tx.txId);
  return {
    ...found,
    about: paymentId,
    // What is said again under another numbering is nothing new, but for a version that fell.
    fingerprint: versionFell ? `${streamRank}.${version} ${state}` : `${version} ${state}`,
    subjects: tx.rentalId === null ? [paymentId] : [tx.rentalId, paymentId],
    amount: highest.amount,
  };
}

export function reportBreaks(
  report: Report,
  found: {
    readonly lookupsUsedUp: boolean;
    readonly unassigned: TransactionFindings['unassigned'];
    readonly beyond2038: boolean;
  },
): BreakDraft[] {
  const make = (kind: BreakKind, text: string): BreakDraft => ({
    kind,
    about: reportPaymentId(report.id),
    fingerprint: kind,
    subjects: [report.rentalId, report.id],
    amount: report.amount,
    seconds: null,
    text,
  });
  const drafts: BreakDraft[] = [];
  if (found.lookupsUsedUp) drafts.push(make('unconfirmed-report', UNCONFIRMED));
  if (found.unassigned !== null) drafts.push(make(found.unassigned, UNASSIGNED[found.unassigned]));
  if (found.beyond2038) drafts.push(make('beyond-2038', BEYOND_2038));
  return drafts;
}

/** Between a report and the transaction that it is linked to, or named in vain. */
export function differenceOf(report: Report, found: LinkDifference): BreakDraft {
  return {
    kind: found.kind,
    about: report.id,
    fingerprint: found.txId,
    subjects: [report.rentalId, report.id, `tx:${found.txId}`],
    amount: report.amount,
    seconds: null,
    text: found.text,
  };
}

const OURS_STANDS = 'Ours stands; compare price and payment on both sides.';
const VERSION_FELL =
  'The provider came back from a backup with an older word about a completed payment. ' +
  'The credit stands; see that the provider restores it.';
const FAILED_AFTER_PAID =
  'The provider took back its word after it had completed the payment. ' +
  'The credit stands; ask the provider which is true.';
const STUCK =
  'The provider has not completed this payment in any look-up. ' +
  'Settle it with the provider, then decide it here.';
const BEYOND_2038 =
  'The time would reach beyond 19 January 2038, which boxes cannot show. ' +
  'The payment waits here, uncredited, until a person decides.';
const UNCONFIRMED =
  'The box reported this payment and the provider confirmed it in no look-up. ' +
  'Ask for the transaction id, then link, confirm, refund or dismiss it.';
const UNASSIGNED: Record<'tenant-differs' | 'outside-tenancy' | 'opening-unclear', string> = {
  'tenant-differs':
    'The payment names another tenant than the tenancy that holds the rental. ' +
    'Assign it to the right tenancy.',
  'outside-tenancy':
    'The payment was made at a time that no tenancy covers. Assign it, refund it or dismiss it.',
  'opening-unclear':
    'The provider renumbered, and the payment lies before the import: it may be in the opening ' +
    'already. Compare with the provider, then assign or dismiss it.',
};
