/**
 * Keeps what the provider's box shows in-world, and asks for a resync where it differs from our
 * ledger.
 */
import type { Box, Snapshot } from '../../domain/box';
import type { Rental } from '../../domain/rental';
import { plusSeconds, type Instant } from '../../domain/time';
import { isDatedAhead } from './event-time';
import type { Log } from '../ports/log-port';
import type { RentalStore } from '../ports/money-ports';
import type { BoxStore } from '../ports/upkeep-ports';
import type { Wake } from '../ports/wake-port';

export interface SnapshotDeps {
  readonly boxes: Pick<BoxStore, 'keepSnapshot'>;
  readonly rentals: Pick<RentalStore, 'one' | 'askResync'>;
  readonly wake: Pick<Wake, 'resync'>;
  readonly log: Log;
}

export type SnapshotOutcome = { readonly kind: 'stored' | 'known' | 'refused' };

/** Smaller differences are the clocks' of two scripts. */
const TOLERANCE_MS = 60_000;

/**
 * The resync is asked for before the snapshot is kept: a process that dies between the two leaves a
 * snapshot that the box sends again.
 */
export async function acceptSnapshot(
  deps: SnapshotDeps,
  input: { readonly box: Box; readonly now: Instant; readonly snapshot: Snapshot },
): Promise<SnapshotOutcome> {
  const { box, now, snapshot } = input;
  if (isDatedAhead(snapshot.at, now)) return { kind: 'refused' };
  if (box.snapshot !== null && snapshot.at <= box.snapshot.at) return { kind: 'known' };
  const rental = await deps.rentals.one(box.rentalId);
  const difference = rental === null ? null : differenceOf(rental, snapshot);
  if (rental !== null && difference !== null) {
    const isAskedFor = rental.resyncAt !== null && rental.resyncAt <= now;
    if (!isAskedFor) await deps.rentals.askResync([rental.id], now);
    deps.wake.resync([rental.id]);
    const { left, renter } = snapshot;
    deps.log.info('snapshot differs from the ledger', {
      ...{ boxId: box.id, rentalId: rental.id, difference, left, renter },
    });
  }
  return { kind: await deps.boxes.keepSnapshot(box.id, snapshot) };
}

/**
 * What the snapshot shows against our ledger; more time that unresolved payments explain is none.
 */
function differenceOf(
  rental: Rental,
  snapshot: Snapshot,
): 'less-time' | 'more-time' | 'other-tenant' | null {
  if (rental.verifiedBy === 'box') return null;
  const { tenancy, cache } = rental;
  const isFolded = tenancy !== null && cache?.tenancyId === tenancy.id;
  const paidUntil = isFolded ? cache.paidUntil : null;
  const possibly = isFolded ? (cache.possiblyPaidUntil ?? paidUntil) : null;
  const shownUntil = snapshot.renter === null ? null : plusSeconds(snapshot.at, snapshot.left);
  if (shownUntil === null) return isPaidAt(paidUntil, snapshot.at) ? 'less-time' : null;
  if (paidUntil !== null && paidUntil - shownUntil > TOLERANCE_MS) return 'less-time';
  if (shownUntil - (possibly ?? snapshot.at) > TOLERANCE_MS) return 'more-time';
  const isOther = tenancy !== null && tenancy.tenant.key !== snapshot.renter;
  return isOther && isPaidAt(paidUntil, snapshot.at) ? 'other-tenant' : null;
}

const isPaidAt = (paidUntil: Instant | null, at: Instant): boolean =>
  paidUntil !== null && paidUntil - at > TOLERANCE_MS;
