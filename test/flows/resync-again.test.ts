/** What comes back after a person has dealt with it, and what keeps changing while we look. */
import { parseRentalId } from '../../src/domain/ids';
import { DAY_MS, MINUTE_MS, plusMs } from '../../src/domain/time';
import type { ResyncDeps } from '../../src/flows/resync/run-resync';
import { agent, START } from '../support/estate';
import { createResyncWorld, PAID_UNTIL, UNIT, type ResyncWorld } from './resync-world';

const RENTAL = parseRentalId('r_1');
const FAIR = { tenant: agent(1), status: 'rented', rentedUntil: PAID_UNTIL } as const;

const HARMS = [
  ['reset to overdue', { status: 'overdue', rentedUntil: plusMs(START, -DAY_MS) }],
  ['let to somebody else', { tenant: agent(9) }],
  ['given time that nobody paid', { rentedUntil: plusMs(PAID_UNTIL, 3 * DAY_MS) }],
] as const;

async function resolvedByRosa(world: ResyncWorld): Promise<void> {
  const [open] = world.breaks.all();
  expect(open?.state).toBe('open');
  const resolved = { resolution: 'Done.', resolvedAt: world.clock.now(), resolvedBy: 'Rosa' };
  await world.breaks.save({ ...open!, ...resolved, state: 'resolved' });
}

describe.each(HARMS)('a unit that was %s, and of which a person resolved the break', (_, harm) => {
  it('calls a person again when it happens again', async () => {
    const world = await createResyncWorld('by-hand');
    world.provider.sayUnit(UNIT, harm);
    await world.run('resync');
    await resolvedByRosa(world);
    world.provider.sayUnit(UNIT, FAIR);
    await world.run('resync');
    await world.clock.advance(DAY_MS);
    world.provider.sayUnit(UNIT, harm);
    await world.run('resync');
    expect(world.breaks.all()).toMatchObject([{ state: 'open', openedAt: world.clock.now() }]);
    expect(world.breaks.all()[0]?.comments).toHaveLength(1);
  });

  it('is left as it is while the provider says nothing new of it', async () => {
    const world = await createResyncWorld('by-hand');
    world.provider.sayUnit(UNIT, harm);
    await world.run('resync');
    await resolvedByRosa(world);
    await world.clock.advance(DAY_MS);
    await world.run('resync');
    expect(world.breaks.all()).toMatchObject([{ state: 'resolved', resolvedBy: 'Rosa' }]);
  });
});

describe('a unit that changes each time we would change it', () => {
  async function restless() {
    const world = await createResyncWorld();
    world.provider.sayUnit(UNIT, { status: 'overdue', rentedUntil: plusMs(START, -DAY_MS) });
    const deps = world.deps as { provider: ResyncDeps['provider'] };
    deps.provider = { ...deps.provider, setExpiry: async () => ({ kind: 'stale' }) };
    return world;
  }
  const resyncAt = async ({ rentals }: ResyncWorld) => (await rentals.one(RENTAL))?.resyncAt;

  it('is tried again within minutes after a resync of its own', async () => {
    const world = await restless();
    await world.deps.rentals.askResync([RENTAL], world.clock.now());
    const { record } = await world.run('settle');
    expect(record.counts).toMatchObject({ repaired: 0, failed: 1 });
    expect(await resyncAt(world)).toBe(plusMs(world.clock.now(), 10 * MINUTE_MS));
  });

  it('is tried again within minutes after the resync of all', async () => {
    const world = await restless();
    const { end, record } = await world.run('resync');
    expect([end, record.counts.failed]).toEqual(['complete', 1]);
    expect(await resyncAt(world)).toBe(plusMs(world.clock.now(), 10 * MINUTE_MS));
  });
});
