/** What one payment or rental that fails does to its neighbours in a settle sweep: nothing. */
import { parseRentalId, parseTxId, parseUnitId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import { DAY_MS, MINUTE_MS, plusMs } from '../../src/domain/time';
import { ProviderUnavailable } from '../../src/flows/ports/provider-port';
import type { ResyncDeps } from '../../src/flows/resync/run-resync';
import { settlePayments } from '../../src/flows/settle-payments';
import { agent, rentalOf, reportOf, START, statementOf } from '../support/estate';
import { createRecordedLog } from '../support/recorded-log';
import { createResyncWorld, UNIT, type ResyncWorld } from './resync-world';

const RENTAL = parseRentalId('r_1');
const BAD = parseTxId('tx-66');
const upstream = { unitId: UNIT, payer: agent(1), paidAt: START } as const;
const completed = { state: 'completed', stateWord: 'completed', version: 5 } as const;

type Change<Port> = { -readonly [Name in keyof Port]: Port[Name] };
const open = ({ deps }: ResyncWorld) => deps as Change<ResyncDeps>;

/**
 * Two queued payments that complete unheard; every write of the first one fails for a fault of
 * ours.
 */
async function withABadPayment() {
  const world = await createResyncWorld();
  const queued = [66, 67].map((n) => statementOf(n, { state: 'queued', amount: lindens(n) }));
  await settlePayments(world.deps, { statements: queued });
  const { save } = world.deps.transactions;
  open(world).transactions = {
    ...world.deps.transactions,
    save: async (rows) => {
      if (rows.some((row) => row.txId === BAD)) throw new TypeError('A fault of ours.');
      return save(rows);
    },
  };
  for (const n of [66, 67]) {
    world.provider.say(`tx-${n}`, { ...upstream, ...completed, amount: lindens(n) });
  }
  const log = createRecordedLog();
  open(world).log = log;
  await world.clock.advance(MINUTE_MS);
  return { ...world, log };
}

it('a provider that takes its time keeps no rental from its resync for long', async () => {
  const world = await createResyncWorld();
  const numbers = Array.from({ length: 900 }, (_, n) => n + 100);
  const statements = numbers.map((n) => statementOf(n, { state: 'queued', amount: lindens(n) }));
  await settlePayments(world.deps, { statements });
  await world.clock.advance(2 * MINUTE_MS);
  let asked = 0;
  open(world).provider = {
    ...world.deps.provider,
    transaction: async () => {
      asked += 1;
      await world.clock.advance(10_000);
      return null;
    },
  };
  await world.deps.rentals.askResync([RENTAL], world.clock.now());
  await world.run('settle');
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThan(900);
  expect((await world.rentals.one(RENTAL))?.resyncAt).toBeNull();
});

describe('a payment that cannot be settled', () => {
  it('is counted and logged by its id, and its neighbours are credited', async () => {
    const world = await withABadPayment();
    const { end, record } = await world.run('settle');
    expect(end).toBe('complete');
    expect(record.counts.failed).toBe(1);
    expect(world.entries.all().map(({ source }) => source)).toEqual(['tx:tx-1', 'tx:tx-67']);
    const [line] = world.log.lines.filter(({ fact }) => fact === 'sweep.payment-failed');
    expect(line).toMatchObject({ level: 'error', fields: { paymentId: BAD } });
  });

  it('keeps no rental from its resync, and none from its second key', async () => {
    const world = await withABadPayment();
    world.provider.sayUnit(UNIT, { rentedUntil: START, status: 'overdue' });
    await world.deps.rentals.askResync([RENTAL], world.clock.now());
    await world.run('settle');
    expect(world.expiries).toHaveLength(1);
    await world.clock.advance(13 * DAY_MS);
    await world.run('settle');
    expect((await world.rentals.one(RENTAL))?.claim?.currentThrough).toBe(world.clock.now());
  });

  it('is put off on its schedule, so that such as it do not crowd out the others', async () => {
    const world = await createResyncWorld();
    const reports = [2, 3].map((n) => reportOf(n, { amount: lindens(n) }));
    for (const report of reports) await world.reports.intake(report);
    open(world).rentals = {
      ...world.deps.rentals,
      get: async () => {
        throw new TypeError('A fault of ours.');
      },
    };
    const { record } = await world.run('settle');
    expect(record.counts).toMatchObject({ compared: 2, failed: 2 });
    const due = await world.deps.reports.due(world.clock.now(), 10);
    expect(due).toEqual([]);
    expect(world.reports.all().map((one) => one.nextCheckAt)).toEqual(
      [1, 1].map((minutes) => plusMs(START, minutes * MINUTE_MS)),
    );
  });
});

describe('a part of the sweep that fails as a whole', () => {
  it('fails the run, and the other parts are done all the same', async () => {
    const world = await createResyncWorld();
    open(world).reports = {
      ...world.deps.reports,
      due: async () => {
        throw new TypeError('A fault of ours.');
      },
    };
    world.provider.sayUnit(UNIT, { rentedUntil: START, status: 'overdue' });
    await world.deps.rentals.askResync([RENTAL], world.clock.now());
    const { end, record } = await world.run('settle');
    expect([end, record.fault]).toEqual(['failed', 'A fault of ours.']);
    expect(world.expiries).toHaveLength(1);
  });
});

describe('a rental that cannot be resynced', () => {
  /** Rentals 1 and 2 are wanted; whoever asks for unit 2 is not answered readably. */
  async function withABadUnit() {
    const world = await createResyncWorld();
    await world.rentals.save([rentalOf(2)]);
    const { unit } = world.deps.provider;
    open(world).provider = {
      ...world.deps.provider,
      unit: async (id, signal) => {
        if (id === UNIT) return unit(id, signal);
        throw new ProviderUnavailable('A unit that cannot be read.', true);
      },
    };
    world.provider.sayUnit(UNIT, { rentedUntil: START, status: 'overdue' });
    const second = (await world.rentals.byUnits([parseUnitId('unit-2')]))[0]!.id;
    await world.deps.rentals.askResync([second], plusMs(world.clock.now(), -1));
    await world.deps.rentals.askResync([RENTAL], world.clock.now());
    return { ...world, second };
  }

  it('leaves the others to be resynced while the provider is there', async () => {
    const world = await withABadUnit();
    const { record } = await world.run('settle');
    expect(world.expiries).toHaveLength(1);
    expect(record.counts).toMatchObject({ repaired: 1, failed: 1 });
    const left = await world.rentals.one(world.second);
    expect(left?.resyncAt).toBe(plusMs(world.clock.now(), 10 * MINUTE_MS));
  });

  it('waits where it is, as all do, while the provider is away', async () => {
    const world = await withABadUnit();
    world.provider.restFails = 'passing';
    const { record } = await world.run('settle');
    expect(record.counts.failed).toBe(0);
    expect((await world.rentals.one(world.second))?.resyncAt).toBeLessThan(world.clock.now());
    expect((await world.rentals.one(RENTAL))?.resyncAt).toBe(world.clock.now());
  });
});
