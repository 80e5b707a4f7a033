/** What comes back after a person has dealt with it, and what keeps changing while we look. */
import { parseRentalId, tenancyId, type StreamId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  plusMs,
  plusSeconds,
  WEEK_SECONDS,
} from '../../src/domain/time';
import type { UnitWord } from '../../src/domain/unit';
import type { ProviderApi } from '../../src/flows/ports/provider-port';
import { readStanding } from '../../src/flows/read-standing';
import type { ResyncDeps } from '../../src/flows/resync/run-resync';
import { agent, rentalOf, START } from '../support/estate';
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
    const { record } = await world.run('resync');
    expect(record.counts.breaks).toBe(0);
    expect(world.breaks.all()).toMatchObject([{ state: 'resolved', resolvedBy: 'Rosa' }]);
  });

  it('is recorded once and counted each time while it waits for a person', async () => {
    const world = await createResyncWorld('by-hand');
    world.provider.sayUnit(UNIT, harm);
    for (let snapshot = 0; snapshot < 5; snapshot += 1) {
      await world.clock.advance(5 * MINUTE_MS);
      await world.deps.rentals.askResync([RENTAL], world.clock.now());
      await world.run('settle');
    }
    const { rows } = await world.sweeps.list({ limit: 50, cursor: null, regions: [] });
    expect(rows.filter(({ rentalId }) => rentalId === RENTAL)).toHaveLength(1);
    const { record, repairs } = await world.run('resync');
    expect([record.counts.breaks, repairs]).toEqual([1, []]);
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

  it('is left to a person, and tried again within minutes, after a resync of its own', async () => {
    const world = await restless();
    await world.deps.rentals.askResync([RENTAL], world.clock.now());
    const { record } = await world.run('settle');
    expect(record.counts).toMatchObject({ breaks: 1, failed: 0 });
    expect(await resyncAt(world)).toBe(plusMs(world.clock.now(), 10 * MINUTE_MS));
  });

  it('is left to a person, and tried again within minutes, after the resync of all', async () => {
    const world = await restless();
    const { end, record } = await world.run('resync');
    expect([end, record.counts.breaks, record.counts.failed]).toEqual(['complete', 1, 0]);
    expect(await resyncAt(world)).toBe(plusMs(world.clock.now(), 10 * MINUTE_MS));
  });
});

describe('a provider that answers a change with what it answered before', () => {
  const overdue = { status: 'overdue', rentedUntil: plusMs(START, -DAY_MS) } as const;

  it('is asked under another key once its numbering is another one', async () => {
    const world = await createResyncWorld();
    await world.deps.follower.write({ streams: ['one' as StreamId], seq: 1, horizon: null }, 1);
    const harmed = world.provider.sayUnit(UNIT, overdue);
    await world.run('resync');
    // A restored backup: the unit is as it was, and so is its version.
    world.provider.units.set(UNIT, harmed);
    const streams = ['one', 'two'].map((id) => id as StreamId);
    await world.deps.follower.write({ streams, seq: 1, horizon: null }, 1);
    await world.run('resync');
    const [first, second] = world.expiries;
    expect(second?.ifVersion).toBe(first?.ifVersion);
    expect(second?.idempotencyKey).not.toBe(first?.idempotencyKey);
    expect(world.provider.units.get(UNIT)?.status).toBe('rented');
  });

  it.each([
    ['no newer unit', (unit: UnitWord) => ({ ...unit, ...FAIR })],
    ['another time', (unit: UnitWord) => ({ ...unit, version: unit.version + 1 })],
  ])('is not believed when it shows %s', async (_, answer) => {
    const world = await createResyncWorld();
    world.provider.sayUnit(UNIT, overdue);
    const deps = world.deps as { provider: ResyncDeps['provider'] };
    const unit = answer(world.provider.units.get(UNIT)!);
    deps.provider = { ...deps.provider, setExpiry: async () => ({ kind: 'changed', unit }) };
    const { record, repairs } = await world.run('resync');
    expect(record.counts).toMatchObject({ breaks: 1, failed: 0 });
    expect(repairs).toMatchObject([
      { kind: 'expiry-by-hand' },
      { kind: 'expiry-set', after: { outcome: 'unknown' } },
    ]);
    expect(world.breaks.all()).toMatchObject([{ kind: 'expiry-by-hand', state: 'open' }]);
  });

  it('is believed when it shows the time, and its status follows later', async () => {
    const world = await createResyncWorld();
    world.provider.sayUnit(UNIT, overdue);
    const deps = world.deps as { provider: ResyncDeps['provider'] };
    let asked = 0;
    const setExpiry: ProviderApi['setExpiry'] = async ({ rentedUntil }) => {
      asked += 1;
      return { kind: 'changed', unit: world.provider.sayUnit(UNIT, { rentedUntil }) };
    };
    deps.provider = { ...deps.provider, setExpiry };
    const { record } = await world.run('resync');
    expect([asked, record.counts.repaired, record.counts.failed]).toEqual([1, 1, 0]);
  });
});

