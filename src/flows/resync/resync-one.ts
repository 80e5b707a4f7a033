/** Resyncs one rental outside the nightly run, because its unit or its box shows another time. */
import { parseSweepId, type RentalId, type SweepId } from '../../domain/ids';
import type { Rental } from '../../domain/rental';
import { newSweep } from '../../domain/sweep';
import { SYSTEM } from '../../domain/ledger/entry';
import { plusMs, toRfc3339, type Instant } from '../../domain/time';
import { askAgain } from './ask-again';
import { repairBook } from './repair-book';
import { resyncRental, type Resynced } from './resync-rental';
import type { ResyncDeps } from './run-resync';

/**
 * What it repairs is recorded as a run of its own, so that a person finds it where all runs are. A
 * rental whose wish another has met meanwhile is left alone.
 * @throws ProviderUnavailable: the wish stays noted, and the next settle sweep tries again.
 */
export async function resyncOne(deps: ResyncDeps, id: RentalId): Promise<Resynced> {
  const [rental] = await deps.rentals.get([id]);
  const askedAt = rental?.resyncAt ?? null;
  if (askedAt === null) return { repairs: [], breaks: 0 };
  const startedAt = deps.clock.now();
  const run: { id: SweepId | null } = { id: null };
  const begun = async (): Promise<SweepId> => (run.id ??= await beginRun(deps, rental!, startedAt));
  const book = repairBook(deps, begun);
  const done = await resyncRental(deps, id, book);
  if (run.id !== null) await endRun(deps, run.id, done);
  await askAgain(deps, id, done);
  await deps.rentals.resyncDone(id, askedAt);
  return done;
}

/**
 * Counts as failed until it has ended, so that one whose process was killed is not taken for done;
 * nor is it left `running`, which would be resumed as a run over all rentals.
 */
async function beginRun(deps: ResyncDeps, rental: Rental, startedAt: Instant): Promise<SweepId> {
  for (let at = startedAt; ; at = plusMs(at, 1)) {
    const id = parseSweepId(`resync:${toRfc3339(at)}`);
    const sweep = newSweep({
      ...{ id, kind: 'resync', region: rental.region, rentalId: rental.id },
      ...{ status: 'failed', author: SYSTEM, startedAt },
      counts: { compared: 1, repaired: 0, breaks: 0, failed: 0 },
      fault: 'It has not ended: what became of its repairs is not known.',
    });
    if (await deps.sweeps.begin(sweep)) return id;
  }
}

async function endRun(deps: ResyncDeps, id: SweepId, done: Resynced): Promise<void> {
  const counts = { compared: 1, repaired: done.repairs.length, breaks: done.breaks, failed: 0 };
  const finishedAt = deps.clock.now();
  await deps.sweeps.progress(id, 0, { status: 'complete', counts, finishedAt, fault: null });
}
