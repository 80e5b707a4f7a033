/** What could be given back: only paid and external time, used up oldest first. */
import fc from 'fast-check';
import type { Entry } from '../../src/domain/ledger/entry';
import { refundable } from '../../src/domain/payments/refund';
import { instant } from '../../src/domain/time';
import { daysAfter, entryOf, reversalOf } from '../laws/samples';
import { START } from '../support/estate';

const byManager = { start: { by: 'manager', at: START } } as const;
const byPayments = { start: { by: 'payments' } } as const;

const somePayments = fc.array(
  fc.record({
    kind: fc.constantFrom('paid' as const, 'external' as const),
    amount: fc.integer({ min: 1, max: 5_000 }),
    lengthS: fc.integer({ min: 1, max: 3_000_000 }),
    paidOnDay: fc.integer({ min: 0, max: 40 }),
  }),
  { minLength: 1, maxLength: 6 },
);

type Payment = typeof somePayments extends fc.Arbitrary<(infer One)[]> ? One : never;

const asEntries = (payments: readonly Payment[]): Entry[] =>
  payments.map(({ kind, amount, lengthS, paidOnDay }, i) =>
    entryOf(i + 1, kind, lengthS, { amount, paidAt: daysAfter(START, paidOnDay) }),
  );

/** In exact fractions: what `elapsedS` leaves of payments, oldest first, at their own prices. */
function leftOf(payments: readonly Payment[], elapsedS: number): bigint {
  let used = elapsedS;
  let whole = 0n;
  const oldestFirst = payments
    .map((payment, i) => ({ ...payment, i }))
    .sort((a, b) => a.paidOnDay - b.paidOnDay || a.i - b.i);
  for (const { amount, lengthS } of oldestFirst) {
    const left = Math.max(0, lengthS - used);
    used = Math.max(0, used - lengthS);
    whole += (BigInt(left) * BigInt(amount)) / BigInt(lengthS);
  }
  return whole;
}

describe('what could be given back', () => {
  it('is L$ 18 of 572 at 196 a week, 19.78 days after they were paid', () => {
    const paid = entryOf(1, 'paid', 1_765_028, { amount: 572 });
    expect(refundable(byPayments, [paid], daysAfter(START, 19.78))).toBe(18);
    expect(refundable(byManager, [paid], daysAfter(START, 19.78))).toBe(18);
  });

  it('is what is left of each payment at its own price, oldest used up first', () => {
    fc.assert(
      fc.property(somePayments, fc.nat({ max: 8_000_000 }), (payments, elapsedS) => {
        const now = instant(START + elapsedS * 1_000);
        const left = refundable(byManager, asEntries(payments), now);
        expect(BigInt(left)).toBe(leftOf(payments, elapsedS));
      }),
      { numRuns: 500 },
    );
  });

  it('is the whole at the start, never grows as time passes, and ends at nothing', () => {
    const pairOfTimes = fc.tuple(fc.nat({ max: 9_000_000 }), fc.nat({ max: 9_000_000 }));
    fc.assert(
      fc.property(somePayments, pairOfTimes, (payments, [a, b]) => {
        const entries = asEntries(payments);
        const at = (s: number) => refundable(byManager, entries, instant(START + s * 1_000));
        expect(at(0)).toBe(payments.reduce((sum, { amount }) => sum + amount, 0));
        expect(at(Math.max(a, b))).toBeLessThanOrEqual(at(Math.min(a, b)));
        expect(at(payments.reduce((sum, { lengthS }) => sum + lengthS, 0))).toBe(0);
      }),
    );
  });

  it('holds nothing of granted, bonus, outage and opening time', () => {
    const kinds = ['opening', 'granted', 'bonus', 'outage', 'adjustment'] as const;
    const entries = kinds.map((kind, i) => entryOf(i + 1, kind, 604_800, { amount: null }));
    expect(refundable(byManager, entries, START)).toBe(0);
  });

  it('is used up before granted time is, so that a gift lengthens no refund', () => {
    const paid = entryOf(1, 'paid', 604_800, { amount: 700 });
    const granted = entryOf(2, 'granted', 604_800);
    expect(refundable(byManager, [granted, paid], daysAfter(START, 3.5))).toBe(350);
    expect(refundable(byManager, [granted, paid], daysAfter(START, 7))).toBe(0);
  });

  it('holds nothing of a payment that was reversed', () => {
    const paid = entryOf(1, 'paid', 604_800, { amount: 700 });
    const other = entryOf(2, 'external', 604_800, { amount: 350 });
    const entries = [paid, other, reversalOf(3, paid)];
    expect(refundable(byManager, entries, START)).toBe(350);
    const back = [...entries, reversalOf(4, reversalOf(3, paid))];
    expect(refundable(byManager, back, START)).toBe(1_050);
  });
});
