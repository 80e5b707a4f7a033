/** How much time L$ buy: floor(amount × term ÷ price), multiplied first, in exact integers. */
import fc from 'fast-check';
import { lindens } from '../../src/domain/money';
import { secondsBought, termsAt, termSeconds, type Terms } from '../../src/domain/ledger/price';
import { instant } from '../../src/domain/time';
import { gridMonthSeconds } from '../laws/grid-time';
import { at } from '../laws/samples';
import { weekly } from '../support/estate';

const zone = 'America/Los_Angeles';
const SPRING = at('2026-03-20T12:00:00Z');
const anAmount = fc.oneof(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.integer({ min: 1, max: 9 }));
const anInstant = fc
  .integer({ min: Date.UTC(2005, 0, 2), max: Date.UTC(2090, 0, 1) })
  .map((ms) => instant(ms));

const bought = (amount: number, price: number, term: 'day' | 'week' | 'month', when = SPRING) =>
  secondsBought({ amount, price: { amount: lindens(price), term }, at: when, zone });

describe('the time that L$ buy', () => {
  it('is a week for the price of a week, and a day for the price of a day', () => {
    expect(bought(700, 700, 'week')).toBe(604_800);
    expect(bought(50, 50, 'day')).toBe(86_400);
  });

  it('multiplies first, so that nothing is lost before the division', () => {
    expect(bought(572, 196, 'week')).toBe(1_765_028);
    expect(bought(1, 3, 'day')).toBe(28_800);
    expect(bought(2, 3, 'week')).toBe(403_200);
    expect(bought(1, 2 ** 31 - 1, 'week')).toBe(0);
  });

  it('is exact for every amount and price that the grid can carry', () => {
    const term = fc.constantFrom('day' as const, 'week' as const, 'month' as const);
    fc.assert(
      fc.property(anAmount, anAmount, term, anInstant, (amount, price, word, when) => {
        const length = { day: 86_400, week: 604_800, month: gridMonthSeconds(when) }[word];
        const exact = (BigInt(amount) * BigInt(length)) / BigInt(price);
        fc.pre(exact <= BigInt(Number.MAX_SAFE_INTEGER));
        expect(BigInt(bought(amount, price, word, when))).toBe(exact);
      }),
      { numRuns: 500 },
    );
  });

  it('never gives less for more L$, nor more for two payments than for their sum', () => {
    const small = fc.integer({ min: 1, max: 2 ** 30 - 1 });
    fc.assert(
      fc.property(small, small, fc.integer({ min: 1, max: 10_000 }), (a, b, price) => {
        const both = bought(a + b, price, 'week');
        const apart = bought(a, price, 'week') + bought(b, price, 'week');
        expect(both).toBeGreaterThanOrEqual(apart);
        expect(both - apart).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('a month', () => {
  it.each([
    ['2026-02-10T12:00:00Z', 28],
    ['2028-02-10T12:00:00Z', 29],
    ['2026-03-10T12:00:00Z', 31],
    ['2026-11-01T12:00:00Z', 30],
    ['2026-04-15T12:00:00Z', 30],
    // The last evening of February on the grid, and its first minute of March.
    ['2026-03-01T07:59:00Z', 28],
    ['2026-03-01T08:00:00Z', 31],
    // In summer the grid's midnight is an hour earlier in UTC.
    ['2026-04-01T06:59:00Z', 31],
    ['2026-04-01T07:00:00Z', 30],
    // New Year's Eve on the grid.
    ['2027-01-01T07:59:00Z', 31],
  ])('at %s has %i days of 86,400 seconds', (when, days) => {
    expect(termSeconds('month', at(when), zone)).toBe(days * 86_400);
  });

  it('is that of the payment in grid time, whatever daylight saving does in it', () => {
    fc.assert(
      fc.property(anInstant, (when) => {
        expect(termSeconds('month', when, zone)).toBe(gridMonthSeconds(when));
        expect(termSeconds('week', when, zone)).toBe(604_800);
        expect(termSeconds('day', when, zone)).toBe(86_400);
      }),
    );
  });
});

describe('the terms of a rental', () => {
  const terms = (from: string, price: number): Terms => ({
    from: at(from),
    price: weekly(price),
    minimum: null,
    graceHours: null,
  });
  const history = [
    terms('2026-01-01T00:00:00Z', 700),
    terms('2026-02-01T00:00:00Z', 800),
    terms('2026-03-01T00:00:00Z', 900),
  ];

  it.each([
    ['2026-01-15T00:00:00Z', 700],
    ['2026-01-31T23:59:59.999Z', 700],
    ['2026-02-01T00:00:00Z', 800],
    ['2026-02-28T23:59:59.999Z', 800],
    ['2030-01-01T00:00:00Z', 900],
  ])('at %s are those that began last, L$ %i', (when, price) => {
    expect(termsAt(history, at(when)).price.amount).toBe(price);
  });

  it('are the ones whose start is the latest not after the payment', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(gaps, fc.nat({ max: 800 }), (days, afterDays) => {
        const first = at('2026-01-01T00:00:00Z');
        let from = first;
        const rows = days.map((gap, i) => {
          const row = { ...terms('2026-01-01T00:00:00Z', i + 1), from };
          from = instant(from + gap * 86_400_000);
          return row;
        });
        const when = instant(first + afterDays * 86_400_000);
        const expected = rows.filter((row) => row.from <= when).length;
        expect(termsAt(rows, when).price.amount).toBe(expected);
      }),
    );
  });
});
