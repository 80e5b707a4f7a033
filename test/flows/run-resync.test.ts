/** What a resync finds and mends between our ledger and the provider's units. */
import { parseRentalId, parseUnitId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import { DAY_MS, plusMs, plusSeconds, WEEK_SECONDS } from '../../src/domain/time';
import { agent, rentalOf, reportOf, START } from '../support/estate';
import { createResyncWorld, PAID_UNTIL, UNIT } from './resync-world';

const RENTAL = parseRentalId('r_1');
const WRONG = plusMs(START, -DAY_MS);
const LATER = plusMs(PAID_UNTIL, DAY_MS);

describe('a resync', () => {
  it('leaves alone what agrees', async () => {
    const world = await createResyncWorld();
    const { end, record, repairs } = await world.run('resync');
    expect(end).toBe('complete');
    expect(record.counts).toEqual({ compared: 1, repaired: 0, breaks: 0, failed: 0 });
    expect(repairs).toEqual([]);
    expect(world.expiries).toEqual([]);
  });

  it('tells the provider the paid time of a unit that it reset to overdue', async () => {
    const world = await createResyncWorld();
    world.provider.sayUnit(UNIT, { rentedUntil: WRONG, status: 'overdue' });
    const { record, repairs } = await world.run('resync');
    expect(record.counts).toEqual({ compared: 1, repaired: 1, breaks: 0, failed: 0 });
    expect(repairs.map((one) => one.kind)).toEqual(['expiry-set']);
    expect(world.provider.units.get(UNIT)?.rentedUntil).toBe(PAID_UNTIL);
    expect(world.expiries[0]).toMatchObject({ ifVersion: 2, tenant: agent(1) });
    expect((await world.run('resync')).repairs).toEqual([]);
  });

  it('changes nothing in a dry run, and lists what it would do', async () => {
    const world = await createResyncWorld();
    world.provider.sayUnit(UNIT, { rentedUntil: null, status: 'overdue' });
    const { repairs } = await world.run('resync', { dryRun: true });
    expect(repairs.map((one) => one.kind)).toEqual(['expiry-set']);
    expect(world.expiries).toEqual([]);
    expect(world.provider.units.get(UNIT)?.rentedUntil).toBeNull();
  });

  it(
    'hands the change to a person where the provider has no call for it, and ' +
      'closes it when done',
    async () => {
      const world = await createResyncWorld('by-hand');
      world.provider.sayUnit(UNIT, { rentedUntil: WRONG, status: 'overdue' });
      const { record } = await world.run('resync');
      expect(record.counts.breaks).toBe(1);
      const [open] = world.breaks.all();
      expect(open).toMatchObject({ kind: 'expiry-by-hand', state: 'open', subjects: [RENTAL] });
      expect(open?.text).toContain('Mon 2026-03-09 05:00 SLT');
      world.provider.sayUnit(UNIT, { rentedUntil: PAID_UNTIL, status: 'rented' });
      await world.run('resync');
      expect(world.breaks.all()[0]?.state).toBe('resolved');
    },
  );

  it('calls a person when a paid parcel is let to somebody else, and changes nothing', async () => {
    const world = await createResyncWorld();
    world.provider.sayUnit(UNIT, { tenant: agent(9) });
    await world.run('resync');
    expect(world.breaks.all().map((one) => one.kind)).toEqual(['evicted-upstream']);
    expect(world.expiries).toEqual([]);
    world.provider.sayUnit(UNIT, { tenant: agent(1) });
    await world.run('resync');
    expect(world.breaks.all()[0]?.state).toBe('proposed');
  });

  it('settles a payment that was missed before it judges any expiry', async () => {
    const world = await createResyncWorld();
    const paid = { unitId: UNIT, payer: agent(1), amount: lindens(700), paidAt: START };
    world.provider.say('tx-missed', { ...paid, state: 'completed', stateWord: 'completed' });
    world.provider.sayUnit(UNIT, { rentedUntil: plusSeconds(PAID_UNTIL, WEEK_SECONDS) });
    const { repairs } = await world.run('resync');
    expect(repairs.map((one) => one.kind)).toEqual(['missed-transaction']);
    expect(world.entries.all()).toHaveLength(2);
    expect(world.breaks.all()).toEqual([]);
  });

  it('takes no unexplained time from the tenant, and asks a person', async () => {
    const world = await createResyncWorld();
    world.provider.sayUnit(UNIT, { rentedUntil: plusMs(PAID_UNTIL, 3 * DAY_MS) });
    await world.run('resync');
    expect(world.breaks.all().map((one) => one.kind)).toEqual(['unexplained-time']);
    expect(world.expiries).toEqual([]);
  });

  it('names the payment that the provider seems to have counted twice', async () => {
    const world = await createResyncWorld();
    world.provider.sayUnit(UNIT, { rentedUntil: plusSeconds(PAID_UNTIL, WEEK_SECONDS) });
    await world.run('resync');
    const [found] = world.breaks.all();
    expect(found).toMatchObject({ kind: 'credited-twice-upstream', amount: 700 });
    expect(found?.subjects).toContain('tx:tx-1');
  });

  it('recomputes a cached paid-until that differs from the ledger', async () => {
    const world = await createResyncWorld();
    const [rental] = await world.rentals.get([RENTAL]);
    const cache = { ...rental!.cache!, paidUntil: WRONG };
    await world.rentals.save([{ ...rental!, cache }]);
    const { repairs } = await world.run('resync');
    expect(repairs.map((one) => one.kind)).toEqual(['stale-cache']);
    expect((await world.rentals.one(RENTAL))?.cache?.paidUntil).toBe(PAID_UNTIL);
  });

  it.each([
    ['counts a payment as unresolved that is settled', { pending: 1 }],
    ['protects the tenant for longer than his payments do', { possiblyPaidUntil: LATER }],
    ['has run ahead of its ledger', { throughSeq: 9 }],
  ])('recomputes a cache that %s', async (_, wrong) => {
    const world = await createResyncWorld();
    const [rental] = await world.rentals.get([RENTAL]);
    await world.rentals.save([{ ...rental!, cache: { ...rental!.cache!, ...wrong } }]);
    const { repairs } = await world.run('resync');
    expect(repairs.map((one) => one.kind)).toEqual(['stale-cache']);
    expect(repairs[0]).toMatchObject({ after: { pending: 0 } });
    expect((await world.rentals.one(RENTAL))?.cache).toEqual(rental!.cache);
    expect((await world.run('resync')).repairs).toEqual([]);
  });

  it('recomputes the cache of a vacant rental that forgot a payment', async () => {
    const world = await createResyncWorld();
    await world.rentals.save([rentalOf(2)]);
    const unit = parseUnitId('unit-2');
    world.provider.sayUnit(unit, { tenant: null, status: 'available', rentedUntil: null });
    const waiting = { unitId: unit, rentalId: parseRentalId('r_2') };
    await world.reports.intake(reportOf(2, waiting));
    const { repairs } = await world.run('resync');
    expect(repairs).toMatchObject([{ rentalId: 'r_2', kind: 'stale-cache' }]);
    expect((await world.rentals.one(parseRentalId('r_2')))?.cache?.pending).toBe(1);
  });

  it('finds a rental whose unit the provider does not list any more', async () => {
    const world = await createResyncWorld();
    world.provider.units.delete(UNIT);
    await world.run('resync');
    expect(world.breaks.all().map((one) => one.kind)).toEqual(['evicted-upstream']);
  });

  it('stays incomplete when the provider fails half-way, and goes on from there', async () => {
    const world = await createResyncWorld();
    world.provider.sayUnit(UNIT, { rentedUntil: WRONG, status: 'overdue' });
    world.provider.restFails = 'passing';
    const failed = await world.run('resync');
    expect([failed.end, failed.record.status]).toEqual(['incomplete', 'incomplete']);
    world.provider.restFails = 'never';
    const again = await world.run('resync', { ...failed.record });
    expect(again.record.status).toBe('complete');
    expect(world.provider.units.get(UNIT)?.rentedUntil).toBe(PAID_UNTIL);
  });

  it('goes on with the others when one rental fails', async () => {
    const world = await createResyncWorld();
    await world.rentals.save([rentalOf(2, { terms: [] })]);
    world.provider.sayUnit('unit-2', { tenant: agent(2), rentedUntil: PAID_UNTIL });
    world.provider.sayUnit(UNIT, { rentedUntil: WRONG, status: 'overdue' });
    const setExpiry = world.deps.provider.setExpiry;
    const deps = world.deps as { provider: typeof world.deps.provider };
    deps.provider = {
      ...world.deps.provider,
      setExpiry,
      unit: async (id, signal) => {
        if (id !== UNIT) throw new Error('A row that nobody expected.');
        return world.provider.api.unit(id, signal);
      },
    };
    const { record } = await world.run('resync');
    expect(record.counts).toMatchObject({ compared: 2, repaired: 1, failed: 1 });
  });
});
