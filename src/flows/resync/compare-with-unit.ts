/** Compares a rental with its unit as closely as a break of the most urgent kind deserves. */
import { isOfNewcomer } from '../../domain/payments/newcomer';
import type { Rental } from '../../domain/rental';
import { compareUnit, type Comparison } from '../../domain/resync';
import { later } from '../../domain/time';
import type { UnitWord } from '../../domain/unit';
import { computeRentals, type RefreshDeps } from '../refresh-rentals';

/**
 * A unit that is let to another is no eviction while only the newcomer's own payment, which nobody
 * has placed yet, speaks for our tenant. @param rental with its cache as it ought to be.
 */
export async function compareWithUnit(
  deps: RefreshDeps,
  rental: Rental,
  unit: UnitWord | null,
): Promise<Comparison> {
  const found = compareUnit(rental, unit, deps.clock.now());
  const { tenancy, cache } = rental;
  if (found.kind !== 'evicted' || tenancy === null || cache === null) return found;
  const [row] = await computeRentals(deps, [rental], {
    counts: (tx) => !isOfNewcomer(tx, tenancy),
  });
  const possibly = row?.fresh.cache?.possiblyPaidUntil ?? found.ours;
  const possiblyPaidUntil = later(possibly, found.ours);
  return compareUnit({ ...rental, cache: { ...cache, possiblyPaidUntil } }, unit, deps.clock.now());
}
