/** When a rental that nobody outside speaks about is asked after, and when a person is. */
import type { BreakDraft } from '../../src/domain/break';
import { parseRentalId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import { DAY_MS, HOUR_MS, MINUTE_MS, plusMs } from '../../src/domain/time';
import { readStanding } from '../../src/flows/read-standing';
import type { ResyncDeps } from '../../src/flows/resync/run-resync';
import { settlePayments } from '../../src/flows/settle-payments';
import { rentalOf, reportOf, SETTINGS, statementOf } from '../support/estate';
import { createResyncWorld, PAID_UNTIL, UNIT, type ResyncWorld } from './resync-world';

const RENTAL = parseRentalId('r_1');

const rentalIn = async ({ rentals }: ResyncWorld) => (await rentals.one(RENTAL))!;

async function passHours(world: ResyncWorld, hours: number): Promise<void> {
  for (let hour = 0; hour < hours; hour += 1) {
    await world.clock.advance(HOUR_MS);
    await world.run('settle');
  }
}

/** Day 18: the limit passed on day 10, and the unit cannot be reached; a person is asked. */
async function eightDaysWithoutAWord() {
  const world = await createResyncWorld();
  world.provider.sayUnit(UNIT, { status: 'unreachable', rentedUntil: null });
  await passHours(world, 18 * 24);
  expect(world.breaks.all()).toMatchObject([{ kind: 'no-usable-word', state: 'open' }]);
  return world;
}

async function payThreeWeeks(world: ResyncWorld): Promise<void> {
  const paidAt = world.clock.now();
  const paid = { amount: lindens(2_100), paidAt, updatedAt: paidAt };
  await settlePayments(world.deps, { statements: [statementOf(9, paid)] });
}

describe('a rental without a usable word', () => {
  it('waits for a person no more once it is paid', async () => {
    const world = await eightDaysWithoutAWord();
    await payThreeWeeks(world);
    await world.clock.advance(MINUTE_MS);
    await world.run('settle');
    expect(world.breaks.all()).toMatchObject([{ state: 'resolved', resolvedBy: 'system' }]);
    expect((await rentalIn(world)).noWordSince).toBeNull();
  });

  it('waits for a person no more once its tenancy has ended', async () => {
    const world = await eightDaysWithoutAWord();
    const [tenancy] = await world.tenancies.ofRentals([RENTAL]);
    await world.tenancies.save([{ ...tenancy!, endedAt: world.clock.now() }]);
    await world.clock.advance(HOUR_MS);
    await world.run('settle');
    expect(world.breaks.all()).toMatchObject([{ state: 'resolved' }]);
  });

  it('calls a person again after seven more days where one had only closed its break', async () => {
    const world = await eightDaysWithoutAWord();
    const resolved = {
      resolution: 'Away.',
      resolvedAt: world.clock.now(),
      resolvedBy: 'Rosa',
    };
    await world.breaks.save({ ...world.breaks.all()[0]!, ...resolved, state: 'resolved' });
    await passHours(world, 5 * 24);
    expect(world.breaks.all()).toMatchObject([{ state: 'resolved' }]);
    await passHours(world, 2 * 24);
    expect(world.breaks.all()).toMatchObject([{ state: 'open' }]);
    expect(world.breaks.all()[0]?.comments.at(-1)?.text).toContain('Away.');
  });

  it('is given seven whole days again after its next limit', async () => {
    const world = await eightDaysWithoutAWord();
    await payThreeWeeks(world);
    const { possiblyPaidUntil } = (await rentalIn(world)).cache!;
    const limit = plusMs(possiblyPaidUntil!, 72 * HOUR_MS);
    const toLimit = Math.ceil((limit - world.clock.now()) / HOUR_MS);
    await passHours(world, toLimit + 2);
    expect(world.breaks.all()[0]?.state).toBe('resolved');
    await passHours(world, 7 * 24);
    expect(world.breaks.all()).toMatchObject([{ state: 'open', fingerprint: `${limit}:1` }]);
  });

  it('is asked after at once when the payment that had moved its limit is taken back', async () => {
    const world = await createResyncWorld();
    const paidAt = world.clock.now();
    const year = { amount: lindens(36_400), paidAt, updatedAt: paidAt };
    await settlePayments(world.deps, { statements: [statementOf(9, year)] });
    await passHours(world, 12 * 24);
    const back = { ...year, state: 'reversed', stateWord: 'reversed', version: 2 } as const;
    await settlePayments(world.deps, { statements: [statementOf(9, back)] });
    world.provider.sayUnit(UNIT, { status: 'overdue', rentedUntil: PAID_UNTIL });
    await passHours(world, 2);
    expect((await readStanding(world.deps, await rentalIn(world))).stage).toBe('overdue');
  });

  it('is brought to a person while the provider is gone, however busy the estate is', async () => {
    const world = await createResyncWorld();
    await world.rentals.save([rentalOf(2)]);
    await passHours(world, 10 * 24 - 1);
    world.provider.restFails = 'passing';
    for (let hour = 0; hour < 8 * 24; hour += 1) {
      const at = plusMs(world.clock.now(), HOUR_MS - 2 * MINUTE_MS);
      const elsewhere = { rentalId: rentalOf(2).id, unitId: rentalOf(2).unitId };
      const due = { at, paidAt: at, receivedAt: at, nextCheckAt: at };
      await world.reports.intake(reportOf(100 + hour, { ...elsewhere, ...due }));
      await passHours(world, 1);
    }
    const asked = world.breaks.all().filter(({ kind }) => kind === 'no-usable-word');
    expect(asked).toMatchObject([{ about: RENTAL, state: 'open' }]);
  });

  it('leaves what a person opened by hand to that person', async () => {
    const world = await createResyncWorld();
    const draft: BreakDraft = {
      ...{ kind: 'no-usable-word', about: 'request:key:1', fingerprint: '1', subjects: [RENTAL] },
      ...{ amount: null, seconds: null, text: 'Look at it.' },
    };
    const now = world.clock.now();
    await world.breaks.open([{ draft, region: null, owner: 'estate', now }]);
    await world.run('settle');
    expect(world.breaks.all()[0]?.state).toBe('open');
  });
});

describe('a grace that is lengthened after the limit had passed', () => {
  async function longGrace() {
    const world = await createResyncWorld();
    await world.clock.advance(10 * DAY_MS - HOUR_MS);
    const deps = world.deps as { settings: ResyncDeps['settings'] };
    deps.settings = { ...SETTINGS, graceHours: 30 * 24 };
    world.provider.calls.length = 0;
    return world;
  }

  it('asks about the unit at the new limit, not each minute until then', async () => {
    const world = await longGrace();
    for (let minute = 0; minute < 180; minute += 1) {
      await world.clock.advance(MINUTE_MS);
      await world.run('settle');
    }
    expect(world.provider.calls.filter((name) => name === 'unit').length).toBeLessThanOrEqual(1);
    expect((await readStanding(world.deps, await rentalIn(world))).stage).toBe('grace');
    const { cache, secondKeyAt } = await rentalIn(world);
    expect(secondKeyAt).toBe(plusMs(cache!.possiblyPaidUntil!, 30 * DAY_MS));
  });

  it('takes no other rental its turn', async () => {
    const world = await longGrace();
    await world.clock.advance(2 * HOUR_MS);
    const due = plusMs(world.clock.now(), -DAY_MS);
    await world.rentals.save(
      Array.from({ length: 200 }, (_, i) => rentalOf(i + 2, { secondKeyAt: due })),
    );
    await world.run('settle');
    expect(await world.deps.rentals.secondKeysDue(world.clock.now(), 10)).toEqual([]);
  });
});
