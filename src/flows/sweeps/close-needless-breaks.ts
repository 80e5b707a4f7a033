/**
 * Closes breaks `no-usable-word` of rentals that need no word any more: paid since, or ended.
 */
import { RefusedValue } from '../../domain/brand';
import { parseRentalId, type RentalId } from '../../domain/ids';
import { StorageUnavailable } from '../ports/money-ports';
import type { ResyncDeps } from '../resync/run-resync';
import { closeNeedlessBreak } from '../upstream/ask-second-key';
import { addCounts, type SettleRun } from './settle-run';

const PAGE_SIZE = 200;
/** Ten thousand open breaks of one kind: what lies beyond waits until some of them are closed. */
const MOST_PAGES = 50;

/** Nothing is asked of anybody; usually not one such break is open. @throws StorageUnavailable */
export async function closeNeedlessBreaks(deps: ResyncDeps, run: SettleRun): Promise<void> {
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES && !run.signal.aborted; page += 1) {
    const open: Awaited<ReturnType<typeof deps.breaks.list>> = await deps.breaks.list({
      ...{ kind: 'no-usable-word', state: 'open', owner: null, regions: [] },
      ...{ limit: PAGE_SIZE, cursor },
    });
    await closeOf(
      deps,
      run,
      open.rows.flatMap(({ about }) => rentalNamed(about)),
    );
    cursor = open.next;
    if (cursor === null) return;
  }
}

async function closeOf(deps: ResyncDeps, run: SettleRun, ids: readonly RentalId[]): Promise<void> {
  if (ids.length === 0) return;
  for (const rental of await deps.rentals.get(ids)) {
    try {
      await closeNeedlessBreak(deps, rental);
    } catch (error) {
      if (error instanceof StorageUnavailable) throw error;
      addCounts(run, { failed: 1 });
      const { id: sweepId } = run.sweep;
      deps.log.error('sweep.rental-failed', { sweepId, rentalId: rental.id, error });
    }
  }
}

/** One that a person opened is about that request, and is the person's to close. */
function rentalNamed(about: string): RentalId[] {
  try {
    return [parseRentalId(about)];
  } catch (error) {
    if (error instanceof RefusedValue) return [];
    throw error;
  }
}
