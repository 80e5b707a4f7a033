/** A manager's word about a transaction: assigned, refunded or dismissed. */
import { rentalOfTenancy, txPaymentId } from '../../domain/ids';
import { foldStatements, positionOf } from '../../domain/payments/statements';
import type { Transaction, TxDecision } from '../../domain/payments/transaction';
import { conflict, refused } from '../access/refusal';
import { again, done, type DecideDeps, type Decision, type Step } from './decision';
import { claimReference, outsideOf } from './outside-reference';

/** Once assigned, a transaction's tenancy never changes. */
export async function assignByHand(
  deps: DecideDeps,
  tx: Transaction,
  decision: Decision,
): Promise<Step> {
  const tenancyId = decision.tenancyId ?? null;
  if (tenancyId === null) return refused('Name the tenancy that the payment belongs to.');
  if (tx.tenancyId === tenancyId) return done();
  if (tx.tenancyId !== null) {
    return conflict('The payment was given its tenancy before, and that never changes.');
  }
  if (tx.takenBy !== null) return conflict('The payment was settled by hand with its report.');
  if (tx.rentalId === null || rentalOfTenancy(tenancyId) !== tx.rentalId) {
    return refused('The tenancy is not one of the rental whose unit was paid.');
  }
  if (!foldStatements(tx.statements).wasPaid) {
    return conflict('The provider has not completed the payment yet: there is nothing to credit.');
  }
  const [tenancy] = await deps.tenancies.get([tenancyId]);
  if (tenancy === undefined) return refused('There is no such tenancy.');
  return save(deps, { ...tx, tenancyId, decision: decisionOf(deps, tx, 'assign', decision) });
}

/** Refunded is final; a dismissed one comes back when the provider says more. */
export async function refuseTransaction(
  deps: DecideDeps,
  tx: Transaction,
  decision: Decision,
): Promise<Step> {
  const as = decision.as === 'refunded' ? 'refunded' : 'dismissed';
  if (tx.decision?.as === 'refunded') return conflict('The payment was marked as refunded before.');
  if (tx.containedIn !== null) {
    return conflict('The payment is a part of the opening; correct that with an adjustment.');
  }
  if (as === 'dismissed' && tx.creditedBy !== null) {
    return conflict('The payment is credited. Reverse its entry, or mark it as refunded.');
  }
  const usedBefore = tx.decision?.as === as ? null : (tx.decision?.reference ?? null);
  const paymentId = txPaymentId(tx.txId);
  const claimed = await claimReference(deps, { paymentId, decision, usedBefore });
  if (claimed.kind !== 'done') return claimed;
  const tenancyId = as === 'refunded' && tx.tenancyId === null ? 'none' : tx.tenancyId;
  return save(deps, { ...tx, tenancyId, decision: decisionOf(deps, tx, as, decision) });
}

function decisionOf(
  deps: DecideDeps,
  tx: Transaction,
  as: TxDecision['as'],
  decision: Decision,
): TxDecision {
  const { author, reason } = decision;
  const { highest } = foldStatements(tx.statements);
  const outside = outsideOf(decision);
  return {
    ...{ as, upTo: positionOf(highest), author, reason, at: deps.clock.now() },
    ...(outside !== null && { reference: outside }),
  };
}

async function save(deps: DecideDeps, tx: Transaction): Promise<Step> {
  const next = { ...tx, nextCheckAt: deps.clock.now() };
  const saved = await deps.transactions.save([next]);
  return saved.has(tx.txId) ? done() : again;
}
