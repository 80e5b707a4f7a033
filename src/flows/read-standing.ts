/** The standing of a rental now; only an answer that would be overdue reads the ledger anew. */
import type { Rental } from '../domain/rental';
import { standingOf, type Standing } from '../domain/standing';
import { isSameCache } from '../domain/rental';
import { computeRentals, refreshRentals, type RefreshDeps } from './refresh-rentals';
import { standingRules } from './standing-rules';

/**
 * From the rental alone in all cases but one: a cache may lag behind a payment, so `overdue` is
 * said
 * only after entries and unresolved payments were read in this very call.
 */
export async function readStanding(deps: RefreshDeps, rental: Rental): Promise<Standing> {
  const rules = standingRules(deps.settings);
  const cached = standingOf(rental, deps.clock.now(), rules);
  if (cached.stage !== 'overdue') return cached;
  const [stored] = await deps.rentals.get([rental.id]);
  const [row] = await computeRentals(deps, [stored ?? rental]);
  if (row === undefined) return cached;
  if (!isSameCache(row.fresh.cache, rental.cache)) await refreshRentals(deps, [rental.id]);
  return standingOf(row.fresh, deps.clock.now(), rules);
}
