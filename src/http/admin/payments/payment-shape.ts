/** The shape `Payment`, in lists and alone; one payment adds every witness's word and each step. */
import { z } from 'zod';
import { PAYMENT_STATES } from '../../../domain/payments/payment';
import {
  paymentFacts,
  paymentSteps,
  type PaymentView,
} from '../../../domain/payments/payment-view';
import { AgentOut, InstantOut, shown, shownOrNull } from '../fields';
import { presentWitnesses, WitnessesShape } from './witnesses-shape';

export const PaymentShape = z
  .object({
    id: z.string(),
    rentalId: z.string().nullable(),
    boxId: z.string().nullable(),
    payer: AgentOut,
    amount: z.int().meta({ description: 'Whole L$.' }),
    paidAt: InstantOut,
    eventId: z.string().nullable(),
    txId: z.string().nullable(),
    state: z.enum(PAYMENT_STATES),
    entryId: z.string().nullable(),
    firstSeenAt: InstantOut,
    nextCheckAt: InstantOut.nullable(),
  })
  .meta({ id: 'Payment' });

export const OnePaymentShape = PaymentShape.extend({
  witnesses: WitnessesShape,
  steps: z.array(z.object({ code: z.string(), at: InstantOut })),
}).meta({ id: 'OnePayment' });

export function presentPayment(view: PaymentView): z.infer<typeof PaymentShape> {
  const facts = paymentFacts(view);
  return {
    id: facts.id,
    rentalId: facts.rentalId,
    boxId: view.report?.boxId ?? null,
    payer: facts.payer,
    amount: facts.amount,
    paidAt: shown(facts.paidAt),
    eventId: view.report?.eventId ?? null,
    txId: view.transaction?.txId ?? null,
    state: facts.state,
    entryId: facts.entryId,
    firstSeenAt: shown(facts.firstSeenAt),
    nextCheckAt: shownOrNull(facts.nextCheckAt),
  };
}

export function presentOnePayment(view: PaymentView): z.infer<typeof OnePaymentShape> {
  return {
    ...presentPayment(view),
    witnesses: presentWitnesses(view),
    steps: paymentSteps(view).map(({ code, at }) => ({ code, at: shown(at) })),
  };
}
