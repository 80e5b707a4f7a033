/** A payment by any of its names, as far as a key reaches; changes nothing. */
import { maySee } from '../../domain/access';
import { paymentFacts, type PaymentView } from '../../domain/payments/payment-view';
import type { Scope } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import { findPayment } from '../deciding/find-payment';
import type { PaymentRef } from '../ports/upkeep-ports';
import { viewPayments, type ViewDeps } from './view-payments';

export interface VisiblePayment {
  readonly view: PaymentView;
  /** Null for a transaction of a unit that is none of ours: no limited key reaches it. */
  readonly region: string | null;
}

export async function visiblePayment(
  deps: ViewDeps & Pick<EstatePorts, 'rentals'>,
  { regions, name }: Scope & { readonly name: string },
): Promise<VisiblePayment | null> {
  const found = await findPayment(deps, name);
  if (found === null) return null;
  const { tx, report } = found;
  const refs: PaymentRef[] = [];
  if (tx !== null) refs.push({ kind: 'transaction', txId: tx.txId });
  else if (report !== null) refs.push({ kind: 'report', id: report.id });
  const [view] = await viewPayments(deps, refs);
  if (view === undefined) return null;
  const { rentalId } = paymentFacts(view);
  const [rental] = rentalId === null ? [] : await deps.rentals.get([rentalId]);
  const region = rental?.region ?? null;
  return maySee(regions, region) ? { view, region } : null;
}
