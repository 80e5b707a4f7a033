/** Resyncs one rental outside the nightly run, because its unit or its box shows another time. */
import { parseSweepId, type RentalId, type SweepId } from '../../domain/ids';
import type { Sweep } from '../../domain/sweep';
import { SYSTEM } from '../../domain/ledger/entry';
import { plusMs, toRfc3339, type Instant } from '../../domain/time';
import { resyncRental, type Resynced } from './resync-rental';
import { asRepair, type ResyncDeps } from './run-resync';

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
  const done = await resyncRental(deps, id);
  if (done.repairs.length > 0) {
    const sweepId = await beginRun(deps, startedAt, done);
    await deps.sweeps.record(done.repairs.map((draft) => asRepair(sweepId, draft)));
  }
  await deps.rentals.resyncDone(id, askedAt);
  return done;
}

async function beginRun(deps: ResyncDeps, startedAt: Instant, done: Resynced): Promise<SweepId> {
  for (let at = startedAt; ; at = plusMs(at, 1)) {
    const id = parseSweepId(`resync:${toRfc3339(at)}`);
    const sweep: Sweep = {
      id,
      rev: 0,
      kind: 'resync',
      dryRun: false,
      region: null,
      regions: [],
      status: 'complete',
      dueAt: null,
      author: SYSTEM,
      startedAt,
      finishedAt: deps.clock.now(),
      counts: { compared: 1, repaired: done.repairs.length, breaks: done.breaks, failed: 0 },
      cursor: null,
      fence: 0,
      fault: null,
    };
    if (await deps.sweeps.begin(sweep)) return id;
  }
}
