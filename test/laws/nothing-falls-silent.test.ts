/** Law 8: an unresolved payment is looked up again, and in the end somebody is told. */
import fc from 'fast-check';
import type { TxState } from '../../src/domain/payments/transaction';
import { reportOf, statementOf } from '../support/estate';
import { takeIn, type Fact } from './facts';
import { knows, watch } from './look-ups';
import { readAll, type Stored } from './laws-kept';
import { createWorld, type World } from './world';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const aReport = (n: number): Fact => {
  const { eventId, payer, amount, at } = reportOf(n);
  return { kind: 'report', payment: { eventId, payer, amount, at, ref: null } };
};
const aWord = (state: TxState, version = 1): Fact => ({
  kind: 'word',
  statement: statementOf(1, { state, version, stateWord: state }),
});

const read = (world: World): Promise<Stored> =>
  readAll(world, { txIds: [statementOf(1).txId], reportIds: [reportOf(1).id] });

const openBreaks = ({ breaks }: Stored) => breaks.filter(({ state }) => state === 'open');

const unresolved = fc.constantFrom<Fact>(
  aReport(1),
  ...(['queued', 'processing', 'suspended', 'failed', 'unknown'] as const).map((state) =>
    aWord(state),
  ),
);

describe('an unresolved payment', () => {
  it('is due or has an open break, at every moment, whoever answers', async () => {
    const moods = fc.array(fc.constantFrom('never' as const, 'passing' as const), {
      minLength: 4,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(unresolved, moods, async (fact, fails) => {
        const world = await createWorld();
        const { provider, pass } = await watch(world);
        await takeIn(world.process(), [fact]);
        if (fact.kind === 'word') knows(provider, fact.statement);
        for (const restFails of fails) {
          provider.restFails = restFails;
          await pass(5 * HOUR);
          const stored = await read(world);
          const rows = [...stored.transactions, ...stored.reports];
          const isWatched = rows.some(({ nextCheckAt }) => nextCheckAt !== null);
          expect(isWatched || openBreaks(stored).length > 0).toBe(true);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('becomes a break with an owner when look-ups are used up, and is looked up on', async () => {
    for (const fact of [aReport(1), aWord('queued'), aWord('failed'), aWord('suspended')]) {
      const world = await createWorld();
      const { provider, pass, sweeps } = await watch(world);
      await takeIn(world.process(), [fact]);
      if (fact.kind === 'word') knows(provider, fact.statement);
      await pass(2 * HOUR);
      expect(openBreaks(await read(world))).toEqual([]);
      await pass(3 * DAY);
      const told = openBreaks(await read(world));
      expect(told.map(({ owner }) => owner)).toEqual(['estate']);
      expect(told[0]?.subjects).toContain('r_1');
      expect(sweeps()).toBeGreaterThan(70);
      const before = sweeps();
      await pass(2 * DAY);
      expect(sweeps()).toBeGreaterThan(before);
    }
  });

  it('is credited, and its break closed, when the provider knows of it after all', async () => {
    for (const fact of [aReport(1), aWord('failed')]) {
      const world = await createWorld();
      const { provider, pass } = await watch(world);
      await takeIn(world.process(), [fact]);
      if (fact.kind === 'word') knows(provider, fact.statement);
      await pass(4 * DAY);
      expect(openBreaks(await read(world))).toHaveLength(1);
      knows(provider, { ...statementOf(1, { version: 2 }), updatedAt: world.clock.now() });
      await pass(2 * DAY);
      const stored = await read(world);
      expect(stored.entries.map(({ kind }) => kind)).toEqual(['paid']);
      expect(openBreaks(stored)).toEqual([]);
    }
  });

  it('protects its rental for what it is worth while it is unresolved', async () => {
    const world = await createWorld();
    await takeIn(world.process(), [aWord('completed')]);
    const paid = (await read(world)).rental.cache;
    await takeIn(world.process(), [{ kind: 'word', statement: another() }]);
    const { cache } = (await read(world)).rental;
    expect(cache?.paidUntil).toBe(paid?.paidUntil);
    expect(cache?.possiblyPaidUntil).toBe((paid?.paidUntil ?? 0) + 7 * DAY);
    expect(cache?.pending).toBe(1);
  });
});

const another = () => statementOf(2, { state: 'queued', stateWord: 'queued' });
