/** Law 3: failed and suspended come back to life days later, and so does what was dismissed. */
import fc from 'fast-check';
import { parsePaymentId } from '../../src/domain/ids';
import type { TxState } from '../../src/domain/payments/transaction';
import { decidePayment } from '../../src/flows/deciding/decide-payment';
import { statementOf } from '../support/estate';
import { takeIn, type Fact } from './facts';
import { brokenLaws, creditsOf, readAll, type Stored } from './laws-kept';
import { createWorld, sweepAMinuteLater, type World } from './world';

const DAY = 86_400_000;
const WEEK_S = 604_800;

const word = (state: TxState, version: number): Fact => ({
  kind: 'word',
  statement: statementOf(1, { state, version, stateWord: state }),
});
const TX = 'tx:tx-1';
const read = (world: World): Promise<Stored> =>
  readAll(world, { txIds: [statementOf(1).txId], reportIds: [] });
const secondsOf = ({ entries }: Stored): number =>
  entries.reduce((sum, { seconds }) => sum + seconds, 0);
const kindsOf = ({ breaks }: Stored) =>
  breaks.filter(({ state }) => state === 'open').map(({ kind }) => kind);

async function dismiss(world: World): Promise<string> {
  const said = { author: 'Manager', reason: 'The tenant was paid back at the office.' };
  const outcome = await decidePayment(world.process(), {
    ...{ paymentId: parsePaymentId(TX), as: 'dismissed', ...said },
  });
  return outcome.kind;
}

const LIFELESS = ['queued', 'processing', 'suspended', 'failed', 'unknown'] as const;

describe('a payment that is not completed', () => {
  it('is credited once when it completes days later, whatever was said before', async () => {
    const before = fc.array(fc.constantFrom<TxState>(...LIFELESS), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(before, fc.integer({ min: 0, max: 9 }), async (states, days) => {
        const world = await createWorld();
        for (const [i, state] of states.entries())
          await takeIn(world.process(), [word(state, i + 1)]);
        expect((await read(world)).entries).toEqual([]);
        await world.clock.advance(days * DAY);
        await takeIn(world.process(), [word('completed', 9)]);
        const stored = await read(world);
        expect(secondsOf(stored)).toBe(WEEK_S);
        expect(creditsOf(TX, stored.entries)).toHaveLength(1);
        expect([...brokenLaws(stored), ...kindsOf(stored)]).toEqual([]);
        // Once more where a look-up was under way at that moment, and then no more.
        await sweepAMinuteLater(world);
        const later = await read(world);
        expect(later.transactions[0]?.nextCheckAt).toBeNull();
        expect(later.entries).toEqual(stored.entries);
      }),
      { numRuns: 60 },
    );
  });

  it('is looked up again in every state of its kind', async () => {
    for (const state of LIFELESS) {
      const world = await createWorld();
      await takeIn(world.process(), [word(state, 1)]);
      expect((await read(world)).transactions[0]?.nextCheckAt).not.toBeNull();
    }
  });
});

describe('a completed payment', () => {
  it('keeps its credit when it is said to have failed, and a person is told', async () => {
    for (const state of LIFELESS) {
      const world = await createWorld();
      await takeIn(world.process(), [word('completed', 1)]);
      await takeIn(world.process(), [word(state, 2)]);
      const stored = await read(world);
      expect(secondsOf(stored)).toBe(WEEK_S);
      expect(kindsOf(stored)).toEqual(['failed-after-paid']);
    }
  });

  it('moves between credited and reversed as often as the provider says', async () => {
    const world = await createWorld();
    for (let version = 1; version <= 7; version += 1) {
      const isBack = version % 2 === 1;
      await takeIn(world.process(), [word(isBack ? 'completed' : 'reversed', version)]);
      const stored = await read(world);
      expect(secondsOf(stored)).toBe(isBack ? WEEK_S : 0);
      expect(creditsOf(TX, stored.entries)).toHaveLength(isBack ? 1 : 0);
      expect(brokenLaws(stored)).toEqual([]);
    }
  });
});

describe('a payment that a person dismissed', () => {
  it.each(LIFELESS)('comes back when it was %s and completes after all', async (state) => {
    const world = await createWorld();
    await takeIn(world.process(), [word(state, 1)]);
    expect(await dismiss(world)).toBe('decided');
    expect((await read(world)).rental.cache?.pending ?? 0).toBe(0);
    await sweepAMinuteLater(world);
    expect((await read(world)).transactions[0]?.nextCheckAt).toBeNull();
    await takeIn(world.process(), [word(state, 1)]);
    expect(secondsOf(await read(world))).toBe(0);
    await world.clock.advance(3 * DAY);
    await takeIn(world.process(), [word('completed', 2)]);
    const stored = await read(world);
    expect(secondsOf(stored)).toBe(WEEK_S);
    expect(brokenLaws(stored)).toEqual([]);
  });

  it('stays dismissed while nothing new is said, whatever is swept and repeated', async () => {
    const world = await createWorld();
    await takeIn(world.process(), [word('failed', 3)]);
    await dismiss(world);
    for (const version of [1, 2, 3]) await takeIn(world.process(), [word('failed', version)]);
    await sweepAMinuteLater(world);
    const stored = await read(world);
    expect(stored.entries).toEqual([]);
    expect(brokenLaws(stored)).toEqual([]);
  });
});
