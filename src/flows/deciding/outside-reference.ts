/** The outside reference that a decision names: claimed before it is made, and kept with it. */
import type { PaymentId } from '../../domain/ids';
import { referenceText, type OutsideReference } from '../../domain/payments/outside-reference';
import { conflict } from '../access/refusal';
import { done, type DecideDeps, type Decision, type Step } from './decision';

const DEFAULT_TYPE = 'manual';

/** Null where none is named; a link and an assignment take none. */
export function outsideOf({ as, type, reference }: Decision): OutsideReference | null {
  if (as === 'link' || as === 'assign') return null;
  if (reference === null || reference === undefined) return null;
  return { type: type ?? DEFAULT_TYPE, reference };
}

/**
 * One use ever, claimed in the payment's name: a decision that died half-way claims it again, and
 * whoever looks for the reference finds the payment.
 */
export async function claimReference(
  deps: Pick<DecideDeps, 'references'>,
  claim: {
    readonly paymentId: PaymentId;
    readonly decision: Decision;
    /** Under which another decision about the same payment stands. */
    readonly usedBefore: OutsideReference | null;
  },
): Promise<Step> {
  const outside = outsideOf(claim.decision);
  if (outside === null) return done();
  const text = referenceText(outside);
  const isFree =
    (claim.usedBefore === null || referenceText(claim.usedBefore) !== text) &&
    (await deps.references.claim(outside.type, outside.reference, claim.paymentId));
  return isFree ? done() : conflict(`The reference ${text} was used before.`);
}
