/**
 * Shows one rental whole: standing, the current tenancy's ledger, payments, holds, box, history.
 */
import type { Audit } from '../../domain/access';
import type { Box } from '../../domain/box';
import type { Entry } from '../../domain/ledger/entry';
import type { RentalId } from '../../domain/ids';
import type { PaymentView } from '../../domain/payments/payment-view';
import { refundable } from '../../domain/payments/refund';
import type { Hold, Rental } from '../../domain/rental';
import type { Instant } from '../../domain/time';
import type { Scope } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import { listPayments } from '../payments/list-payments';
import type { RefreshDeps } from '../refresh-rentals';
import { NOT_FOUND, type NotFound } from '../access/refusal';
import { viewRental, type RentalView } from './rental-view';
import { visibleRental } from './visible-rental';

export interface RentalDetail extends RentalView {
  readonly kind: 'found';
  /** The current tenancy's, in order; the latest `MOST_ENTRIES` where there are more. */
  readonly ledger: readonly Entry[];
  readonly payments: readonly PaymentView[];
  /** Those that stand. */
  readonly holds: readonly Hold[];
  readonly box: Box | null;
  readonly history: readonly Audit[];
  /** Whole L$ that could be given back now. */
  readonly refundable: number;
  readonly now: Instant;
}

export type ShowRentalDeps = RefreshDeps &
  Pick<EstatePorts, 'payments' | 'boxes' | 'audit' | 'rentals'>;

const MOST_ENTRIES = 1_000;
const MOST_ROWS = 100;

export async function showRental(
  deps: ShowRentalDeps,
  { id, scope }: { readonly id: RentalId; readonly scope: Scope },
): Promise<RentalDetail | NotFound> {
  const rental = await visibleRental(deps, { regions: scope.regions, id });
  if (rental === null) return NOT_FOUND;
  const page = { limit: MOST_ROWS, cursor: null };
  const [view, ledger, payments, box, history] = await Promise.all([
    viewRental(deps, rental),
    readLedger(deps, rental),
    listPayments(deps, {
      ...page,
      rentalId: id,
      state: null,
      payer: null,
      text: null,
      regions: [],
    }),
    rental.boxId === null ? null : deps.boxes.one(rental.boxId),
    deps.audit.list({ ...page, subject: id, regions: [] }),
  ]);
  const now = deps.clock.now();
  return {
    kind: 'found',
    ...view,
    ledger: ledger.entries.slice(-MOST_ENTRIES),
    payments: payments.rows,
    holds: rental.holds.filter((hold) => hold.releasedAt === null && now < hold.until),
    box,
    history: history.rows,
    refundable: ledger.refundable(now),
    now,
  };
}

interface Ledger {
  readonly entries: readonly Entry[];
  readonly refundable: (now: Instant) => number;
}

async function readLedger(deps: ShowRentalDeps, rental: Rental): Promise<Ledger> {
  if (rental.tenancy === null) return { entries: [], refundable: () => 0 };
  const [tenancy] = await deps.tenancies.get([rental.tenancy.id]);
  const entries = await deps.entries.ofTenancies([{ tenancyId: rental.tenancy.id, afterSeq: 0 }]);
  return {
    entries,
    refundable: (now) => (tenancy === undefined ? 0 : refundable(tenancy, entries, now)),
  };
}
