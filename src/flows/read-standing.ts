/** The standing of rentals now; only an answer that would be overdue reads the ledger anew. */
import { isSameCache, type Rental } from '../domain/rental';
import { standingOf, type Standing } from '../domain/standing';
import { computeRentals, refreshRentals, type RefreshDeps } from './refresh-rentals';
import { standingRules } from './standing-rules';

export async function readStanding(deps: RefreshDeps, rental: Rental): Promise<Standing> {
  const [standing] = await readStandings(deps, [rental]);
  return standing!;
}

/**
 * From the rentals alone in all cases but one: a cache may lag behind a payment, so `overdue` is
 * said only after entries and unresolved payments were read in this very call, of all such rentals
 * together.
 *
 * @returns one for each, in their order.
 */
export async function readStandings(
  deps: RefreshDeps,
  rentals: readonly Rental[],
): Promise<Standing[]> {
  const rules = standingRules(deps.settings);
  const cached = rentals.map((rental) => standingOf(rental, deps.clock.now(), rules));
  const suspects = rentals.filter((_, place) => cached[place]?.stage === 'overdue');
  if (suspects.length === 0) return cached;
  const ids = suspects.map(({ id }) => id);
  const stored = new Map((await deps.rentals.get(ids)).map((rental) => [rental.id, rental]));
  const rows = await computeRentals(
    deps,
    suspects.map((rental) => stored.get(rental.id) ?? rental),
  );
  const fresh = new Map(rows.map((row) => [row.fresh.id, row.fresh]));
  const stale = suspects.filter(
    ({ id, cache }) => !isSameCache(fresh.get(id)?.cache ?? null, cache),
  );
  if (stale.length > 0) {
    await refreshRentals(
      deps,
      stale.map(({ id }) => id),
    );
  }
  return rentals.map((rental, place) => {
    const known = cached[place]?.stage === 'overdue' ? fresh.get(rental.id) : undefined;
    return known === undefined ? cached[place]! : standingOf(known, deps.clock.now(), rules);
  });
}
