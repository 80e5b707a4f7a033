/** What a resync leaves when it is broken off half-way: nothing under way, and a way to go on. */
import { parseSweepId, parseUnitId } from '../../src/domain/ids';
import { newSweep } from '../../src/domain/sweep';
import { DAY_MS, MINUTE_MS, plusMs } from '../../src/domain/time';
import { ProviderUnavailable } from '../../src/flows/ports/provider-port';
import { runResync, type ResyncDeps } from '../../src/flows/resync/run-resync';
import { agent, rentalOf, START } from '../support/estate';
import { createResyncWorld } from './resync-world';

const SWEEP = newSweep({
  ...{ id: parseSweepId('swp_1'), kind: 'resync', author: 'system', startedAt: START },
  fence: 1,
});

/** Sixty units are let upstream to somebody of whom we know nothing: each is looked at closely. */
async function sixtyToLookAt() {
  const world = await createResyncWorld();
  const numbers = Array.from({ length: 59 }, (_, i) => i + 2);
  await world.rentals.save(numbers.map((n) => rentalOf(n)));
  const let5 = { tenant: agent(5), rentedUntil: plusMs(START, DAY_MS), status: 'rented' } as const;
  for (const n of numbers) world.provider.sayUnit(`unit-${n}`, let5);
  const { unit } = world.deps.provider;
  const deps = world.deps as { provider: ResyncDeps['provider'] };
  const answer = (how: ResyncDeps['provider']['unit']): void => {
    deps.provider = { ...deps.provider, unit: how };
  };
  const run = () =>
    runResync(world.deps, { sweep: SWEEP, fence: 1, signal: new AbortController().signal });
  await world.deps.sweeps.begin(SWEEP);
  return { ...world, unit, answer, run };
}

describe('a resync whose provider goes away half-way', () => {
  it('asks nothing more, and has nothing under way, once it is incomplete', async () => {
    const world = await sixtyToLookAt();
    let calls = 0;
    let underWay = 0;
    world.answer(async (id, signal) => {
      calls += 1;
      if (calls === 3) {
        world.provider.restFails = 'passing';
        throw new ProviderUnavailable('Gone.', true);
      }
      underWay += 1;
      for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
      underWay -= 1;
      return world.unit(id, signal);
    });
    expect(await world.run()).toBe('incomplete');
    expect(underWay).toBe(0);
    expect(calls).toBeLessThanOrEqual(8);
  });
});

describe('a resync that is stopped in the middle of a page', () => {
  it('begins with that page again when it goes on, and passes over none', async () => {
    const world = await sixtyToLookAt();
    const stop = new AbortController();
    let calls = 0;
    world.answer(async (id, signal) => {
      calls += 1;
      if (calls === 10) stop.abort(new Error('The process ends.'));
      return world.unit(id, signal);
    });
    const first = await runResync(world.deps, { sweep: SWEEP, fence: 1, signal: stop.signal });
    expect(first).toBe('incomplete');
    const sweep = (await world.deps.sweeps.get(SWEEP.id))!;
    const { signal } = new AbortController();
    expect(await runResync(world.deps, { sweep, fence: 1, signal })).toBe('complete');
    expect(world.breaks.all()).toHaveLength(59);
  });
});

describe('a resync in which one unit cannot be read while the provider is there', () => {
  it('counts that one as failed, goes on, and tries it alone before long', async () => {
    const world = await sixtyToLookAt();
    const bad = parseUnitId('unit-7');
    world.answer(async (id, signal) => {
      if (id === bad) throw new ProviderUnavailable('A unit that cannot be read.', true);
      return world.unit(id, signal);
    });
    expect(await world.run()).toBe('complete');
    const { counts } = (await world.deps.sweeps.get(SWEEP.id))!;
    expect(counts).toMatchObject({ compared: 60, breaks: 58, failed: 1 });
    const [rental] = await world.deps.rentals.byUnits([bad]);
    expect(rental?.resyncAt).toBe(plusMs(world.clock.now(), 10 * MINUTE_MS));
  });
});
