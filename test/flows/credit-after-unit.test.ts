/** What happens when the word that a unit fell to overdue comes before the payment is credited. */
import { parseRentalId, parseTxId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import { DAY_MS, MINUTE_MS, plusMs, type Instant } from '../../src/domain/time';
import { StorageUnavailable } from '../../src/flows/ports/money-ports';
import type { ResyncDeps } from '../../src/flows/resync/run-resync';
import { settlePayments } from '../../src/flows/settle-payments';
import { takeWords } from '../../src/flows/upstream/take-words';
import { agent, reportOf } from '../support/estate';
import { createResyncWorld, PAID_UNTIL, UNIT } from './resync-world';

const RENTAL = parseRentalId('r_1');
const HEARD = { streamRank: 1, witness: 'stream', differences: 'ask-for-resync' } as const;
const NOTHING = { transactions: [], units: [] } as const;

/** In grace; another week is paid just now, and the provider has credited it as version 2. */
async function paidAgain() {
  const world = await createResyncWorld();
  const streams = [world.provider.streamId];
  await world.deps.follower.write({ streams, seq: 0, horizon: null }, 1);
  await world.clock.advance(8 * DAY_MS);
  const paidAt = world.clock.now();
  const paid = { unitId: UNIT, payer: agent(1), amount: lindens(700), paidAt, unitVersion: 2 };
  const completed = { state: 'completed', stateWord: 'completed' } as const;
  const tx = () => world.provider.say('tx-9', { ...paid, ...completed });
  const overdue = (version: number) =>
    world.provider.sayUnit(UNIT, {
      ...{ status: 'overdue', rentedUntil: null, tenant: agent(1), version },
    });
  const hear = (words: Partial<Parameters<typeof takeWords>[1]>): Promise<void> =>
    takeWords(world.deps, { ...NOTHING, ...HEARD, ...words });
  const resyncAt = async (): Promise<Instant | null> => (await world.rentals.one(RENTAL))!.resyncAt;
  return { ...world, paidAt, tx, overdue, hear, resyncAt };
}

/** By its box alone: a look-up a minute later is to find it at the provider. */
async function reported({ deps, reports, paidAt }: Awaited<ReturnType<typeof paidAgain>>) {
  const report = reportOf(9, { at: paidAt, paidAt, receivedAt: paidAt });
  await reports.intake(report);
  await settlePayments(deps, { reportIds: [report.id] });
}

type Refresh = ResyncDeps['rentals']['refresh'];

/** Does something of its own around the next refresh of caches. */
function atRefresh(
  world: Awaited<ReturnType<typeof paidAgain>>,
  around: (refresh: () => ReturnType<Refresh>) => ReturnType<Refresh>,
): void {
  const { rentals } = world.deps;
  const deps = world.deps as { rentals: ResyncDeps['rentals'] };
  const refresh: Refresh = (caches) => {
    deps.rentals = rentals;
    return around(() => rentals.refresh(caches));
  };
  deps.rentals = { ...rentals, refresh };
}

/** What the provider says once it has credited the second week. */
const aWeekMore = ({ provider }: Awaited<ReturnType<typeof paidAgain>>) =>
  provider.sayUnit(UNIT, {
    ...{ tenant: agent(1), rentedUntil: plusMs(PAID_UNTIL, 7 * DAY_MS), version: 3 },
  });

describe('a payment that is credited after its unit fell to overdue', () => {
  it('asks for a resync at once, although the unit is never heard of again', async () => {
    const world = await paidAgain();
    const tx = world.tx();
    await world.hear({ units: [world.overdue(3)] });
    await world.hear({ transactions: [tx] });
    expect(await world.resyncAt()).toBe(world.paidAt);
    await world.clock.advance(MINUTE_MS);
    await world.run('settle');
    expect(world.provider.units.get(UNIT)?.status).toBe('rented');
    expect(await world.resyncAt()).toBeNull();
  });

  it('is resynced within a minute also when a look-up found it', async () => {
    const world = await paidAgain();
    await reported(world);
    await world.hear({ units: [world.overdue(3)] });
    world.tx();
    await world.clock.advance(MINUTE_MS);
    await world.run('settle');
    expect(world.entries.all()).toHaveLength(2);
    expect(world.provider.units.get(UNIT)?.status).toBe('rented');
  });

  it('is resynced by the next sweep however often one is killed before it asks', async () => {
    const world = await paidAgain();
    await reported(world);
    await world.hear({ units: [world.overdue(3)] });
    world.tx();
    const { rentals } = world.deps;
    const deps = world.deps as { rentals: ResyncDeps['rentals'] };
    const askResync = async (): Promise<never> => {
      throw new StorageUnavailable('killed');
    };
    deps.rentals = { ...rentals, askResync };
    for (let kills = 0; kills < 3; kills += 1) {
      await world.clock.advance(MINUTE_MS);
      await world.run('settle').catch(() => undefined);
    }
    deps.rentals = rentals;
    expect([world.entries.all().length, await world.resyncAt()]).toEqual([2, null]);
    await world.clock.advance(MINUTE_MS);
    await world.run('settle');
    expect(world.provider.units.get(UNIT)?.status).toBe('rented');
  });

  it('asks nothing while the word that contains it is on its way', async () => {
    const world = await paidAgain();
    await world.hear({ units: [world.overdue(1)] });
    const before = await world.resyncAt();
    await world.hear({ transactions: [world.tx()] });
    expect([before, await world.resyncAt()]).toEqual([null, null]);
  });

  it('waits a minute where nobody says which version contains it', async () => {
    const world = await paidAgain();
    await world.hear({ units: [world.overdue(3)] });
    await world.hear({ transactions: [{ ...world.tx(), unitVersion: null }] });
    expect(await world.resyncAt()).toBe(plusMs(world.paidAt, MINUTE_MS));
  });

  it('asks nothing where whoever looked compares by himself', async () => {
    const world = await paidAgain();
    const tx = world.tx();
    await world.hear({ units: [world.overdue(3)] });
    const witness = 'lookup' as const;
    await takeWords(world.deps, { ...NOTHING, transactions: [tx], streamRank: 1, witness });
    expect(await world.resyncAt()).toBeNull();
  });

  it('is asked for by the next sweep when the process died before it asked', async () => {
    const world = await paidAgain();
    const tx = world.tx();
    await world.hear({ units: [world.overdue(3)] });
    const { transactions } = world.deps;
    const deps = world.deps as { transactions: ResyncDeps['transactions'] };
    let isDead = false;
    deps.transactions = {
      ...transactions,
      save: async (rows) => {
        if (isDead || rows.some((row) => row.nextCheckAt === null)) isDead = true;
        if (isDead) throw new StorageUnavailable('killed');
        return transactions.save(rows);
      },
    };
    await expect(world.hear({ transactions: [tx] })).rejects.toThrow('killed');
    deps.transactions = transactions;
    expect([world.entries.all().length, await world.resyncAt()]).toEqual([2, null]);
    await world.run('settle');
    expect(world.provider.units.get(UNIT)?.status).toBe('rented');
  });

  it('is credited though the word about its unit, heard with it, cannot be kept', async () => {
    const world = await paidAgain();
    const deps = world.deps as { units: ResyncDeps['units'] };
    const { units } = deps;
    const keep = async (): Promise<never> => {
      throw new StorageUnavailable('killed');
    };
    deps.units = { ...units, keep };
    const heard = { transactions: [world.tx()], units: [world.overdue(3)] };
    await expect(world.hear(heard)).rejects.toThrow('killed');
    deps.units = units;
    expect([world.entries.all().length, await world.resyncAt()]).toEqual([2, null]);
    await world.hear(heard);
    expect([world.entries.all().length, await world.resyncAt()]).toEqual([2, world.paidAt]);
  });

  it('asks for a resync too when its unit fell while another process credited it', async () => {
    const world = await paidAgain();
    const ours = world.tx();
    const theirs = { ...ours, txId: parseTxId('tx-10') };
    atRefresh(world, async (refresh) => {
      const refreshed = await refresh();
      await world.hear({ transactions: [theirs] });
      return refreshed;
    });
    // What it shows is right for a ledger that has one of the two, and short for both together.
    await world.hear({ transactions: [ours], units: [aWeekMore(world)] });
    expect([world.entries.all().length, await world.resyncAt()]).toEqual([3, world.paidAt]);
  });

  it('asks for a resync too when a later word came before its credit could be seen', async () => {
    const world = await paidAgain();
    const unit = aWeekMore(world);
    atRefresh(world, async (refresh) => {
      await world.hear({ units: [world.overdue(4)] });
      expect(await world.resyncAt()).toBeNull();
      return refresh();
    });
    await world.hear({ transactions: [world.tx()], units: [unit] });
    expect([world.entries.all().length, await world.resyncAt()]).toEqual([2, world.paidAt]);
  });
});
