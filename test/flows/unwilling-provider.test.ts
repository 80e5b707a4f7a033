/** A provider that will not do what it is told, or says that it has and shows otherwise. */
import { parseRentalId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import { DAY_MS, HOUR_MS, plusMs, plusSeconds, WEEK_SECONDS } from '../../src/domain/time';
import { ProviderUnavailable, type ProviderApi } from '../../src/flows/ports/provider-port';
import { readStanding } from '../../src/flows/read-standing';
import { resyncOne } from '../../src/flows/resync/resync-one';
import type { ResyncDeps } from '../../src/flows/resync/run-resync';
import { settlePayments } from '../../src/flows/settle-payments';
import { takeWords } from '../../src/flows/upstream/take-words';
import { agent, rentalOf, START, statementOf } from '../support/estate';
import { createResyncWorld, UNIT, type ResyncWorld } from './resync-world';

const RENTAL = parseRentalId('r_1');
const SHORT = { status: 'overdue', rentedUntil: plusMs(START, -DAY_MS) } as const;
const TWENTY_DAYS_H = 24 * 20;

function withExpiryCall(world: ResyncWorld, setExpiry: ProviderApi['setExpiry']): ResyncDeps {
  const deps = world.deps as { provider: ProviderApi };
  deps.provider = { ...deps.provider, setExpiry };
  return world.deps;
}

/** What the stream tells of the unit as it is now, and every resync that comes of it. */
async function hear(world: ResyncWorld): Promise<number> {
  const woken: string[] = [];
  const wake = { ...world.deps.wake, resync: (ids: readonly string[]) => void woken.push(...ids) };
  const units = [world.provider.units.get(UNIT)!];
  const said = { transactions: [], units, streamRank: 1, witness: 'stream' } as const;
  await takeWords({ ...world.deps, wake }, { ...said, differences: 'ask-for-resync' });
  for (const id of woken) await resyncOne(world.deps, parseRentalId(id));
  return woken.length;
}

describe.each([
  ['goes on calling a unit overdue whose time is right', 'overdue', 0],
  ['sets half a day less than it was told', 'rented', DAY_MS / 2],
] as const)('a provider that %s', (_, status, lessMs) => {
  async function unwilling() {
    const world = await createResyncWorld();
    const told: number[] = [];
    withExpiryCall(world, async ({ unitId, rentedUntil, tenant }) => {
      told.push(rentedUntil);
      const shown = { rentedUntil: plusMs(rentedUntil, -lessMs), tenant, status };
      return { kind: 'changed', unit: world.provider.sayUnit(unitId, shown) };
    });
    world.provider.sayUnit(UNIT, SHORT);
    for (let rounds = 0; rounds < 20 && (await hear(world)) > 0; rounds += 1);
    return { world, told };
  }

  it('is told a few times, and then a person is', async () => {
    const { world, told } = await unwilling();
    expect(told.length).toBeLessThan(6);
    expect(world.breaks.all()).toMatchObject([{ kind: 'expiry-by-hand', state: 'open' }]);
    expect(await hear(world)).toBe(0);
  });

  it('is told again after an hour, and at once when more is paid', async () => {
    const { world, told } = await unwilling();
    const before = told.length;
    await world.clock.advance(HOUR_MS);
    await world.run('settle');
    expect(told.length).toBeGreaterThan(before);
    const paid = statementOf(2, { amount: lindens(700) });
    await settlePayments(world.deps, { statements: [paid] });
    expect(await hear(world)).toBe(1);
    expect(new Set(told).size).toBe(2);
  });

  it('is told no more once it shows the time, and the break is closed in an hour', async () => {
    const { world, told } = await unwilling();
    const before = told.length;
    world.provider.sayUnit(UNIT, { status: 'rented', rentedUntil: told[0] as typeof START });
    await hear(world);
    await world.clock.advance(HOUR_MS);
    await world.run('settle');
    expect(told).toHaveLength(before);
    expect(world.breaks.all()).toMatchObject([{ state: 'resolved', resolvedBy: 'system' }]);
  });
});

describe.each<[string, ProviderApi['setExpiry'], boolean]>([
  [
    'refuses to set an expiry',
    async () => ({ kind: 'by-hand', refusal: 'PUT expiry answered 403 (Read only).' }),
    true,
  ],
  ['calls every change of a unit out of date', async () => ({ kind: 'stale' }), true],
  [
    'refuses our token for this call alone',
    async () => {
      throw new ProviderUnavailable('PUT expiry answered 401.', false);
    },
    false,
  ],
])('a provider that %s', (_, setExpiry, isTold) => {
  it('keeps nobody else from being compared, or from becoming overdue', async () => {
    const world = await createResyncWorld();
    const deps = withExpiryCall(world, setExpiry);
    const other = rentalOf(2);
    await world.rentals.save([other]);
    const [unitId, tenant] = [other.unitId!, agent(2)];
    const rentedUntil = plusSeconds(START, WEEK_SECONDS);
    world.provider.sayUnit(unitId, { tenant, rentedUntil, status: 'rented' });
    const theirs = statementOf(2, { unitId, payer: tenant });
    // Paid for ten weeks more, and the provider shows one.
    const ours = statementOf(3, { amount: lindens(7_000) });
    await settlePayments(deps, { statements: [theirs, ours] });
    await deps.rentals.askResync([RENTAL], world.clock.now());
    world.provider.sayUnit(unitId, { status: 'overdue' });
    for (let hours = 0; hours < TWENTY_DAYS_H; hours += 1) {
      await world.clock.advance(HOUR_MS);
      await world.run('settle');
    }
    const { end, record } = await world.run('resync');
    const gone = await world.rentals.one(other.id);
    expect((await readStanding(world.deps, gone!)).stage).toBe('overdue');
    expect([end, record.counts.compared]).toEqual(['complete', 2]);
    const told = world.breaks.all().filter(({ about }) => about === RENTAL);
    expect(told.map(({ kind, state }) => `${kind} ${state}`)).toEqual(
      isTold ? ['expiry-by-hand open'] : [],
    );
  });
});

it('a break that a refusal led to says what the provider said', async () => {
  const world = await createResyncWorld();
  const refusal = 'PUT /v1/units/{id}/expiry answered 403 (Read only).';
  withExpiryCall(world, async () => ({ kind: 'by-hand', refusal }));
  world.provider.sayUnit(UNIT, SHORT);
  await world.run('resync');
  expect(world.breaks.all()[0]?.text).toMatch(
    /^On the provider's site set unit unit-1 .*Read only/,
  );
});
