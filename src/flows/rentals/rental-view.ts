/**
 * A rental with its standing, its tenancy's start and its terms now: what a list of rentals shows.
 */
import { termsAt, type Terms } from '../../domain/ledger/price';
import type { Rental } from '../../domain/rental';
import type { Standing } from '../../domain/standing';
import type { Instant } from '../../domain/time';
import { readStandings } from '../read-standing';
import type { RefreshDeps } from '../refresh-rentals';

export interface RentalView {
  readonly rental: Rental;
  readonly standing: Standing;
  readonly terms: Terms;
  /** Hours of grace that hold: the rental's own, else the estate's. */
  readonly graceHours: number;
  /** Null where there is no tenancy, or nothing yet that says when it began. */
  readonly startedAt: Instant | null;
}

export async function viewRental(deps: RefreshDeps, rental: Rental): Promise<RentalView> {
  const [view] = await viewRentals(deps, [rental]);
  return view!;
}

export async function viewRentals(
  deps: RefreshDeps,
  rentals: readonly Rental[],
): Promise<RentalView[]> {
  const standings = await readStandings(deps, rentals);
  return rentals.map((rental, place) => viewOf(deps, rental, standings[place]!));
}

function viewOf(
  deps: Pick<RefreshDeps, 'clock' | 'settings'>,
  rental: Rental,
  standing: Standing,
): RentalView {
  const terms = termsAt(rental.terms, deps.clock.now());
  const { cache, tenancy } = rental;
  return {
    rental,
    standing,
    terms,
    graceHours: terms.graceHours ?? deps.settings.graceHours,
    startedAt: tenancy !== null && cache?.tenancyId === tenancy.id ? cache.startedAt : null,
  };
}
