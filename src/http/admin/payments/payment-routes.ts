/** Routes about payments: list, show, ask the provider, decide. */
import { z } from 'zod';
import { parseRentalId, parseTenancyId, parseTxId } from '../../../domain/ids';
import { PAYMENT_STATES } from '../../../domain/payments/payment';
import { asked, listOf, OptionalReason, PAGE, parsed, Reason, text } from '../fields';
import { acting, answer, changeRoute, NO_PARAMS, NO_QUERY, readRoute } from '../route';
import { OnePaymentShape, PaymentShape, presentOnePayment, presentPayment } from './payment-shape';

const PaymentParams = z.strictObject({
  id: z
    .string()
    .regex(/^[\x21-\x7e]{1,140}$/)
    .meta({ description: 'Its id, event id, report id or transaction id.' }),
});

const PaymentListQuery = z.strictObject({
  ...PAGE,
  state: asked(z.enum(PAYMENT_STATES)),
  rental: asked(parsed(parseRentalId)),
  payer: asked(text(1, 100, 'Agent key of the payer.')),
  q: asked(text(1, 200, 'Event id, transaction id or outside reference, whole.')),
});

/** `dismissed`, as the payment's state will say, is `dismiss`. */
const DECISIONS = ['link', 'confirm', 'assign', 'refunded', 'dismiss', 'dismissed'] as const;

const DecideBody = z
  .strictObject({
    as: z.enum(DECISIONS),
    txId: parsed(parseTxId).nullable().default(null),
    type: z
      .string()
      .regex(/^[\w.-]{1,40}$/, 'Up to 40 letters, digits, dots, hyphens or underscores.')
      .nullable()
      .default(null)
      .meta({ description: 'Kind of outside reference; default `manual`.' }),
    reference: text(1, 200, 'Where the L$ were received or given back; used once.')
      .nullable()
      .default(null),
    tenancyId: parsed(parseTenancyId).nullable().default(null),
    reason: Reason,
  })
  .superRefine((body, context) => {
    const missing = NEEDS[body.as];
    if (missing === null || body[missing] !== null) return;
    context.addIssue({
      code: 'custom',
      path: [missing],
      message: `To ${VERB[body.as]}, name the ${missing}.`,
    });
  })
  .meta({ id: 'Decision' });

type Decided = (typeof DECISIONS)[number];
const NEEDS: Readonly<Record<Decided, 'txId' | 'reference' | 'tenancyId' | null>> = {
  link: 'txId',
  confirm: 'reference',
  assign: 'tenancyId',
  refunded: null,
  dismiss: null,
  dismissed: null,
};
const VERB: Readonly<Record<Decided, string>> = {
  link: 'link it',
  confirm: 'confirm it as paid',
  assign: 'assign it',
  refunded: 'mark it as refunded',
  dismiss: 'dismiss it',
  dismissed: 'dismiss it',
};

export const PAYMENT_ROUTES = [
  readRoute({
    path: '/payments',
    role: 'viewer',
    operationId: 'listPayments',
    summary: 'List payments, the latest first',
    params: NO_PARAMS,
    query: PaymentListQuery,
    shape: listOf(PaymentShape),
    handle: async (flows, { query, scope }) => {
      const { limit, cursor, state, rental, payer, q } = query;
      const page = { limit, cursor, state, payer, text: q, regions: scope.regions };
      const { rows, next } = await flows.listPayments({ ...page, rentalId: rental });
      return answer({ data: rows.map(presentPayment), next });
    },
  }),
  readRoute({
    path: '/payments/{id}',
    role: 'viewer',
    operationId: 'showPayment',
    summary: 'Show a payment with every witness’s word and each step',
    params: PaymentParams,
    query: NO_QUERY,
    shape: OnePaymentShape,
    handle: async (flows, { params, scope }) => {
      const outcome = await flows.showPayment({ name: params.id, scope });
      return outcome.kind === 'found' ? answer(presentOnePayment(outcome.view)) : outcome;
    },
  }),
  changeRoute({
    method: 'post',
    path: '/payments/{id}/recheck',
    role: 'manager',
    operationId: 'recheckPayment',
    summary: 'Ask the provider about this payment now',
    params: PaymentParams,
    body: z.strictObject({ reason: OptionalReason }).meta({ id: 'WithOptionalReason' }),
    success: 'ok',
    shape: OnePaymentShape,
    refusals: ['unavailable'],
    handle: async (flows, { params, body, by }) => {
      const input = { name: params.id, by: { ...by, reason: body.reason } };
      const outcome = await flows.recheckPayment(input);
      return outcome.kind === 'rechecked' ? answer(presentOnePayment(outcome.view)) : outcome;
    },
  }),
  changeRoute({
    method: 'post',
    path: '/payments/{id}/decide',
    role: 'manager',
    operationId: 'decidePayment',
    summary: 'A person’s word where no rule settles a payment',
    params: PaymentParams,
    body: DecideBody,
    success: 'ok',
    shape: OnePaymentShape,
    refusals: ['conflict', 'refused'],
    handle: async (flows, call) => {
      const { as, txId, type, reference, tenancyId } = call.body;
      const meant = as === 'dismiss' ? 'dismissed' : as;
      const said = { as: meant, txId, type, reference, tenancyId };
      const input = { ...said, name: call.params.id, by: acting(call) };
      const outcome = await flows.decideByHand(input);
      return outcome.kind === 'decided' ? answer(presentOnePayment(outcome.view)) : outcome;
    },
  }),
];
