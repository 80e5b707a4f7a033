/**
 * A payment as people see it: a transaction with its report, or a report alone, under one id; adds
 * no rule of its own.
 */
import type { EntryId, PaymentId, RentalId } from '../ids';
import { reportPaymentId, txPaymentId } from '../ids';
import { reportState, transactionState, type PaymentState } from './payment';
import type { Report, ReturnedWord } from './report';
import { foldStatements } from './statements';
import type { Instant } from '../time';
import type { Agent, Step, Transaction } from './transaction';

/**
 * At least one of the two is there; where both are, they are linked, or the report has taken it.
 */
export interface PaymentView {
  readonly transaction: Transaction | null;
  readonly report: Report | null;
  readonly returned: ReturnedWord | null;
}

export interface PaymentFacts {
  readonly id: PaymentId;
  readonly rentalId: RentalId | null;
  readonly payer: Agent;
  /** Whole L$; the provider's where both speak. */
  readonly amount: number;
  readonly paidAt: Instant;
  readonly state: PaymentState;
  readonly entryId: EntryId | null;
  readonly firstSeenAt: Instant;
  readonly nextCheckAt: Instant | null;
}

export function paymentFacts({ transaction, report }: PaymentView): PaymentFacts {
  if (transaction === null) return factsOfReport(report!);
  const folded = foldStatements(transaction.statements);
  const closing = report !== null && report.takes === transaction.txId ? report : null;
  return {
    id: txPaymentId(transaction.txId),
    rentalId: transaction.rentalId ?? report?.rentalId ?? null,
    payer: folded.highest.payer,
    amount: folded.highest.amount,
    paidAt: folded.paidAt,
    state: closing === null ? transactionState(transaction) : reportState(closing),
    entryId: closing?.creditedBy ?? transaction.creditedBy ?? transaction.containedIn,
    firstSeenAt: earliest(transaction.firstSeenAt, report?.receivedAt),
    nextCheckAt: transaction.nextCheckAt ?? report?.nextCheckAt ?? null,
  };
}

/** Every step of either witness, in order of time. */
export function paymentSteps({ transaction, report }: PaymentView): Step[] {
  const steps = [...(transaction?.steps ?? []), ...(report?.steps ?? [])];
  return steps.sort((a, b) => a.at - b.at);
}

function factsOfReport(report: Report): PaymentFacts {
  return {
    id: reportPaymentId(report.id),
    rentalId: report.rentalId,
    payer: report.payer,
    amount: report.amount,
    paidAt: report.paidAt,
    state: reportState(report),
    entryId: report.creditedBy,
    firstSeenAt: report.receivedAt,
    nextCheckAt: report.nextCheckAt,
  };
}

const earliest = (a: Instant, b: Instant | undefined): Instant =>
  b === undefined || a <= b ? a : b;
