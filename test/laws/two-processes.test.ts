/** Two service processes that settle the same payments at once give one credit each. */
import fc from 'fast-check';
import { arrivalsOf } from './arrivals';
import { takeIn, type Arrival } from './facts';
import { inTurn, sideBySide } from './interleaved';
import { brokenLaws, netByKind, readAll } from './laws-kept';
import { expectedSums } from './model';
import { factsOf, plans, reportIdOf, returnedAmount, txIdOf } from './payment-plans';
import { createWorld, sweep, sweepAMinuteLater, type Process } from './world';

const takeAll = async (process: Process, arrivals: readonly Arrival[]): Promise<void> => {
  for (const arrival of arrivals) await takeIn(process, arrival);
};

const twoTellings = plans({ most: 4, times: 'known', tenants: 'one', apart: 'minutes' }).chain(
  (all) => fc.tuple(fc.constant(all), arrivalsOf(factsOf(all)), arrivalsOf(factsOf(all))),
);

describe('two service processes on one estate', () => {
  it('credit each payment once when both are told everything at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), twoTellings, async (scheduler, [all, one, other]) => {
        const world = await createWorld();
        const first = world.process(inTurn(scheduler, 'first'));
        const second = world.process(inTurn(scheduler, 'second'));
        await sideBySide(
          scheduler,
          () => takeAll(first, one),
          () => takeAll(second, other),
        );
        await sweepAMinuteLater(world);
        const ids = { txIds: all.map(txIdOf), reportIds: all.map(reportIdOf) };
        const stored = await readAll(world, ids);
        expect(brokenLaws(stored)).toEqual([]);
        expect(netByKind(stored.entries)).toEqual(expectedSums(all, returnedAmount));
      }),
      { numRuns: 120 },
    );
  });

  it('leave nothing undone when both sweep what a third has left behind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), twoTellings, async (scheduler, [all, arrivals]) => {
        const world = await createWorld();
        await takeAll(world.process(), arrivals);
        for (const tx of await world.stores.transactions.get(all.map(txIdOf))) {
          await world.stores.transactions.save([{ ...tx, nextCheckAt: world.clock.now() }]);
        }
        const first = world.process(inTurn(scheduler, 'first'));
        const second = world.process(inTurn(scheduler, 'second'));
        await sideBySide(
          scheduler,
          () => sweep(first),
          () => sweep(second),
        );
        const ids = { txIds: all.map(txIdOf), reportIds: all.map(reportIdOf) };
        const stored = await readAll(world, ids);
        expect(brokenLaws(stored)).toEqual([]);
        expect(netByKind(stored.entries)).toEqual(expectedSums(all, returnedAmount));
      }),
      { numRuns: 50 },
    );
  });
});
