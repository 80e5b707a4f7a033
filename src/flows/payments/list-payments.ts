/** Lists payments in order of time, the latest first. */
import type { PaymentView } from '../../domain/payments/payment-view';
import type { EstatePorts } from '../ports/estate-ports';
import type { Listing } from '../ports/money-ports';
import type { PaymentQuery } from '../ports/upkeep-ports';
import { viewPayments, type ViewDeps } from './view-payments';

export async function listPayments(
  deps: ViewDeps & Pick<EstatePorts, 'payments'>,
  query: PaymentQuery,
): Promise<Listing<PaymentView>> {
  const { rows, next } = await deps.payments.list(query);
  return { rows: await viewPayments(deps, rows), next };
}
