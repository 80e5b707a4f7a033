/** Laws 5 and 6: entries are facts that nobody changes; caches are their fold after each settle. */
import fc from 'fast-check';
import { arrivalsOf } from './arrivals';
import { takeIn } from './facts';
import { brokenOfCache, brokenOfLedger, readAll } from './laws-kept';
import { aSaying, say } from './manager';
import { factsOf, plans, reportIdOf, txIdOf } from './payment-plans';
import { createWorld, sweep } from './world';

const histories = fc
  .constantFrom('one' as const, 'two' as const)
  .chain((tenants) => plans({ most: 4, times: 'known', tenants, apart: 'half-days' }))
  .chain((all) =>
    fc.record({
      all: fc.constant(all),
      arrivals: arrivalsOf(factsOf(all)),
      // A manager's word after some of the arrivals, counted modulo how many there are.
      sayings: fc.array(fc.tuple(fc.nat({ max: 9 }), aSaying), { maxLength: 4 }),
    }),
  );

describe('a ledger', () => {
  it('only grows, gapless, whatever arrives and whatever a manager decides', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async ({ all, arrivals, sayings }) => {
        const world = await createWorld();
        const process = world.process();
        const ids = { txIds: all.map(txIdOf), reportIds: all.map(reportIdOf) };
        let before = (await readAll(world, ids)).entries;
        for (const [i, arrival] of arrivals.entries()) {
          await takeIn(process, arrival);
          for (const [n, [after, saying]] of sayings.entries()) {
            if (after % arrivals.length === i) await say(process, all, saying, n);
          }
          const { entries } = await readAll(world, ids);
          expect(entries).toEqual(expect.arrayContaining([...before]));
          expect(brokenOfLedger(entries)).toEqual([]);
          before = entries;
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is what every cache says after every settle', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async ({ all, arrivals, sayings }) => {
        const world = await createWorld();
        const process = world.process();
        const ids = { txIds: all.map(txIdOf), reportIds: all.map(reportIdOf) };
        for (const [i, arrival] of arrivals.entries()) {
          await takeIn(process, arrival);
          expect(brokenOfCache(await readAll(world, ids))).toEqual([]);
          for (const [n, [after, saying]] of sayings.entries()) {
            if (after % arrivals.length !== i) continue;
            await say(process, all, saying, n);
            expect(brokenOfCache(await readAll(world, ids))).toEqual([]);
          }
        }
        await sweep(process);
        expect(brokenOfCache(await readAll(world, ids))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
