/**
 * Law 4 over histories: nobody who paid, or perhaps did, is ever called overdue, and others are.
 */
import fc from 'fast-check';
import { instant, type Instant } from '../../src/domain/time';
import { readStanding } from '../../src/flows/read-standing';
import { parseUnitId } from '../../src/domain/ids';
import { SETTINGS } from '../support/estate';
import { arrivalsOf } from './arrivals';
import { takeIn, type Arrival, type Fact } from './facts';
import { lifeUntil, ProcessDied } from './gates';
import { expectedStart, expectedSums, possibleSeconds } from './model';
import { factsOf, knownFrom, plans, returnedAmount, type Plan } from './payment-plans';
import { createWorld, RENTAL_ID, type World } from './world';

const GRACE_MS = SETTINGS.graceHours * 3_600_000;

const histories = plans({ most: 3, times: 'known', tenants: 'one', apart: 'minutes' }).chain(
  (all) => fc.tuple(fc.constant(all), arrivalsOf(factsOf(all))),
);

/** Before `from` no rental may be overdue; from `to` on it must be. Null: no payment was made. */
interface Limits {
  readonly from: number;
  readonly to: number;
}

function limitsOf(known: readonly Plan[]): Limits | null {
  const start = expectedStart(known, returnedAmount);
  if (start === null) return null;
  const sums = Object.values(expectedSums(known, returnedAmount));
  const paidUntil = start + sums.reduce((sum, s) => sum + s, 0) * 1_000;
  const { least, most } = possibleSeconds(known, returnedAmount);
  return { from: paidUntil + least * 1_000 + GRACE_MS, to: paidUntil + most * 1_000 + GRACE_MS };
}

/** What anybody would be told at `now`, the provider saying since then that the time is used up. */
async function stageAt(world: World, now: Instant): Promise<string> {
  const claim = { status: 'overdue', rentedUntil: null, tenant: null } as const;
  const heard = { version: now, streamRank: 1, seenAt: now, currentThrough: now };
  const unitId = parseUnitId('unit-1');
  await world.stores.rentals.noteClaims(new Map([[unitId, { ...claim, ...heard }]]));
  const process = world.process();
  const clock = { ...process.clock, now: () => now };
  const [rental] = await world.stores.rentals.get([RENTAL_ID]);
  return (await readStanding({ ...process, clock }, rental!)).stage;
}

/** Up to the limit the rental is not overdue; and once the limit has passed it is. */
async function expectRightStage(world: World, known: readonly Plan[]): Promise<void> {
  const limits = limitsOf(known);
  if (limits === null) {
    const late = instant(world.clock.now() + 300 * 86_400_000);
    expect(await stageAt(world, late)).toBe('vacant');
    return;
  }
  const last = await stageAt(world, instant(limits.from - 1));
  expect(['paid', 'due', 'grace']).toContain(last);
  // A word up to the limit does not reach beyond it; the next one does.
  expect(await stageAt(world, instant(limits.to + 1))).toBe('overdue');
}

const factsIn = (arrivals: readonly Arrival[]): Fact[] =>
  arrivals.flatMap((arrival) => (arrival === 'sweep' ? [] : [...arrival]));

describe('a rental whose unit the provider has reset to overdue', () => {
  it('is overdue from its limit on, and not a moment earlier, whatever has arrived', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async ([all, arrivals]) => {
        const world = await createWorld();
        for (const [i, arrival] of arrivals.entries()) {
          await takeIn(world.process(), arrival);
          const facts = factsIn(arrivals.slice(0, i + 1));
          await expectRightStage(world, knownFrom(all, facts));
        }
      }),
      { numRuns: 80 },
    );
  });

  it('is not overdue for what was taken in before a process died, before any sweep', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async ([all, arrivals]) => {
        const whole = lifeUntil(0, 'before');
        const calm = (await createWorld()).process(whole.gate);
        for (const arrival of arrivals) await takeIn(calm, arrival);
        for (let at = 1; at <= whole.writes(); at += 1) {
          const world = await createWorld();
          const process = world.process(lifeUntil(at, at % 2 === 0 ? 'before' : 'after').gate);
          const taken: Arrival[] = [];
          try {
            for (const arrival of arrivals) {
              await takeIn(process, arrival);
              taken.push(arrival);
            }
          } catch (error) {
            if (!(error instanceof ProcessDied)) throw error;
          }
          const dying = factsIn(arrivals.slice(taken.length, taken.length + 1));
          await expectSafeFor(world, all, factsIn(taken), dying);
        }
      }),
      { numRuns: 10 },
    );
  });
});

/** Of the facts that were under way when the process died, any may count and any may not. */
async function expectSafeFor(
  world: World,
  all: readonly Plan[],
  kept: readonly Fact[],
  dying: readonly Fact[],
): Promise<void> {
  const limits = subsetsOf(dying).map((some) => limitsOf(knownFrom(all, [...kept, ...some])));
  const earliest = Math.min(...limits.map((one) => one?.from ?? 0));
  if (earliest === 0) return;
  expect(await stageAt(world, instant(earliest - 1))).not.toBe('overdue');
}

const subsetsOf = <Row>(rows: readonly Row[]): Row[][] =>
  rows.reduce<Row[][]>((sets, row) => [...sets, ...sets.map((set) => [...set, row])], [[]]);
