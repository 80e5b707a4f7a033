/** Shows one payment, found by any of its names, with every witness's word. */
import type { PaymentView } from '../domain/payment-view';
import type { Scope } from './acting';
import type { EstatePorts } from './estate-ports';
import { NOT_FOUND, type NotFound } from './refusal';
import type { ViewDeps } from './view-payments';
import { visiblePayment } from './visible-payment';

export async function showPayment(
  deps: ViewDeps & Pick<EstatePorts, 'rentals'>,
  { name, scope }: { readonly name: string; readonly scope: Scope },
): Promise<{ readonly kind: 'found'; readonly view: PaymentView } | NotFound> {
  const visible = await visiblePayment(deps, { regions: scope.regions, name });
  return visible === null ? NOT_FOUND : { kind: 'found', view: visible.view };
}
