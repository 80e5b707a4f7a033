/** Law 2: the same facts come to the same time, in any order, repetition, batching and loss. */
import fc from 'fast-check';
import { arrivalsOf } from './arrivals';
import { takeIn, type Arrival } from './facts';
import { brokenLaws, creditsOf, netByKind, readAll, type Stored } from './laws-kept';
import { expectedStart, expectedSums, stands } from './model';
import { factsOf, plans, reportIdOf, returnedAmount, txIdOf, type Plan } from './payment-plans';
import { createWorld, sweepAMinuteLater } from './world';

async function storedAfter(all: readonly Plan[], arrivals: readonly Arrival[]): Promise<Stored> {
  const world = await createWorld();
  const process = world.process();
  for (const arrival of arrivals) await takeIn(process, arrival);
  await sweepAMinuteLater(world);
  return readAll(world, { txIds: all.map(txIdOf), reportIds: all.map(reportIdOf) });
}

const arriving = (some: fc.Arbitrary<readonly Plan[]>) =>
  some.chain((all) => fc.tuple(fc.constant(all), arrivalsOf(factsOf(all))));

describe('the order in which facts arrive', () => {
  it('does not change the time, the sums by kind or the start of a tenancy', async () => {
    const some = plans({ most: 5, times: 'known', tenants: 'one', apart: 'minutes' });
    await fc.assert(
      fc.asyncProperty(arriving(some), async ([all, arrivals]) => {
        const stored = await storedAfter(all, arrivals);
        expect(brokenLaws(stored)).toEqual([]);
        expect(netByKind(stored.entries)).toEqual(expectedSums(all, returnedAmount));
        const start = expectedStart(all, returnedAmount);
        expect(stored.rental.cache?.startedAt ?? null).toBe(start);
      }),
      { numRuns: 300 },
    );
  });

  it('does not change the time where the provider does not know when L$ were given', async () => {
    const some = plans({ most: 5, times: 'unknown', tenants: 'one', apart: 'minutes' });
    await fc.assert(
      fc.asyncProperty(arriving(some), async ([all, arrivals]) => {
        const stored = await storedAfter(all, arrivals);
        expect(brokenLaws(stored)).toEqual([]);
        expect(netByKind(stored.entries)).toEqual(expectedSums(all, returnedAmount));
      }),
      { numRuns: 100 },
    );
  });

  it('changes within no tenancy what its payments come to, whoever holds the rental', async () => {
    const some = plans({ most: 5, times: 'known', tenants: 'two', apart: 'half-days' });
    await fc.assert(
      fc.asyncProperty(arriving(some), async ([all, arrivals]) => {
        const stored = await storedAfter(all, arrivals);
        expect(brokenLaws(stored)).toEqual([]);
        const tenancyOf = new Map(stored.transactions.map((tx) => [tx.txId, tx.tenancyId]));
        for (const { id } of stored.tenancies) {
          const sums = netByKind(stored.entries.filter((entry) => entry.tenancyId === id));
          const among = (plan: Plan): boolean => tenancyOf.get(txIdOf(plan)) === id;
          expect(sums).toEqual(expectedSums(all, returnedAmount, among));
        }
        for (const plan of all.filter(stands)) expectEnd(plan, stored);
      }),
      { numRuns: 200 },
    );
  });
});

/** A payment that was made is credited once or waits for a person, unless it was given back. */
function expectEnd(plan: Plan, { entries, breaks, transactions }: Stored): void {
  const paymentId = `tx:${txIdOf(plan)}`;
  const waits = breaks.some(
    ({ kind, state, subjects }) =>
      kind === 'tenant-differs' && state === 'open' && subjects.includes(paymentId),
  );
  const isGivenBack = transactions.some((tx) => tx.txId === txIdOf(plan) && tx.refundedInFull);
  expect(creditsOf(paymentId, entries)).toHaveLength(waits || isGivenBack ? 0 : 1);
}
