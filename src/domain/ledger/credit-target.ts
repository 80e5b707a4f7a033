/** What a transaction, or a report that is credited itself, ought to come to in the ledger. */
import type { CreditTarget } from './credit';
import type { EntrySource } from './entry';
import { SYSTEM } from './entry';
import { reportPaymentId, txPaymentId } from '../ids';
import { secondsBought, termsAt } from './price';
import type { Rental } from '../rental';
import type { Report, ReturnedWord } from '../payments/report';
import { foldStatements, handReversalStands, saysMoreThan } from '../payments/statements';
import type { Instant, Seconds } from '../time';
import type { Transaction } from '../payments/transaction';

export interface TargetContext {
  readonly rental: Rental;
  /** The box's word that it gave L$ back, where the payment's report has one. */
  readonly returned: ReturnedWord | null;
  readonly zone: string;
}

/** Null where the transaction is credited to nobody: unpaid, unassigned, contained or taken. */
export function transactionTarget(tx: Transaction, context: TargetContext): CreditTarget | null {
  if (tx.tenancyId === null || tx.tenancyId === 'none') return null;
  if (tx.containedIn !== null || tx.takenBy !== null) return null;
  const folded = foldStatements(tx.statements);
  if (!folded.wasPaid) return null;
  const { returned } = context;
  const completed = folded.highestCompleted;
  const amount = (completed ?? folded.highest).amount;
  const whole = returned !== null && returned.amount >= amount;
  const reversedUpstream = folded.state === 'reversed';
  const byHand = handReversalStands(tx) ? tx.reversedByHand : null;
  const refusal = isRefused(tx) ? tx.decision : null;
  const source: EntrySource = `tx:${tx.txId}`;
  return {
    tenancyId: tx.tenancyId,
    paymentId: txPaymentId(tx.txId),
    kind: 'paid',
    source,
    amount,
    paidAt: folded.paidAt,
    stands: !reversedUpstream && !whole && byHand === null && refusal === null,
    otherwise: reversedUpstream && !whole ? 'show' : 'omit',
    secondsFor: boughtAt(context, folded.paidAt),
    stated: statedCredit(tx, completed),
    returned: whole || returned === null ? null : partOf(returned),
    author: SYSTEM,
    reason: 'The provider completed the payment.',
    reversalBy: byHand ??
      refusal ?? { author: SYSTEM, reason: reversalReason(folded.state, whole) },
    evidence: evidenceOf(tx),
  };
}

/** Null where the report is not credited itself: linked, refunded, dismissed or unassigned. */
export function reportTarget(report: Report, context: TargetContext): CreditTarget | null {
  const settled = report.settledBy;
  if (report.tenancyId === null || settled === null) return null;
  if (settled.by !== 'self' && settled.by !== 'hand') return null;
  const { returned } = context;
  const whole = returned !== null && returned.amount >= report.amount;
  const byHand = report.reversedByHand;
  const decided = report.decision ?? { author: SYSTEM, reason: 'The box reported the payment.' };
  return {
    tenancyId: report.tenancyId,
    paymentId: reportPaymentId(report.id),
    kind: settled.by === 'hand' ? 'external' : 'paid',
    source:
      settled.by === 'hand' ? `x:${settled.type}:${settled.reference}` : `report:${report.id}`,
    amount: report.amount,
    paidAt: report.paidAt,
    stands: !whole && byHand === null,
    otherwise: 'omit',
    secondsFor: boughtAt(context, report.paidAt),
    stated: null,
    returned: whole || returned === null ? null : partOf(returned),
    author: decided.author,
    reason: decided.reason,
    reversalBy: byHand ?? { author: SYSTEM, reason: reversalReason('completed', whole) },
    evidence: `report ${report.id}`,
  };
}

/** Refunded or dismissed by a person; a dismissed one comes back when the provider says more. */
export function isRefused(tx: Transaction): boolean {
  if (tx.decision === null || tx.decision.as === 'assign') return false;
  if (tx.decision.as === 'refunded') return true;
  return !saysMoreThan(tx, tx.decision.upTo);
}

function boughtAt(context: TargetContext, paidAt: Instant): (amount: number) => Seconds {
  const { price } = termsAt(context.rental.terms, paidAt);
  return (amount) => secondsBought({ amount, price, at: paidAt, zone: context.zone });
}

function statedCredit(
  tx: Transaction,
  completed: Transaction['statements'][number] | null,
): CreditTarget['stated'] {
  if (completed === null || completed.creditedSeconds === null) return null;
  const place = `${completed.streamRank}.${completed.version}`;
  return { seconds: completed.creditedSeconds, source: `bonus:${tx.txId}:${place}` };
}

function partOf(word: ReturnedWord): NonNullable<CreditTarget['returned']> {
  return { amount: word.amount, reportId: word.paymentReport };
}

function reversalReason(state: string, returned: boolean): string {
  if (returned) return 'The box gave the payment back.';
  return state === 'reversed' ? 'The provider reversed the payment.' : 'The payment stands again.';
}

function evidenceOf(tx: Transaction): string {
  const { highest } = foldStatements(tx.statements);
  return `transaction ${tx.txId}, version ${highest.version}, stream ${highest.streamRank}`;
}
