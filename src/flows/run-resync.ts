/** The resync sweep: every rental against the provider's units, repairs recorded one by one. */
import { groupedBy } from '../domain/grouping';
import type { RentalId, SweepId, UnitId } from '../domain/ids';
import { foldLedger } from '../domain/ledger';
import type { Rental, RentalCache } from '../domain/rental';
import { compareUnit, isStaleCache } from '../domain/resync';
import type { Repair, Sweep, SweepCounts } from '../domain/sweep';
import { StorageUnavailable } from './ports';
import { ProviderUnavailable } from './provider-port';
import type { UnitNowDeps } from './read-unit-now';
import { RESYNC_BREAKS } from './resync/resync-breaks';
import { planResync } from './resync/plan-resync';
import { resyncRental, type RepairDraft } from './resync/resync-rental';
import { walkUnits, type SideBySide, type WalkStart } from './resync/walk-units';
import type { SweepEnd, SweepRun } from './sweep-port';
import type { SweepStore } from './upkeep-ports';

export interface ResyncDeps extends UnitNowDeps {
  readonly sweeps: SweepStore;
}

/** As many rentals are looked at closely at once as the provider takes calls in flight. */
const AT_ONCE = 8;
const PAGE_SIZE = 500;

interface Progress {
  counts: SweepCounts;
}

/** Goes on from the run's cursor. A failing rental is counted and logged, and stops nothing. */
export async function runResync(deps: ResyncDeps, run: SweepRun): Promise<SweepEnd> {
  const progress: Progress = { counts: run.sweep.counts };
  try {
    const end = await walk(deps, run, progress);
    return end === 'complete' ? await close(deps, run, progress, { status: 'complete' }) : end;
  } catch (error) {
    const passing = error instanceof ProviderUnavailable || error instanceof StorageUnavailable;
    if (!passing) deps.log.error('sweep.failed', { sweepId: run.sweep.id, error });
    const fault = error instanceof Error ? error.message.slice(0, 500) : 'unknown';
    const status = passing ? 'incomplete' : 'failed';
    return close(deps, run, progress, { status, fault });
  }
}

async function walk(deps: ResyncDeps, run: SweepRun, progress: Progress): Promise<SweepEnd> {
  const start = readCursor(run.sweep.cursor);
  if (start.part === 'units') {
    for await (const page of walkUnits(deps, start)) {
      if (run.signal.aborted) return close(deps, run, progress, { status: 'incomplete' });
      await resyncPage(deps, run, progress, page.rows);
      const cursor = JSON.stringify({ ...page, rows: undefined, part: 'units' });
      const { counts } = progress;
      const going = await deps.sweeps.progress(run.sweep.id, run.fence, { counts, cursor });
      if (!going) return 'lost';
    }
  }
  return walkBoxRentals(deps, run, progress);
}

/**
 * Rentals that let by themselves have no provider to agree with, only a cache that may be stale.
 */
async function walkBoxRentals(
  deps: ResyncDeps,
  run: SweepRun,
  progress: Progress,
): Promise<SweepEnd> {
  let after: RentalId | null = null;
  for (;;) {
    if (run.signal.aborted) return close(deps, run, progress, { status: 'incomplete' });
    const rentals: Rental[] = await deps.rentals.pageWithoutUnit(after, PAGE_SIZE);
    await resyncPage(
      deps,
      run,
      progress,
      rentals.map((rental) => ({ rental, unit: null })),
    );
    after = rentals.at(-1)?.id ?? null;
    if (rentals.length < PAGE_SIZE) return 'complete';
  }
}

