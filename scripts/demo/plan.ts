/** Who pays how much and when, drawn from the seed before anything happens. */
import { SECOND_MS } from '../../src/domain/time';
import { randomFor, type Random } from '../sim-provider/random';
import type { Agent } from '../sim-provider/records';
import type { DemoUnit } from './estate';

export interface PlannedPayment {
  /** From the beginning of its phase. */
  readonly afterMs: number;
  readonly unit: DemoUnit;
  readonly payer: Agent;
  /** Whole L$. */
  readonly amount: number;
}

export interface Plan {
  readonly ordinary: readonly PlannedPayment[];
  readonly stall: readonly PlannedPayment[];
}

const ORDINARY = { payments: 18, lastMs: 9 * SECOND_MS };
const STALL = { payments: 11, lastMs: 9 * SECOND_MS };
/** Those whose time runs out pay first, so that they have paid in time. */
const PAYS_IN_TIME_MS = 500;

export function planPayments(seed: number, estate: readonly DemoUnit[]): Plan {
  const payers = estate.filter(({ role }) => role === 'pays');
  const runningOut = estate.filter(({ role }) => role === 'runs-out');
  const ordinary = spread(randomFor(seed, 'demo-ordinary'), payers, ORDINARY);
  const inTime = runningOut.map((unit, index) => ({
    ...{ afterMs: PAYS_IN_TIME_MS * (index + 1), unit, payer: unit.tenant },
    amount: unit.price,
  }));
  const later = spread(randomFor(seed, 'demo-stall'), payers, STALL);
  return {
    ordinary: inOrder([...ordinary, ...twins(ordinary)]),
    stall: inOrder([...inTime, ...later]),
  };
}

function spread(
  random: Random,
  units: readonly DemoUnit[],
  { payments, lastMs }: { readonly payments: number; readonly lastMs: number },
): PlannedPayment[] {
  return Array.from({ length: payments }, (_, index) => {
    const unit = units[random.below(units.length)] as DemoUnit;
    const afterMs = Math.round((lastMs * (index + random.next())) / payments);
    return { afterMs, unit, payer: payerOf(random, unit), amount: amountOf(random, unit) };
  });
}

/** One in five is paid for by somebody else, as friends and partners do. */
function payerOf(random: Random, { tenant }: DemoUnit): Agent {
  const friend = { key: random.uuid(), name: `Friend of ${tenant.name}` };
  return random.below(5) === 0 ? friend : tenant;
}

/** A week, two, a half, or whatever was at hand. */
function amountOf(random: Random, { price }: DemoUnit): number {
  const odd = 1 + random.below(2 * price);
  return [price, price, 2 * price, Math.floor(price / 2), odd][random.below(5)] as number;
}

/** Twice the same from the same payer in the same moment: two payments, not a repetition. */
function twins(payments: readonly PlannedPayment[]): PlannedPayment[] {
  const middle = payments[Math.floor(payments.length / 2)];
  return middle === undefined ? [] : [{ ...middle }];
}

function inOrder(payments: readonly PlannedPayment[]): readonly PlannedPayment[] {
  return [...payments].sort((a, b) => a.afterMs - b.afterMs);
}
