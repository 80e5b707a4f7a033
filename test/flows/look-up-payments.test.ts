/** How look-ups go about the provider: few at once, and none more once it is away. */
import { parseTxId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import { MINUTE_MS } from '../../src/domain/time';
import { ProviderUnavailable } from '../../src/flows/ports/provider-port';
import type { ResyncDeps } from '../../src/flows/resync/run-resync';
import { settlePayments } from '../../src/flows/settle-payments';
import { lookUpPayments } from '../../src/flows/upstream/look-up-payments';
import { reportOf, statementOf } from '../support/estate';
import { createResyncWorld } from './resync-world';

/** Two hundred payments of different amounts wait; `answer` stands in for the provider. */
async function twoHundredWait(answer: ResyncDeps['provider']['transaction']) {
  const world = await createResyncWorld();
  const numbers = Array.from({ length: 200 }, (_, i) => i + 100);
  await settlePayments(world.deps, {
    statements: numbers.map((n) => statementOf(n, { state: 'queued', amount: lindens(n) })),
  });
  const transactions = world.transactions.all().filter((tx) => tx.creditedBy === null);
  const provider = { ...world.deps.provider, transaction: answer };
  const lookUp = () => lookUpPayments({ ...world.deps, provider }, { transactions, reports: [] });
  return { ...world, lookUp };
}

describe('looking up many payments', () => {
  it('has no more than eight questions under way', async () => {
    let [underWay, most] = [0, 0];
    const { lookUp } = await twoHundredWait(async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      underWay -= 1;
      return null;
    });
    expect(await lookUp()).toEqual({ asked: 200, missed: 0, unreachable: false });
    expect(most).toBe(8);
  });

  it('asks once for a transaction, however many reports name it', async () => {
    const world = await createResyncWorld();
    const ref = parseTxId('tx-7');
    const numbers = Array.from({ length: 30 }, (_, n) => n + 1);
    const reports = numbers.map((n) => reportOf(n, { ref, amount: lindens(n) }));
    for (const one of reports) await world.reports.intake(one);
    const kept = await world.reports.get(reports.map(({ id }) => id));
    const looked = await lookUpPayments(world.deps, { transactions: [], reports: kept });
    expect(looked).toEqual({ asked: 30, missed: 0, unreachable: false });
    expect(world.provider.calls).toEqual(['transaction']);
  });

  it('asks no further once the provider is away, and puts all of them off', async () => {
    let asked = 0;
    const world = await twoHundredWait(async () => {
      asked += 1;
      world.provider.restFails = 'passing';
      throw new ProviderUnavailable('Gone.', true);
    });
    expect(await world.lookUp()).toMatchObject({ missed: 200, unreachable: true });
    expect(asked).toBeLessThanOrEqual(8);
    expect(await world.deps.transactions.due(world.clock.now(), 10)).toEqual([]);
  });

  it('asks no further when nothing is answered, however well it says it is', async () => {
    let asked = 0;
    const world = await twoHundredWait(async () => {
      asked += 1;
      throw new ProviderUnavailable('Five hundred.', true);
    });
    expect(await world.lookUp()).toMatchObject({ missed: 200, unreachable: true });
    expect(asked).toBeLessThanOrEqual(8);
  });

  it('goes on past one that the provider cannot speak about', async () => {
    const bad = parseTxId('tx-101');
    const asked: string[] = [];
    const { lookUp } = await twoHundredWait(async (id) => {
      asked.push(id);
      if (id === bad) throw new ProviderUnavailable('An answer that is no JSON.', true);
      return null;
    });
    expect(await lookUp()).toEqual({ asked: 200, missed: 1, unreachable: false });
    expect(asked).toHaveLength(200);
  });

  it('is taken up again in the next sweep, not in each pass of the same one', async () => {
    const world = await twoHundredWait(async () => null);
    const more = Array.from({ length: 300 }, (_, i) => i + 300);
    await settlePayments(world.deps, {
      statements: more.map((n) => statementOf(n, { state: 'queued', amount: lindens(n) })),
    });
    await world.clock.advance(MINUTE_MS);
    world.provider.restFails = 'passing';
    world.provider.calls.length = 0;
    const { end, record } = await world.run('settle');
    expect([end, record.counts.compared]).toEqual(['complete', 500]);
    const asked = world.provider.calls.filter((name) => name === 'transaction');
    expect(asked.length).toBeLessThanOrEqual(8);
  });
});
