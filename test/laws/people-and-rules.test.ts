/** A manager who decides while rules settle: no payment is credited twice, and none is lost. */
import fc from 'fast-check';
import { arrivalsOf } from './arrivals';
import { takeIn, type Arrival } from './facts';
import { lifeUntil, ProcessDied } from './gates';
import { inTurn, sideBySide } from './interleaved';
import { brokenLaws, creditsOf, readAll, type Stored } from './laws-kept';
import { aSaying, say, type Saying } from './manager';
import { factsOf, plans, reportIdOf, txIdOf, type Plan } from './payment-plans';
import { createWorld, sweepAMinuteLater, type Process, type World } from './world';

interface Dispute {
  readonly all: readonly Plan[];
  readonly arrivals: readonly Arrival[];
  /** How much has arrived in peace before the manager speaks; while two more arrive. */
  readonly peace: number;
  readonly sayings: readonly Saying[];
}

/** Nothing is given back here: a person and a box may each give back what the other did not. */
const withoutReturns = (all: readonly Plan[]): Plan[] =>
  all.map((plan) => ({
    ...plan,
    report: plan.report === null ? null : { ...plan.report, returned: 'nothing' },
  }));

const disputes = plans({ most: 3, times: 'known', tenants: 'one', apart: 'seconds' })
  .map(withoutReturns)
  .chain((all) =>
    fc.record<Dispute>({
      all: fc.constant(all),
      arrivals: arrivalsOf(factsOf(all)),
      peace: fc.nat({ max: 8 }),
      sayings: fc.array(aSaying, { minLength: 1, maxLength: 3 }),
    }),
  );

const read = (world: World, all: readonly Plan[]): Promise<Stored> =>
  readAll(world, { txIds: all.map(txIdOf), reportIds: all.map(reportIdOf) });

async function takeAll(process: Process, arrivals: readonly Arrival[]): Promise<void> {
  for (const arrival of arrivals) await takeIn(process, arrival);
}

async function sayAll(process: Process, { all, sayings }: Dispute): Promise<void> {
  for (const [n, saying] of sayings.entries()) await say(process, all, saying, n);
}

/** Of gifts that look alike, no more are credited than were given. */
function creditedTwice(all: readonly Plan[], { entries }: Stored): string[] {
  const groups = new Map<string, Plan[]>();
  for (const plan of all) {
    const key = `${plan.payer}/${plan.amount}`;
    groups.set(key, [...(groups.get(key) ?? []), plan]);
  }
  return [...groups].flatMap(([key, group]) => {
    const credits = group.flatMap((plan) => [
      ...creditsOf(`tx:${txIdOf(plan)}`, entries),
      ...creditsOf(reportIdOf(plan), entries),
    ]);
    if (credits.length <= group.length) return [];
    return [`${group.length} gifts of ${key} were credited ${credits.length} times`];
  });
}

describe('a manager who decides while payments are being settled', () => {
  it('never makes two credits of one payment, nor loses one, at any interleaving', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), disputes, async (scheduler, dispute) => {
        const world = await createWorld();
        const service = world.process(inTurn(scheduler, 'service'));
        const manager = world.process(inTurn(scheduler, 'manager'));
        const { arrivals, peace } = dispute;
        await takeAll(world.process(), arrivals.slice(0, peace));
        await sideBySide(
          scheduler,
          () => takeAll(service, arrivals.slice(peace, peace + 2)),
          () => sayAll(manager, dispute),
        );
        await takeAll(world.process(), arrivals.slice(peace + 2));
        await sweepAMinuteLater(world);
        const stored = await read(world, dispute.all);
        expect([...brokenLaws(stored), ...creditedTwice(dispute.all, stored)]).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('leaves what the next sweep finishes when the process dies at any write', async () => {
    await fc.assert(
      fc.asyncProperty(disputes, async (dispute) => {
        const whole = lifeUntil(0, 'before');
        const calm = (await createWorld()).process(whole.gate);
        await takeAll(calm, dispute.arrivals);
        const before = whole.writes();
        await sayAll(calm, dispute);
        for (let at = before + 1; at <= whole.writes(); at += 1) {
          const world = await createWorld();
          const process = world.process(lifeUntil(at, at % 2 === 0 ? 'before' : 'after').gate);
          await takeAll(process, dispute.arrivals);
          await sayAll(process, dispute).catch((error: unknown) => {
            if (!(error instanceof ProcessDied)) throw error;
          });
          await sweepAMinuteLater(world);
          const stored = await read(world, dispute.all);
          const broken = [...brokenLaws(stored), ...creditedTwice(dispute.all, stored)];
          expect([at, broken]).toEqual([at, []]);
        }
      }),
      { numRuns: 30 },
    );
  });
});
