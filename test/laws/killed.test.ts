/** A process may die between any two writes: what it left, the next sweep finishes. */
import fc from 'fast-check';
import { arrivalsOf } from './arrivals';
import { takeIn, type Arrival, type Fact } from './facts';
import { lifeUntil, ProcessDied } from './gates';
import { brokenLaws, netByKind, readAll, type Stored } from './laws-kept';
import { expectedSums } from './model';
import {
  factsOf,
  knownFrom,
  plans,
  reportIdOf,
  returnedAmount,
  txIdOf,
  type Plan,
} from './payment-plans';
import { createWorld, sweepAMinuteLater, type World } from './world';

interface History {
  readonly all: readonly Plan[];
  readonly arrivals: readonly Arrival[];
}

const histories = plans({ most: 3, times: 'known', tenants: 'one', apart: 'minutes' }).chain(
  (all) => arrivalsOf(factsOf(all)).map((arrivals): History => ({ all, arrivals })),
);

const read = (world: World, all: readonly Plan[]): Promise<Stored> =>
  readAll(world, { txIds: all.map(txIdOf), reportIds: all.map(reportIdOf) });

/** Writes of the whole history, when nobody dies. */
async function writesOf({ arrivals }: History): Promise<number> {
  const world = await createWorld();
  const life = lifeUntil(0, 'before');
  const process = world.process(life.gate);
  for (const arrival of arrivals) await takeIn(process, arrival);
  return life.writes();
}

/** The arrival in which the process died, or null where it lived to the end. */
async function playUntilDeath(
  world: World,
  { arrivals }: History,
  at: number,
  how: 'before' | 'after',
): Promise<number | null> {
  const process = world.process(lifeUntil(at, how).gate);
  for (const [i, arrival] of arrivals.entries()) {
    try {
      await takeIn(process, arrival);
    } catch (error) {
      if (!(error instanceof ProcessDied)) throw error;
      return i;
    }
  }
  return null;
}

describe('a process that dies', () => {
  it.each(['before', 'after'] as const)(
    'at any write (%s it is done) leaves what the next sweep finishes',
    async (how) => {
      await fc.assert(
        fc.asyncProperty(histories, async (history) => {
          const writes = await writesOf(history);
          for (let at = 1; at <= writes; at += 1) {
            const world = await createWorld();
            const died = await playUntilDeath(world, history, at, how);
            await sweepAMinuteLater(world);
            expect([at, brokenLaws(await read(world, history.all))]).toEqual([at, []]);
            const rest = died === null ? [] : history.arrivals.slice(died);
            for (const arrival of rest) await takeIn(world.process(), arrival);
            await sweepAMinuteLater(world);
            const stored = await read(world, history.all);
            expect([at, brokenLaws(stored)]).toEqual([at, []]);
            const expected = expectedSums(history.all, returnedAmount);
            expect([at, netByKind(stored.entries)]).toEqual([at, expected]);
          }
        }),
        { numRuns: 6 },
      );
    },
  );

  it('leaves nothing undone of what was kept, though nobody tells it again', async () => {
    const wordsOnly = histories.map(({ all }): History => {
      const bare = all
        .map((plan): Plan => ({ ...plan, report: null }))
        .filter(({ words }) => words.length > 0);
      return { all: bare, arrivals: [factsOf(bare)] };
    });
    await fc.assert(
      fc.asyncProperty(wordsOnly, async (history) => {
        const writes = await writesOf(history);
        for (let at = 1; at <= writes; at += 1) {
          const world = await createWorld();
          await playUntilDeath(world, history, at, 'after');
          await sweepAMinuteLater(world);
          const stored = await read(world, history.all);
          const kept = stored.transactions
            .flatMap(({ statements }) => statements)
            .map((statement): Fact => ({ kind: 'word', statement }));
          expect([at, brokenLaws(stored)]).toEqual([at, []]);
          const known = knownFrom(history.all, kept);
          const expected = expectedSums(known, returnedAmount);
          expect([at, netByKind(stored.entries)]).toEqual([at, expected]);
        }
      }),
      { numRuns: 8 },
    );
  });
});
