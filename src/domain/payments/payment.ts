/**
 * A payment as people see it, a transaction with its linked report or a report alone: its state.
 */
import { linkedTx, type Report } from './report';
import { foldStatements, handReversalStands, saysMoreThan } from './statements';
import type { Transaction } from './transaction';

export const PAYMENT_STATES = [
  'reported',
  'in-progress',
  'suspended',
  'failed',
  'unknown',
  'confirmed',
  'credited',
  'reversed',
  'refunded',
  'dismissed',
] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

/** Look-ups end here; a new statement may still move a payment on (law 3). */
export const SETTLED_STATES: ReadonlySet<PaymentState> = new Set([
  'credited',
  'reversed',
  'refunded',
  'dismissed',
]);

export function transactionState(transaction: Transaction): PaymentState {
  const { decision, statements } = transaction;
  const folded = foldStatements(statements);
  if (decision?.as === 'refunded') return 'refunded';
  if (transaction.refundedInFull) return 'refunded';
  if (decision?.as === 'dismissed' && !saysMoreThan(transaction, decision.upTo)) return 'dismissed';
  if (transaction.takenBy !== null || transaction.containedIn !== null) return 'credited';
  switch (folded.state) {
    case 'queued':
    case 'processing':
      return 'in-progress';
    case 'completed':
      if (transaction.creditedBy === null) return 'confirmed';
      return handReversalStands(transaction) ? 'reversed' : 'credited';
    case 'reversed':
    case 'suspended':
    case 'failed':
    case 'unknown':
      return folded.state;
  }
}

export function reportState(report: Report): PaymentState {
  if (report.refundedInFull) return 'refunded';
  switch (report.settledBy?.by) {
    case undefined:
      return report.unknownUpstream ? 'unknown' : 'reported';
    case 'link':
      return 'in-progress';
    case 'self':
    case 'hand':
      if (report.reversedByHand !== null) return report.reversedByHand.as;
      return report.creditedBy === null ? 'confirmed' : 'credited';
    case 'refunded':
      return 'refunded';
    case 'dismissed':
      return 'dismissed';
  }
}

/** Whether a payment still protects its rental: every unresolved one counts as if credited. */
export const isUnresolved = (state: PaymentState): boolean => !SETTLED_STATES.has(state);

/** Counts for its rental by itself: a linked report speaks through its transaction. */
export const isOpenReport = (report: Report): boolean =>
  linkedTx(report) === null && isUnresolved(reportState(report));

/** Counts for its rental: it has one. */
export const isOpenTransaction = (transaction: Transaction): boolean =>
  transaction.rentalId !== null && isUnresolved(transactionState(transaction));
