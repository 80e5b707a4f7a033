/** A change of tenant at any moment credits a payment once, to one tenancy, or asks a person. */
import fc from 'fast-check';
import { parseTenancyId } from '../../src/domain/ids';
import { beginTenancy } from '../../src/flows/rentals/begin-tenancy';
import { decidePayment } from '../../src/flows/deciding/decide-payment';
import { endTenancy } from '../../src/flows/rentals/end-tenancy';
import { agent } from '../support/estate';
import { arrivalsOf } from './arrivals';
import { takeIn, type Arrival } from './facts';
import { lifeUntil, ProcessDied } from './gates';
import { inTurn, sideBySide } from './interleaved';
import { brokenLaws, creditsOf, netByKind, readAll, type Stored } from './laws-kept';
import { expectedSums, stands } from './model';
import { factsOf, plans, reportIdOf, returnedAmount, txIdOf, type Plan } from './payment-plans';
import { createWorld, RENTAL_ID, sweepAMinuteLater, type Process, type World } from './world';

interface Move {
  readonly all: readonly Plan[];
  readonly arrivals: readonly Arrival[];
  /** How much has arrived before the tenant is changed. */
  readonly before: number;
}

const moves = plans({ most: 4, times: 'known', tenants: 'two', apart: 'half-days' }).chain((all) =>
  fc.record<Move>({
    all: fc.constant(all),
    arrivals: arrivalsOf(factsOf(all)),
    before: fc.nat({ max: 6 }),
  }),
);

const by = (requestId: string) => ({
  ...{ requestId, author: 'Manager', regions: [], reason: 'The tenant has moved out.' },
});

/** A manager ends what tenancy there is, and begins one for agent 2. */
async function changeTenant(process: Process): Promise<void> {
  const rentalId = RENTAL_ID;
  await endTenancy(process, { rentalId, unresolved: 'force', by: by('key_1:end') });
  const tenant = agent(2);
  await beginTenancy(process, { rentalId, tenant, startsAt: null, by: by('key_1:begin') });
}

const read = (world: World, all: readonly Plan[]): Promise<Stored> =>
  readAll(world, { txIds: all.map(txIdOf), reportIds: all.map(reportIdOf) });

/** Each tenancy holds what its payments come to; each payment is in one, or waits for a person. */
function expectOnce(all: readonly Plan[], stored: Stored): void {
  expect(brokenLaws(stored)).toEqual([]);
  const tenancyOf = new Map(stored.transactions.map((tx) => [tx.txId, tx.tenancyId]));
  for (const { id } of stored.tenancies) {
    const ledger = stored.entries.filter((entry) => entry.tenancyId === id);
    const among = (plan: Plan): boolean => tenancyOf.get(txIdOf(plan)) === id;
    expect(netByKind(ledger)).toEqual(expectedSums(all, returnedAmount, among));
  }
  for (const plan of all.filter(stands)) {
    const tx = stored.transactions.find(({ txId }) => txId === txIdOf(plan));
    if (tx === undefined || tx.refundedInFull) continue;
    const paymentId = `tx:${tx.txId}`;
    const waits = stored.breaks.some(
      ({ state, subjects }) => state === 'open' && subjects.includes(paymentId),
    );
    const credits = creditsOf(paymentId, stored.entries).length;
    expect([paymentId, credits]).toEqual([paymentId, tx.tenancyId === null && waits ? 0 : 1]);
  }
}

describe('a change of tenant', () => {
  it('between any two steps of a settle credits each payment once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), moves, async (scheduler, { all, arrivals, before }) => {
        const world = await createWorld();
        const service = world.process(inTurn(scheduler, 'service'));
        const manager = world.process(inTurn(scheduler, 'manager'));
        for (const arrival of arrivals.slice(0, before)) await takeIn(world.process(), arrival);
        await sideBySide(
          scheduler,
          async () => {
            for (const arrival of arrivals.slice(before)) await takeIn(service, arrival);
          },
          () => changeTenant(manager),
        );
        await sweepAMinuteLater(world);
        expectOnce(all, await read(world, all));
      }),
      { numRuns: 150 },
    );
  });

  it('by two payments of two tenants at once credits each once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), moves, async (scheduler, { all, arrivals }) => {
        const world = await createWorld();
        const runs = [0, 1].map((half) => async (): Promise<void> => {
          const process = world.process(inTurn(scheduler, `process ${half}`));
          for (const [i, arrival] of arrivals.entries()) {
            if (i % 2 === half) await takeIn(process, arrival);
          }
        });
        await sideBySide(scheduler, ...runs);
        await sweepAMinuteLater(world);
        expectOnce(all, await read(world, all));
      }),
      { numRuns: 150 },
    );
  });

  it('at any write of which the process dies is finished by the next sweep', async () => {
    await fc.assert(
      fc.asyncProperty(moves, async ({ all, arrivals }) => {
        const whole = lifeUntil(0, 'before');
        const calm = (await createWorld()).process(whole.gate);
        for (const arrival of arrivals) await takeIn(calm, arrival);
        for (let at = 1; at <= whole.writes(); at += 1) {
          const world = await createWorld();
          const process = world.process(lifeUntil(at, at % 2 === 0 ? 'before' : 'after').gate);
          let alive = process;
          for (const arrival of arrivals) {
            await takeIn(alive, arrival).catch(async (error: unknown) => {
              if (!(error instanceof ProcessDied)) throw error;
              alive = world.process();
              await sweepAMinuteLater(world);
              await takeIn(alive, arrival);
            });
          }
          await sweepAMinuteLater(world);
          expectOnce(all, await read(world, all));
        }
      }),
      { numRuns: 8 },
    );
  });

  it('leaves a payment that names another tenant to a person, whose word is final', async () => {
    const some = moves.filter(({ all }) => all.length > 0);
    await fc.assert(
      fc.asyncProperty(some, async ({ all, arrivals }) => {
        const world = await createWorld();
        const process = world.process();
        for (const arrival of arrivals) await takeIn(process, arrival);
        const tenancyId = parseTenancyId('r_1:1');
        const said = { author: 'Manager', reason: 'They moved in together.', tenancyId };
        for (const plan of all) {
          const decision = { paymentId: txIdOf(plan), as: 'assign' as const, ...said };
          await decidePayment({ ...process, references: world.stores.references }, decision);
        }
        await sweepAMinuteLater(world);
        const stored = await read(world, all);
        expectOnce(all, stored);
        const waiting = stored.breaks.filter(
          ({ kind, state }) => kind === 'tenant-differs' && state === 'open',
        );
        expect(waiting).toEqual([]);
        for (const arrival of arrivals) await takeIn(process, arrival);
        const again = await read(world, all);
        expect(again.transactions.map((tx) => tx.tenancyId)).toEqual(
          stored.transactions.map((tx) => tx.tenancyId),
        );
        expect(again.entries).toEqual(stored.entries);
      }),
      { numRuns: 60 },
    );
  });
});
