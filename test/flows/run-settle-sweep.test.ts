/** What the settle sweep of each minute looks up, finishes and asks for. */
import { parseRentalId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/domain/time';
import { readStanding } from '../../src/flows/read-standing';
import { ProviderUnavailable, type ProviderApi } from '../../src/flows/ports/provider-port';
import { settlePayments } from '../../src/flows/settle-payments';
import { agent, reportOf, START, statementOf } from '../support/estate';
import { createResyncWorld, UNIT, type ResyncWorld } from './resync-world';

const RENTAL = parseRentalId('r_1');

const stageOf = async ({ rentals, deps }: ResyncWorld) =>
  (await readStanding(deps, (await rentals.one(RENTAL))!)).stage;

const upstream = { unitId: UNIT, payer: agent(1), amount: lindens(700), paidAt: START };

describe('a settle sweep', () => {
  it('finds a payment that the stream never told of, by the unit of the report', async () => {
    const world = await createResyncWorld();
    await world.clock.advance(2 * HOUR_MS);
    const at = world.clock.now();
    await world.reports.intake(reportOf(2, { at, paidAt: at, receivedAt: at }));
    await settlePayments(world.deps, { reportIds: [reportOf(2).id] });
    const completed = { state: 'completed', stateWord: 'completed', paidAt: at } as const;
    world.provider.say('tx-2', { ...upstream, ...completed });
    await world.clock.advance(MINUTE_MS);
    await world.run('settle');
    expect(world.entries.all()).toHaveLength(2);
    // Another round might have been at work on it: it is looked at once more.
    await world.clock.advance(MINUTE_MS);
    await world.run('settle');
    expect(world.reports.all()[0]?.nextCheckAt).toBeNull();
    expect(world.provider.calls.filter((name) => name === 'transactions')).toHaveLength(1);
  });

  it(
    'looks an unresolved payment up again on a widening schedule, then opens a ' + 'break',
    async () => {
      const world = await createResyncWorld();
      world.provider.say('tx-2', { ...upstream, state: 'failed', stateWord: 'failed' });
      await settlePayments(world.deps, { statements: [statementOf(2, { state: 'failed' })] });
      const asked = () => world.provider.calls.filter((name) => name === 'transaction').length;
      for (const [minutes, times] of [
        [1, 1],
        [4, 2],
        [10, 3],
        [45, 4],
        [60, 5],
        [60, 6],
      ] as const) {
        await world.clock.advance(minutes * MINUTE_MS);
        await world.run('settle');
        expect(asked()).toBe(times);
      }
      expect(world.breaks.all()).toEqual([]);
      await world.clock.advance(3 * DAY_MS);
      await world.run('settle');
      expect(world.breaks.all().map((one) => one.kind)).toEqual(['unlinked-upstream']);
      await world.clock.advance(DAY_MS);
      await world.run('settle');
      expect(asked()).toBe(8);
    },
  );

  it('closes the break when the payment comes back to life', async () => {
    const world = await createResyncWorld();
    await settlePayments(world.deps, { statements: [statementOf(2, { state: 'failed' })] });
    await world.clock.advance(4 * DAY_MS);
    await world.run('settle');
    expect(world.breaks.all()[0]?.state).toBe('open');
    await settlePayments(world.deps, { statements: [statementOf(2, { version: 2 })] });
    expect(world.breaks.all()[0]?.state).toBe('resolved');
    expect(world.entries.all()).toHaveLength(2);
  });

  it('goes on settling while the provider is down, and puts the look-ups off', async () => {
    const world = await createResyncWorld();
    world.provider.restFails = 'passing';
    await settlePayments(world.deps, { statements: [statementOf(2, { state: 'queued' })] });
    await world.clock.advance(MINUTE_MS);
    const { end } = await world.run('settle');
    expect(end).toBe('complete');
    const [tx] = await world.transactions.get([statementOf(2).txId]);
    expect(tx?.nextCheckAt).toBeGreaterThan(world.clock.now());
  });

  it(
    'lets a rental become overdue only once the provider has said so after the ' + 'limit',
    async () => {
      const world = await createResyncWorld();
      await world.clock.advance(7 * DAY_MS + 71 * HOUR_MS);
      expect(await stageOf(world)).toBe('grace');
      await world.clock.advance(2 * HOUR_MS);
      expect(await stageOf(world)).toBe('safe');
      world.provider.restFails = 'passing';
      await world.run('settle');
      expect(await stageOf(world)).toBe('safe');
      world.provider.restFails = 'never';
      await world.clock.advance(10 * MINUTE_MS);
      await world.run('settle');
      expect(await stageOf(world)).toBe('overdue');
    },
  );

  it('calls no rental overdue while a transaction of its unit cannot be read', async () => {
    const world = await createResyncWorld();
    world.provider.say('tx-2', upstream);
    world.provider.unreadable.add('tx-2');
    (world.deps as { provider: ProviderApi }).provider = {
      ...world.deps.provider,
      transaction: async () => {
        throw new ProviderUnavailable('An answer that is no JSON.', true);
      },
    };
    await world.clock.advance(11 * DAY_MS);
    await world.run('settle');
    expect(await stageOf(world)).toBe('safe');
    const asides = await world.asides.rows();
    expect(asides.map((one) => one.excerpt)).toEqual(['tx-2']);
  });

  it('reads a transaction alone that its list could not give readably', async () => {
    const world = await createResyncWorld();
    const paidAt = world.clock.now();
    world.provider.say('tx-2', { ...upstream, state: 'failed', stateWord: 'failed', paidAt });
    world.provider.unreadable.add('tx-2');
    await world.clock.advance(11 * DAY_MS);
    await world.run('settle');
    expect(world.transactions.all().map(({ txId }) => txId)).toEqual(['tx-1', 'tx-2']);
    expect(await world.deps.asides.count()).toBe(0);
  });

  it('finds a payment whose row in the list of its unit cannot be read', async () => {
    const world = await createResyncWorld();
    await world.clock.advance(2 * HOUR_MS);
    const at = world.clock.now();
    await world.reports.intake(reportOf(2, { at, paidAt: at, receivedAt: at }));
    await settlePayments(world.deps, { reportIds: [reportOf(2).id] });
    const completed = { state: 'completed', stateWord: 'completed', paidAt: at } as const;
    world.provider.say('tx-2', { ...upstream, ...completed });
    world.provider.unreadable.add('tx-2');
    await world.clock.advance(MINUTE_MS);
    await world.run('settle');
    expect(world.entries.all()).toHaveLength(2);
  });

  it('never calls a rental overdue while its provider shows time', async () => {
    const world = await createResyncWorld();
    world.provider.sayUnit(UNIT, { rentedUntil: (START + 30 * DAY_MS) as typeof START });
    await world.clock.advance(11 * DAY_MS);
    await world.run('settle');
    expect(await stageOf(world)).toBe('safe');
  });

  it('asks a person when no usable word has come for seven days', async () => {
    const world = await createResyncWorld();
    world.provider.sayUnit(UNIT, { status: 'unreachable' });
    await world.clock.advance(11 * DAY_MS);
    await world.run('settle');
    expect(world.breaks.all()).toEqual([]);
    await world.clock.advance(7 * DAY_MS);
    await world.run('settle');
    expect(world.breaks.all().map((one) => one.kind)).toEqual(['no-usable-word']);
    expect(await stageOf(world)).toBe('safe');
  });

  it('protects the tenant whose payment arrived at the last moment', async () => {
    const world = await createResyncWorld();
    await world.clock.advance(11 * DAY_MS);
    await world.run('settle');
    expect(await stageOf(world)).toBe('overdue');
    const paidAt = world.clock.now();
    await world.reports.intake(reportOf(3, { paidAt, at: paidAt, receivedAt: paidAt }));
    expect(await stageOf(world)).not.toBe('overdue');
  });
});
