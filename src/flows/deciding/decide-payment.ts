/** A person's word about a payment where no rule settles it; every way excludes the others. */
import { reportPaymentId, txPaymentId, type PaymentId } from '../../domain/ids';
import type { Report } from '../../domain/payments/report';
import type { Transaction } from '../../domain/payments/transaction';
import { assignByHand, refuseTransaction } from './decide-transaction';
import { assignReport, closeReport, confirmReport, linkReport } from './decide-report';
import { again, type DecideDeps, type Decision, type Step } from './decision';
import { findPayment, type FoundPayment } from './find-payment';
import { conflict, NOT_FOUND, type Conflict, type NotFound, type Refused } from '../access/refusal';
import { settlePayments } from '../settle-payments';

export type DecideOutcome =
  { readonly kind: 'decided'; readonly paymentId: PaymentId } | NotFound | Conflict | Refused;

/** Somebody else wrote the same payment this often in a row: the caller is told to try again. */
const MOST_TRIES = 5;

/**
 * The decision is written by compare-and-set before any entry is made, and the entries follow by
 * settle, so that a decision and a rule exclude each other, and a crash in between loses nothing.
 */
export async function decidePayment(deps: DecideDeps, decision: Decision): Promise<DecideOutcome> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const found = await findSettled(deps, decision.paymentId);
    if (found === null) return NOT_FOUND;
    const step = await decideFound(deps, found, decision);
    if (step.kind === 'again') continue;
    if (step.kind !== 'done') return step;
    const { tx, report } = found;
    await settlePayments(deps, {
      txIds: [...(tx === null ? [] : [tx.txId]), ...step.txIds],
      reportIds: report === null ? [] : [report.id],
    });
    await tellProvider(deps, found, decision);
    const id = tx === null ? reportPaymentId(report!.id) : txPaymentId(tx.txId);
    return { kind: 'decided', paymentId: id };
  }
  return conflict('The payment is being changed at this moment. Try again in a few seconds.');
}

/** It never completed what a person confirms, and is told of that time by a resync. */
async function tellProvider(
  deps: DecideDeps,
  { report }: FoundPayment,
  { as }: Decision,
): Promise<void> {
  if (as !== 'confirm' || report === null || report.unitId === null) return;
  await deps.rentals.askResync([report.rentalId], deps.clock.now());
}

/**
 * A person's word about a report counts once rules have looked for its transaction: else a payment
 * that was credited before its report came could be confirmed besides.
 */
async function findSettled(deps: DecideDeps, name: string): Promise<FoundPayment | null> {
  const found = await findPayment(deps, name);
  const report = found?.report ?? null;
  if (report === null || found?.tx !== null || report.settledBy !== null) return found;
  await settlePayments(deps, { reportIds: [report.id] });
  return findPayment(deps, name);
}

async function decideFound(
  deps: DecideDeps,
  { tx, report }: FoundPayment,
  decision: Decision,
): Promise<Step> {
  switch (decision.as) {
    case 'link':
      return report === null ? noReport('linked') : linkReport(deps, { report, tx, decision });
    case 'confirm':
      return report === null
        ? noReport('confirmed')
        : confirmReport(deps, { report, tx, decision });
    case 'assign':
      return tx === null ? assignReport(deps, report!, decision) : assignByHand(deps, tx, decision);
    case 'refunded':
    case 'dismissed':
      return closeEither(deps, { tx, report, decision });
  }
}

/**
 * The word is about what would be credited: the transaction where there is one, else the report.
 */
async function closeEither(
  deps: DecideDeps,
  input: {
    readonly tx: Transaction | null;
    readonly report: Report | null;
    readonly decision: Decision;
  },
): Promise<Step> {
  const { tx, report, decision } = input;
  if (tx !== null && tx.takenBy === null) return refuseTransaction(deps, tx, decision);
  return report === null ? again : closeReport(deps, report, decision);
}

function noReport(what: string): Conflict {
  return conflict(`Only a box's report can be ${what}, and no box reported this payment.`);
}