async function resyncPage(
  deps: ResyncDeps,
  run: SweepRun,
  progress: Progress,
  rows: readonly SideBySide[],
): Promise<void> {
  const wanted = rows.filter(({ rental }) => isWanted(run.sweep, rental));
  const close = await outOfStep(deps, wanted);
  const found = { repairs: 0, breaks: 0, failed: 0 };
  const queue = [...close];
  const work = async (): Promise<void> => {
    for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
      if (run.signal.aborted) return;
      await resyncOne(deps, run, row, found);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const { counts } = progress;
  progress.counts = {
    compared: counts.compared + wanted.length,
    repaired: counts.repaired + found.repairs,
    breaks: counts.breaks + found.breaks,
    failed: counts.failed + found.failed,
  };
}

async function resyncOne(
  deps: ResyncDeps,
  run: SweepRun,
  { rental, unit }: SideBySide,
  found: { repairs: number; breaks: number; failed: number },
): Promise<void> {
  try {
    const done = run.sweep.dryRun
      ? await planResync(deps, rental, unit)
      : await resyncRental(deps, rental.id);
    await deps.sweeps.record(done.repairs.map((draft) => asRepair(run.sweep.id, draft)));
    found.repairs += done.repairs.length;
    found.breaks += done.breaks;
  } catch (error) {
    if (error instanceof ProviderUnavailable || error instanceof StorageUnavailable) throw error;
    found.failed += 1;
    deps.log.error('sweep.rental-failed', { sweepId: run.sweep.id, rentalId: rental.id, error });
  }
}

export function asRepair(sweepId: SweepId, draft: RepairDraft): Repair {
  return { ...draft, id: `${sweepId}/${draft.rentalId}/${draft.kind}`, sweepId };
}

/**
 * Those of a page that must be looked at closely; all others agree, in one read of their entries.
 */
async function outOfStep(deps: ResyncDeps, rows: readonly SideBySide[]): Promise<SideBySide[]> {
  if (rows.length === 0) return [];
  const [entries, tenancies, open] = await Promise.all([
    deps.entries.ofTenancies(
      rows.flatMap(({ rental }) =>
        rental.tenancy === null ? [] : [{ tenancyId: rental.tenancy.id, afterSeq: 0 }],
      ),
    ),
    deps.tenancies.get(rows.flatMap(({ rental }) => rental.tenancy?.id ?? [])),
    deps.breaks.openFor(rows.map(({ rental }) => rental.id)),
  ]);
  const ledgers = groupedBy(entries, (entry) => entry.tenancyId);
  const starts = new Map(tenancies.map((tenancy) => [tenancy.id, tenancy]));
  const broken = new Set(open.filter((one) => RESYNC_BREAKS.has(one.kind)).map((one) => one.about));
  const now = deps.clock.now();
  return rows.filter(({ rental, unit }) => {
    if (broken.has(rental.id)) return true;
    const differs = rental.unitId !== null && compareUnit(rental, unit, now).kind !== 'in-step';
    if (rental.tenancy === null || differs) return differs;
    const tenancy = starts.get(rental.tenancy.id);
    const { cache } = rental;
    if (tenancy === undefined || cache === null) return true;
    const fold = foldLedger(tenancy, ledgers.get(tenancy.id) ?? []);
    const folded: RentalCache = { ...cache, tenancyId: tenancy.id, paidUntil: fold.paidUntil };
    return isStaleCache(cache, folded);
  });
}

function isWanted(sweep: Sweep, rental: Rental): boolean {
  if (sweep.region !== null && rental.region !== sweep.region) return false;
  return sweep.regions.length === 0 || sweep.regions.includes(rental.region);
}

function readCursor(cursor: string | null): WalkStart & { readonly part: 'units' } {
  const fresh = { part: 'units', through: null, providerCursor: null } as const;
  if (cursor === null) return fresh;
  const kept = JSON.parse(cursor) as { through: UnitId | null; providerCursor: string | null };
  return { ...fresh, ...kept };
}

async function close(
  deps: ResyncDeps,
  run: SweepRun,
  progress: Progress,
  end: { readonly status: 'complete' | 'incomplete' | 'failed'; readonly fault?: string },
): Promise<SweepEnd> {
  const finishedAt = end.status === 'incomplete' ? null : deps.clock.now();
  const { counts } = progress;
  const change = { status: end.status, counts, finishedAt, fault: end.fault ?? null };
  try {
    const written = await deps.sweeps.progress(run.sweep.id, run.fence, change);
    if (!written) return 'lost';
  } catch (error) {
    if (!(error instanceof StorageUnavailable)) throw error;
    return 'incomplete';
  }
  deps.log.info('sweep.ended', { sweepId: run.sweep.id, status: end.status, ...counts });
  return end.status;
}
