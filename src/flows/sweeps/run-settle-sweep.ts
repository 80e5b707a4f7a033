/**
 * The settle sweep of each minute: due look-ups, unfinished steps, second keys and single resyncs.
 */
import type { Rental } from '../../domain/rental';
import type { Instant } from '../../domain/time';
import { askSecondKey } from '../upstream/ask-second-key';
import { StorageUnavailable } from '../ports/money-ports';
import { resyncOne } from '../resync/resync-one';
import type { ResyncDeps } from '../resync/run-resync';
import type { SweepEnd, SweepRun } from '../ports/sweep-port';
import { closeNeedlessBreaks } from './close-needless-breaks';
import { eachDueRental } from './each-due-rental';
import { settleDue } from './settle-due';
import { addCounts, type SettleRun } from './settle-run';

/** In this order: a payment that is credited first spares its rental the questions after it. */
const PARTS = {
  payments: settleDue,
  resyncs: resyncDue,
  secondKeys: askKeysDue,
  needlessBreaks: closeNeedlessBreaks,
} as const;

/** Every part stands alone: what fails is logged and due again, and the others go on. */
export async function runSettleSweep(deps: ResyncDeps, given: SweepRun): Promise<SweepEnd> {
  const run: SettleRun = { ...given, counts: given.sweep.counts, unreachable: false };
  let fault: unknown = null;
  for (const [part, work] of Object.entries(PARTS)) {
    try {
      await work(deps, run);
    } catch (error) {
      deps.log.error('sweep.failed', { sweepId: run.sweep.id, part, error });
      if (error instanceof StorageUnavailable) return close(deps, run, 'incomplete', error);
      fault ??= error;
    }
  }
  if (fault !== null) return close(deps, run, 'failed', fault);
  return close(deps, run, run.signal.aborted ? 'incomplete' : 'complete', null);
}

function resyncDue(deps: ResyncDeps, run: SettleRun): Promise<void> {
  const { rentals, clock } = deps;
  return eachDueRental(deps, run, {
    due: (limit) => rentals.resyncsDue(clock.now(), limit),
    whileAway: 'wait',
    work: async ({ id }) => {
      const { repairs, breaks } = await resyncOne(deps, id);
      addCounts(run, { repaired: repairs.length, breaks });
    },
    putOff: async ({ id, resyncAt }, until) => {
      await rentals.askResync([id], until);
      if (resyncAt !== null) await rentals.resyncDone(id, resyncAt);
    },
  });
}

function askKeysDue(deps: ResyncDeps, run: SettleRun): Promise<void> {
  const { rentals, clock } = deps;
  return eachDueRental(deps, run, {
    due: (limit) => rentals.secondKeysDue(clock.now(), limit),
    // That no word could be had is noted all the same: after seven days a person is asked.
    whileAway: 'work',
    work: async (rental) => {
      const { unreachable } = await askSecondKey(deps, rental, run.unreachable ? 'away' : 'there');
      if (unreachable) run.unreachable = true;
    },
    putOff: async ({ id, rev, cache }: Rental, secondKeyAt: Instant) => {
      await rentals.refresh([{ id, rev, cache, secondKeyAt }]);
    },
  });
}

async function close(
  deps: ResyncDeps,
  run: SettleRun,
  status: 'complete' | 'incomplete' | 'failed',
  error: unknown,
): Promise<SweepEnd> {
  const finishedAt = status === 'incomplete' ? null : deps.clock.now();
  const fault = error instanceof Error ? error.message.slice(0, 500) : null;
  const change = { status, counts: run.counts, finishedAt, fault };
  try {
    const written = await deps.sweeps.progress(run.sweep.id, run.fence, change);
    return written ? status : 'lost';
  } catch (failure) {
    if (!(failure instanceof StorageUnavailable)) throw failure;
    return 'incomplete';
  }
}
