/** Laws that rest on the database: death at every write and two processes, on the real engine. */
import fc from 'fast-check';
import type { Connection } from 'mongoose';
import { createStores } from '../../src/compose/stores';
import { realClock } from '../../src/jobs/real-clock';
import { onMongo } from '../contract/on-mongo';
import { quietLog } from '../support/quiet-log';
import { arrivalsOf } from './arrivals';
import { takeIn, type Arrival } from './facts';
import { lifeUntil, ProcessDied } from './gates';
import { inTurn, sideBySide } from './interleaved';
import { brokenLaws, netByKind, readAll } from './laws-kept';
import { aSaying, say } from './manager';
import { expectedSums } from './model';
import { factsOf, plans, reportIdOf, returnedAmount, txIdOf, type Plan } from './payment-plans';
import { createWorld, sweepAMinuteLater, type Process, type World } from './world';

const SECRET_KEYS = [new Uint8Array(32).fill(7)];
const TOLD = { log: quietLog, clock: realClock };
const fresh = (connection: Connection) => createStores(connection, SECRET_KEYS, TOLD);

const takeAll = async (process: Process, arrivals: readonly Arrival[]): Promise<void> => {
  for (const arrival of arrivals) await takeIn(process, arrival);
};

const ids = (all: readonly Plan[]) => ({
  txIds: all.map(txIdOf),
  reportIds: all.map(reportIdOf),
});

async function expectAllDone(world: World, all: readonly Plan[]): Promise<void> {
  await sweepAMinuteLater(world);
  const stored = await readAll(world, ids(all));
  expect(brokenLaws(stored)).toEqual([]);
  expect(netByKind(stored.entries)).toEqual(expectedSums(all, returnedAmount));
}

const histories = (most: number) =>
  plans({ most, times: 'known', tenants: 'one', apart: 'minutes' }).chain((all) =>
    fc.tuple(fc.constant(all), arrivalsOf(factsOf(all)), arrivalsOf(factsOf(all))),
  );

describe('on the real engine', () => {
  const emptied = onMongo(fresh);

  it('a process that dies at any write leaves what the next sweep finishes', async () => {
    await fc.assert(
      fc.asyncProperty(histories(2), async ([all, arrivals]) => {
        const whole = lifeUntil(0, 'before');
        await takeAll((await createWorld(await emptied())).process(whole.gate), arrivals);
        for (let at = 1; at <= whole.writes(); at += 1) {
          const world = await createWorld(await emptied());
          let process = world.process(lifeUntil(at, at % 2 === 0 ? 'before' : 'after').gate);
          for (const arrival of arrivals) {
            await takeIn(process, arrival).catch(async (error: unknown) => {
              if (!(error instanceof ProcessDied)) throw error;
              process = world.process();
              await sweepAMinuteLater(world);
              expect(brokenLaws(await readAll(world, ids(all)))).toEqual([]);
              await takeIn(process, arrival);
            });
          }
          await expectAllDone(world, all);
        }
      }),
      { numRuns: 2 },
    );
  }, 120_000);

  it('two processes that are told everything at once credit each payment once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), histories(3), async (scheduler, [all, one, other]) => {
        const world = await createWorld(await emptied());
        const [first, second] = ['first', 'second'].map((name) =>
          world.process(inTurn(scheduler, name)),
        );
        await sideBySide(
          scheduler,
          () => takeAll(first!, one),
          () => takeAll(second!, other),
        );
        await expectAllDone(world, all);
      }),
      { numRuns: 6 },
    );
  }, 120_000);

  it('two processes and a manager who truly run at once lose and double nothing', async () => {
    const disputes = fc.tuple(histories(4), fc.array(aSaying, { maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(disputes, async ([[all, one, other], sayings]) => {
        const world = await createWorld(await emptied());
        const sayAll = async (process: Process): Promise<void> => {
          for (const [n, saying] of sayings.entries()) await say(process, all, saying, n);
        };
        await Promise.all([
          takeAll(world.process(), one),
          takeAll(world.process(), other),
          sayAll(world.process()),
        ]);
        await sweepAMinuteLater(world);
        expect(brokenLaws(await readAll(world, ids(all)))).toEqual([]);
      }),
      { numRuns: 15 },
    );
  }, 120_000);
});
