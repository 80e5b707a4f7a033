/** Works through the rentals that are due for something; one that fails stops none. */
import type { RentalId } from '../../domain/ids';
import type { Rental } from '../../domain/rental';
import { MINUTE_MS, plusMs, type Instant } from '../../domain/time';
import { StorageUnavailable } from '../ports/money-ports';
import { ProviderUnavailable } from '../ports/provider-port';
import type { ResyncDeps } from '../resync/run-resync';
import { isAway } from '../upstream/provider-away';
import { workAtOnce } from '../work-at-once';
import { addCounts, type SettleRun } from './settle-run';

export interface DuePart {
  /** Those due longest come first. */
  readonly due: (limit: number) => Promise<Rental[]>;
  /** Moves the rental's due time on when it has done its work. */
  readonly work: (rental: Rental) => Promise<void>;
  /** So that one that fails each time does not crowd out the others. */
  readonly putOff: (rental: Rental, until: Instant) => Promise<void>;
  /** While the provider is away: `work` asks it nothing then, or is not called. */
  readonly whileAway: 'work' | 'wait';
}

const BATCH = 200;
/** Rows that are read at once at most: so many may stay due before others wait for them. */
const MOST_READ = 2_000;
/** As many as the provider's client has calls under way; more would only wait in it. */
const AT_ONCE = 8;
/** What is left is due again a minute later; payments wait no longer than this for rentals. */
const MOST_MS = 2 * MINUTE_MS;
const PUT_OFF_MS = 10 * MINUTE_MS;

/** Each rental is taken up once in a run. @throws StorageUnavailable */
export async function eachDueRental(
  deps: ResyncDeps,
  run: SettleRun,
  part: DuePart,
): Promise<void> {
  const end = plusMs(deps.clock.now(), MOST_MS);
  const isOver = (): boolean => run.signal.aborted || deps.clock.now() >= end;
  const tried = new Set<RentalId>();
  let stuck = 0;
  while (!isOver()) {
    const due = await part.due(Math.min(BATCH + stuck, MOST_READ));
    const fresh = due.filter((rental) => !tried.has(rental.id));
    if (fresh.length === 0) return;
    stuck = due.length - fresh.length;
    for (const rental of fresh) tried.add(rental.id);
    addCounts(run, { compared: fresh.length });
    const work = (rental: Rental): Promise<void> => guarded(deps, run, { rental, part });
    await workAtOnce(fresh, { most: AT_ONCE, isOver, work });
  }
}

async function guarded(
  deps: ResyncDeps,
  run: SettleRun,
  { rental, part }: { readonly rental: Rental; readonly part: DuePart },
): Promise<void> {
  const isWaiting = run.unreachable && rental.verifiedBy === 'provider';
  if (isWaiting && part.whileAway === 'wait') return;
  const { log, clock } = deps;
  const named = { sweepId: run.sweep.id, rentalId: rental.id };
  try {
    await part.work(rental);
  } catch (error) {
    if (error instanceof StorageUnavailable) throw error;
    if (error instanceof ProviderUnavailable && (await isAway(deps.provider))) {
      run.unreachable = true;
      return;
    }
    addCounts(run, { failed: 1 });
    log.error('sweep.rental-failed', { ...named, error });
    try {
      await part.putOff(rental, plusMs(clock.now(), PUT_OFF_MS));
    } catch (failure) {
      if (failure instanceof StorageUnavailable) throw failure;
      log.warn('sweep.rental-not-put-off', { ...named, error: failure });
    }
  }
}
