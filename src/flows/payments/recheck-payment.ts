/** Asks the provider about one payment now, and settles it with what it says. */
import type { PaymentView } from '../../domain/payments/payment-view';
import type { Asking } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import { lookUpPayments, type LookupDeps } from '../upstream/look-up-payments';
import { recordChange, startChange } from '../access/record-change';
import { NOT_FOUND, unavailable, type NotFound, type Unavailable } from '../access/refusal';
import { visiblePayment } from './visible-payment';
import { paymentFacts } from '../../domain/payments/payment-view';
import { sleep, type Clock } from '../ports/clock';
import { ProviderUnavailable } from '../ports/provider-port';

export type RecheckPayment =
  { readonly kind: 'rechecked'; readonly view: PaymentView } | NotFound | Unavailable;

const ACTION = 'payment-rechecked';
/** A person is waiting. */
const ASKED_WITHIN_MS = 15_000;

export async function recheckPayment(
  deps: LookupDeps & Pick<EstatePorts, 'audit' | 'digest'>,
  input: {
    readonly name: string;
    readonly by: Asking & { readonly reason: string | null };
  },
): Promise<RecheckPayment> {
  const { name, by } = input;
  const before = await visiblePayment(deps, { regions: by.regions, name });
  if (before === null) return NOT_FOUND;
  const { transaction, report } = before.view;
  const { id, state } = paymentFacts(before.view);
  const { at } = await startChange(deps, { by, subject: id, action: ACTION });
  const looked = await within(deps.clock, (signal) =>
    lookUpPayments(deps, {
      transactions: transaction === null ? [] : [transaction],
      reports: transaction === null && report !== null ? [report] : [],
      signal,
    }),
  );
  if (looked.missed > 0) return unavailable('The provider does not answer; try again later.');
  const after = await visiblePayment(deps, { regions: by.regions, name });
  if (after === null) return NOT_FOUND;
  await recordChange(deps, {
    by,
    subject: id,
    region: before.region,
    action: ACTION,
    at,
    before: { state },
    after: { state: paymentFacts(after.view).state },
  });
  return { kind: 'rechecked', view: after.view };
}

async function within<Value>(
  clock: Clock,
  ask: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const patience = new AbortController();
  const answered = new AbortController();
  const fault = new ProviderUnavailable('It did not answer while a person was waiting.', true);
  void sleep(clock, ASKED_WITHIN_MS, answered.signal).then(() => patience.abort(fault));
  try {
    return await ask(patience.signal);
  } finally {
    answered.abort();
  }
}
