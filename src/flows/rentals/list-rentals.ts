/** Lists rentals, by stage where asked: the stage is never stored, so it is computed row by row. */
import type { Stage } from '../../domain/standing';
import type { Scope } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import type { Listing, ListInput, RentalQuery } from '../ports/money-ports';
import type { RefreshDeps } from '../refresh-rentals';
import { viewRentals, type RentalView } from './rental-view';

export interface ListRentals extends ListInput {
  readonly stage: Stage | null;
  /** Null = every region that the key reaches. */
  readonly region: string | null;
  readonly text: string | null;
  readonly scope: Scope;
}

const PAGE = 200;
/** Rentals that one call looks through for a stage before it answers with what it found. */
const MOST_SCANNED = 2_000;

/**
 * With a stage, a page may hold fewer rows than `limit`, even none, while `next` says where the
 * scan goes on: only `next` null is the end.
 */
export async function listRentals(
  deps: RefreshDeps & Pick<EstatePorts, 'rentals'>,
  input: ListRentals,
): Promise<Listing<RentalView>> {
  const { stage, region, scope, limit, cursor, text } = input;
  const regions = region === null ? scope.regions : [region];
  if (region !== null && scope.regions.length > 0 && !scope.regions.includes(region)) {
    return { rows: [], next: null };
  }
  const query: RentalQuery = { regions, text, limit, cursor };
  if (stage !== null) return scan(deps, query, stage);
  const page = await deps.rentals.list(query);
  return { rows: await viewRentals(deps, page.rows), next: page.next };
}

async function scan(
  deps: RefreshDeps,
  query: RentalQuery,
  stage: Stage,
): Promise<Listing<RentalView>> {
  const found: RentalView[] = [];
  let { cursor } = query;
  for (let scanned = 0; scanned < MOST_SCANNED; scanned += PAGE) {
    const page = await deps.rentals.list({ ...query, cursor, limit: PAGE });
    const views = await viewRentals(deps, page.rows);
    for (const [index, view] of views.entries()) {
      if (view.standing.stage !== stage) continue;
      found.push(view);
      if (found.length < query.limit) continue;
      const isLast = index === views.length - 1;
      const next = isLast ? page.next : await cursorAfter(deps, { ...query, cursor }, index + 1);
      return { rows: found, next };
    }
    if (page.next === null) return { rows: found, next: null };
    cursor = page.next;
  }
  return { rows: found, next: cursor };
}

/** Where the scan goes on behind the n-th row of a page: as the store itself words it. */
async function cursorAfter(
  deps: Pick<EstatePorts, 'rentals'>,
  query: RentalQuery,
  rows: number,
): Promise<string | null> {
  const { next } = await deps.rentals.list({ ...query, limit: rows });
  return next;
}