describe('a tenancy that was changed by a process that died before it told the rental', () => {
  it('is found ended by the next resync', async () => {
    const world = await createResyncWorld();
    const [tenancy] = await world.tenancies.ofRentals([RENTAL]);
    await world.tenancies.save([{ ...tenancy!, endedAt: world.clock.now() }]);
    await world.run('resync');
    expect(await world.rentals.one(RENTAL)).toMatchObject({ tenancy: null });
  });

  it('is found begun by the next resync, also where a box verifies', async () => {
    const world = await createResyncWorld();
    const vacant = rentalOf(5, { unitId: null, verifiedBy: 'box' });
    await world.rentals.save([vacant]);
    const start = { by: 'manager', at: START } as const;
    const tenant = agent(5);
    const begun = { id: tenancyId(vacant.id, 1), rentalId: vacant.id, n: 1, tenant, start };
    await world.tenancies.save([{ ...begun, endedAt: null, rev: 0 }]);
    await world.run('resync');
    const rental = await world.rentals.one(vacant.id);
    expect(rental).toMatchObject({ tenancy: { id: begun.id }, cache: { tenancyId: begun.id } });
  });
});

describe('a payment that is reversed while its unit is read', () => {
  it('is not given back to the provider as paid', async () => {
    const world = await createResyncWorld();
    await world.clock.advance(DAY_MS);
    const paidAt = world.clock.now();
    const paid = { unitId: UNIT, payer: agent(1), amount: lindens(700), paidAt };
    const completed = { state: 'completed', stateWord: 'completed' } as const;
    world.provider.say('tx-2', { ...paid, ...completed });
    world.provider.sayUnit(UNIT, { rentedUntil: plusSeconds(PAID_UNTIL, WEEK_SECONDS) });
    await world.run('resync');
    await world.clock.advance(DAY_MS);
    const deps = world.deps as { provider: ResyncDeps['provider'] };
    const { unit } = deps.provider;
    let isReversed = false;
    deps.provider = {
      ...deps.provider,
      unit: async (id) => {
        if (!isReversed) {
          isReversed = true;
          world.provider.say('tx-2', { state: 'reversed', stateWord: 'reversed' });
          world.provider.sayUnit(UNIT, { rentedUntil: PAID_UNTIL });
        }
        return unit(id);
      },
    };
    await world.deps.rentals.askResync([RENTAL], world.clock.now());
    await world.run('settle');
    expect(isReversed).toBe(true);
    expect(world.expiries).toEqual([]);
    expect((await world.rentals.one(RENTAL))?.cache?.paidUntil).toBe(PAID_UNTIL);
    expect(world.breaks.all()).toEqual([]);
  });
});

describe('a list of transactions whose pages lead in a circle', () => {
  it('says nothing of what it does not show, so that no second key turns on it', async () => {
    const world = await createResyncWorld();
    await world.clock.advance(10 * DAY_MS + HOUR_MS);
    world.provider.sayUnit(UNIT, { status: 'overdue' });
    const deps = world.deps as { provider: ResyncDeps['provider'] };
    const transactions: ProviderApi['transactions'] = async ({ cursor }) => ({
      ...{ rows: [], unreadable: [], next: cursor === 'a' ? 'b' : 'a', time: world.clock.now() },
    });
    deps.provider = { ...deps.provider, transactions };
    await world.run('settle');
    const rental = (await world.rentals.one(RENTAL))!;
    const { stage, reasons } = await readStanding(world.deps, rental);
    expect([stage, reasons.map(({ code }) => code)]).toEqual(['safe', ['no-fresh-evidence']]);
  });
});
