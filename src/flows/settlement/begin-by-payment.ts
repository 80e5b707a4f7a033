/** Begins a tenancy because a payment calls for one; ends the one before it first. */
import { tenancyId } from '../../domain/ids';
import type { RentalId } from '../../domain/ids';
import type { Assignment, GivenPayment, Tenancy, TenancyView } from '../../domain/ledger/tenancy';
import type { SettleDeps } from './batch';

/**
 * The old tenancy is ended before the new one is inserted: killed in between, the next settle finds
 * the rental vacant at `paidAt` and begins the same new tenancy. Null where another process was
 * first.
 */
export async function beginByPayment(
  deps: Pick<SettleDeps, 'tenancies'>,
  input: {
    readonly payment: GivenPayment & { readonly rentalId: RentalId };
    readonly known: readonly TenancyView[];
    readonly outcome: Extract<Assignment, { readonly kind: 'begins' }>;
  },
): Promise<Tenancy | null> {
  const { payment, known, outcome } = input;
  const ending = known.find((one) => one.id === outcome.ends);
  if (ending !== undefined) {
    const { startedAt: _start, limit: _limit, ...stored } = ending;
    const saved = await deps.tenancies.save([{ ...stored, endedAt: payment.paidAt }]);
    if (!saved.has(ending.id)) return null;
  }
  const n = Math.max(0, ...known.map((one) => one.n)) + 1;
  const begun: Tenancy = {
    id: tenancyId(payment.rentalId, n),
    rentalId: payment.rentalId,
    n,
    tenant: outcome.tenant,
    start: { by: 'payments' },
    endedAt: null,
    rev: 0,
  };
  const saved = await deps.tenancies.save([begun]);
  return saved.has(begun.id) ? { ...begun, rev: 1 } : null;
}
