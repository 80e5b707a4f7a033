/** Shows one payment, found by any of its names, with every witness's word. */
import type { PaymentView } from '../../domain/payments/payment-view';
import type { Scope } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import { NOT_FOUND, type NotFound } from '../access/refusal';
import type { ViewDeps } from './view-payments';
import { visiblePayment } from './visible-payment';

export async function showPayment(
  deps: ViewDeps & Pick<EstatePorts, 'rentals'>,
  { name, scope }: { readonly name: string; readonly scope: Scope },
): Promise<{ readonly kind: 'found'; readonly view: PaymentView } | NotFound> {
  const visible = await visiblePayment(deps, { regions: scope.regions, name });
  return visible === null ? NOT_FOUND : { kind: 'found', view: visible.view };
}
