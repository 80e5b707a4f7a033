/** The resync sweep: every rental against the provider's units, repairs recorded one by one. */
import type { RentalId, UnitId } from '../../domain/ids';
import type { ListedRental } from '../../domain/resync';
import type { SweepCounts } from '../../domain/sweep';
import { MINUTE_MS, plusMs } from '../../domain/time';
import { StorageUnavailable } from '../ports/money-ports';
import { ProviderUnavailable } from '../ports/provider-port';
import { isAway } from '../upstream/provider-away';
import type { UnitNowDeps } from '../upstream/read-unit-now';
import { workAtOnce } from '../work-at-once';
import { askAgain } from './ask-again';
import { comparePages, type ComparedPage } from './compare-pages';
import { planResync } from './plan-resync';
import { repairBook } from './repair-book';
import { resyncRental } from './resync-rental';
import { walkUnits, type SideBySide, type WalkStart } from './walk-units';
import type { SweepEnd, SweepRun } from '../ports/sweep-port';
import type { SweepStore } from '../ports/upkeep-ports';

export interface ResyncDeps extends UnitNowDeps {
  readonly sweeps: SweepStore;
}

/** As many rentals are looked at closely at once as the provider takes calls in flight. */
const AT_ONCE = 8;
const PAGE_SIZE = 500;
const AGAIN_MS = 10 * MINUTE_MS;

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
  for await (const compared of comparePages(deps, run.sweep, walkUnits(deps, start))) {
    if (run.signal.aborted) return close(deps, run, progress, { status: 'incomplete' });
    await resyncPage(deps, run, progress, compared);
    // Stopped half-way through the page: the next process begins with it again.
    if (run.signal.aborted) return close(deps, run, progress, { status: 'incomplete' });
    const cursor = JSON.stringify({ ...compared.page, rows: undefined, part: 'units' });
    const { counts } = progress;
    const going = await deps.sweeps.progress(run.sweep.id, run.fence, { counts, cursor });
    if (!going) return 'lost';
  }
  for await (const compared of comparePages(deps, run.sweep, walkBoxRentals(deps))) {
    if (run.signal.aborted) return close(deps, run, progress, { status: 'incomplete' });
    await resyncPage(deps, run, progress, compared);
    if (run.signal.aborted) return close(deps, run, progress, { status: 'incomplete' });
  }
  return 'complete';
}

/**
 * Rentals that let by themselves have no provider to agree with, only a cache that may be stale.
 */
async function* walkBoxRentals(
  deps: Pick<ResyncDeps, 'rentals'>,
): AsyncGenerator<{ readonly rows: readonly SideBySide[] }> {
  let after: RentalId | null = null;
  for (;;) {
    const rentals: ListedRental[] = await deps.rentals.pageWithoutUnit(after, PAGE_SIZE);
    yield { rows: rentals.map((rental) => ({ rental, unit: null })) };
    after = rentals.at(-1)?.id ?? null;
    if (rentals.length < PAGE_SIZE) return;
  }
}

async function resyncPage(
  deps: ResyncDeps,
  run: SweepRun,
  progress: Progress,
  { compared, close }: Pick<ComparedPage<unknown>, 'compared' | 'close'>,
): Promise<void> {
  const found = { repairs: 0, breaks: 0, failed: 0 };
  const work = (row: SideBySide): Promise<void> => resyncRow(deps, run, row, found);
  await workAtOnce(close, { most: AT_ONCE, isOver: () => run.signal.aborted, work });
  const { counts } = progress;
  progress.counts = {
    compared: counts.compared + compared,
    repaired: counts.repaired + found.repairs,
    breaks: counts.breaks + found.breaks,
    failed: counts.failed + found.failed,
  };
}

async function resyncRow(
  deps: ResyncDeps,
  run: SweepRun,
  { rental, unit }: SideBySide,
  found: { repairs: number; breaks: number; failed: number },
): Promise<void> {
  try {
    const book = repairBook(deps, async () => run.sweep.id);
    const done = run.sweep.dryRun
      ? await planResync(deps, rental.id, unit)
      : await resyncRental(deps, rental.id, book);
    if (run.sweep.dryRun) await book.record(done.repairs);
    else await askAgain(deps, rental.id, done);
    found.repairs += done.repairs.length;
    found.breaks += done.breaks;
  } catch (error) {
    if (error instanceof StorageUnavailable) throw error;
    const isTheirs = error instanceof ProviderUnavailable;
    if (isTheirs && (await isAway(deps.provider))) throw error;
    found.failed += 1;
    deps.log.error('sweep.rental-failed', { sweepId: run.sweep.id, rentalId: rental.id, error });
    // The run goes on without it; it is tried alone before the next night.
    if (!run.sweep.dryRun) {
      await deps.rentals.askResync([rental.id], plusMs(deps.clock.now(), AGAIN_MS));
    }
  }
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
