/** How fast single resyncs are made after the provider has reset very many units at once. */
import type { Rental } from '../../src/domain/rental';
import { MINUTE_MS, plusMs, type Instant } from '../../src/domain/time';
import { parseSweepId } from '../../src/domain/ids';
import { newSweep } from '../../src/domain/sweep';
import { refreshRentals } from '../../src/flows/refresh-rentals';
import { resyncOne } from '../../src/flows/resync/resync-one';
import type { ResyncDeps } from '../../src/flows/resync/run-resync';
import { runSettleSweep } from '../../src/flows/sweeps/run-settle-sweep';
import { rentalOf } from '../support/estate';
import { createResyncWorld } from './resync-world';

async function thousandAskedFor() {
  const world = await createResyncWorld();
  const rentals: Rental[] = Array.from({ length: 1_000 }, (_, i) => rentalOf(i + 2));
  await world.rentals.save(rentals);
  await refreshRentals(
    world.deps,
    rentals.map(({ id }) => id),
  );
  await world.deps.rentals.askResync(
    rentals.map(({ id }) => id),
    world.clock.now(),
  );
  const left = async (): Promise<number> =>
    (await world.deps.rentals.resyncsDue(world.clock.now(), 5_000)).length;
  return { ...world, left };
}

const SWEEP = newSweep({
  ...{ id: parseSweepId('swp_1'), kind: 'settle', author: 'system', startedAt: 0 as Instant },
  fence: 1,
});

describe('a settle sweep after a mass reset', () => {
  it('resyncs a thousand units, not some now and the others in minutes', async () => {
    const world = await thousandAskedFor();
    const { record } = await world.run('settle');
    expect(await world.left()).toBe(0);
    expect(record.counts).toMatchObject({ failed: 0 });
  });

  it('asks the provider about eight at once, as many as its client lets through', async () => {
    const world = await thousandAskedFor();
    let underWay = 0;
    let most = 0;
    const { unit } = world.deps.provider;
    (world.deps as { provider: ResyncDeps['provider'] }).provider = {
      ...world.deps.provider,
      unit: async (id, signal) => {
        underWay += 1;
        most = Math.max(most, underWay);
        const word = await unit(id, signal);
        underWay -= 1;
        return word;
      },
    };
    await world.run('settle');
    expect(most).toBe(8);
  });

  it('lets payments wait no longer than two minutes for the rest', async () => {
    const world = await thousandAskedFor();
    const { unit } = world.deps.provider;
    (world.deps as { provider: ResyncDeps['provider'] }).provider = {
      ...world.deps.provider,
      unit: async (id, signal) => {
        await world.clock.advance(1_000);
        return unit(id, signal);
      },
    };
    const beganAt = world.clock.now();
    await world.run('settle');
    expect(world.clock.now()).toBeLessThan(plusMs(beganAt, 3 * MINUTE_MS));
    expect(await world.left()).toBeGreaterThan(0);
  });

  it('asks nothing about a unit whose resync another has made meanwhile', async () => {
    const world = await createResyncWorld();
    const [rental] = world.rentals.all();
    await resyncOne(world.deps, rental!.id);
    expect(world.provider.calls).toEqual([]);
  });

  it('stops when its lease is gone', async () => {
    const world = await thousandAskedFor();
    const lease = new AbortController();
    const { unit } = world.deps.provider;
    (world.deps as { provider: ResyncDeps['provider'] }).provider = {
      ...world.deps.provider,
      unit: async (id, signal) => {
        lease.abort();
        return unit(id, signal);
      },
    };
    await world.deps.sweeps.begin(SWEEP);
    const end = await runSettleSweep(world.deps, { sweep: SWEEP, fence: 1, signal: lease.signal });
    expect(end).toBe('incomplete');
    expect(await world.left()).toBeGreaterThanOrEqual(1_000 - 8);
  });
});
