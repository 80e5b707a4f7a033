/** Lists payments in order of time, the latest first. */
import type { PaymentView } from '../domain/payment-view';
import type { EstatePorts } from './estate-ports';
import type { Listing } from './ports';
import type { PaymentQuery } from './upkeep-ports';
import { viewPayments, type ViewDeps } from './view-payments';

export async function listPayments(
  deps: ViewDeps & Pick<EstatePorts, 'payments'>,
  query: PaymentQuery,
): Promise<Listing<PaymentView>> {
  const { rows, next } = await deps.payments.list(query);
  return { rows: await viewPayments(deps, rows), next };
}
