/** Which rentals of a page must be looked at closely; repairs none of them. */
import { groupedBy } from '../../domain/grouping';
import { foldLedger } from '../../domain/ledger/ledger';
import { isSameCache } from '../../domain/rental';
import { compareUnit, type ListedRental } from '../../domain/resync';
import type { Sweep } from '../../domain/sweep';
import type { Clock } from '../ports/clock';
import type { BreakStore, EntryStore, TenancyStore } from '../ports/money-ports';
import { NONE_UNRESOLVED, readUnresolved, type UnresolvedDeps } from '../read-unresolved';
import { RESYNC_BREAKS } from './resync-breaks';
import { quietly, type SideBySide } from './walk-units';

export interface CompareDeps extends UnresolvedDeps {
  readonly entries: Pick<EntryStore, 'linesOf'>;
  readonly tenancies: Pick<TenancyStore, 'ofRentals'>;
  readonly breaks: Pick<BreakStore, 'openFor'>;
  readonly clock: Pick<Clock, 'now'>;
}

export interface ComparedPage<Page> {
  readonly page: Page;
  /** Rentals that the sweep was to look at. */
  readonly compared: number;
  /** Those that must be looked at closely; all others agree. */
  readonly close: readonly SideBySide[];
}

/**
 * Each page is compared while the one before it is worked on. What changes in between makes at most
 * a rental looked at closely for nothing, or by the next sweep: whoever changed it settles it.
 */
export async function* comparePages<Page extends { readonly rows: readonly SideBySide[] }>(
  deps: CompareDeps,
  sweep: Sweep,
  pages: AsyncIterable<Page>,
): AsyncGenerator<ComparedPage<Page>> {
  let ahead: Promise<ComparedPage<Page>> | null = null;
  for await (const page of pages) {
    const next = quietly(compare(deps, sweep, page));
    if (ahead !== null) yield await ahead;
    ahead = next;
  }
  if (ahead !== null) yield await ahead;
}

async function compare<Page extends { readonly rows: readonly SideBySide[] }>(
  deps: CompareDeps,
  sweep: Sweep,
  page: Page,
): Promise<ComparedPage<Page>> {
  const wanted = page.rows.filter(({ rental }) => isWanted(sweep, rental));
  return { page, compared: wanted.length, close: await outOfStep(deps, wanted) };
}

/** In one read of their entries. */
async function outOfStep(deps: CompareDeps, rows: readonly SideBySide[]): Promise<SideBySide[]> {
  if (rows.length === 0) return [];
  const ids = rows.flatMap(({ rental }) => rental.tenancy?.id ?? []);
  const rentals = rows.map(({ rental }) => rental.id);
  const [lines, tenancies, breaks, unresolved] = await Promise.all([
    deps.entries.linesOf(ids),
    deps.tenancies.ofRentals(rentals),
    deps.breaks.openFor(rentals, [...RESYNC_BREAKS.keys()]),
    readUnresolved(deps, rentals),
  ]);
  const ledgers = groupedBy(lines, (line) => line.tenancyId);
  const begun = tenancies.filter(({ endedAt }) => endedAt === null).sort((a, b) => a.n - b.n);
  const open = new Map(begun.map((tenancy) => [tenancy.rentalId, tenancy]));
  const broken = new Set(breaks.map((one) => one.about));
  const now = deps.clock.now();
  return rows.filter(({ rental, unit }) => {
    if (broken.has(rental.id)) return true;
    const differs = rental.unitId !== null && compareUnit(rental, unit, now).kind !== 'in-step';
    const { cache } = rental;
    const { transactions, reports } = unresolved.get(rental.id) ?? NONE_UNRESOLVED;
    const pending = transactions.length + reports.length;
    if (differs || pending !== (cache?.pending ?? 0)) return true;
    const tenancy = open.get(rental.id);
    const pointers = [rental.tenancy?.id, cache?.tenancyId ?? undefined];
    if (pointers.some((id) => id !== tenancy?.id)) return true;
    if (tenancy === undefined || cache === null) return false;
    const fold = foldLedger(tenancy, ledgers.get(tenancy.id) ?? []);
    // What unresolved payments are worth is reckoned by whoever looks closely.
    const possiblyPaidUntil = pending === 0 ? fold.paidUntil : cache.possiblyPaidUntil;
    return !isSameCache(cache, { ...fold, tenancyId: tenancy.id, possiblyPaidUntil, pending });
  });
}

function isWanted(sweep: Sweep, rental: ListedRental): boolean {
  if (sweep.region !== null && rental.region !== sweep.region) return false;
  return sweep.regions.length === 0 || sweep.regions.includes(rental.region);
}
