/**
 * Unresolved payments are looked up at 1, 5, 15 and 60 minutes, then hourly, and never forgotten.
 */
import fc from 'fast-check';
import { lookupsUsedUp, nextLookupAt } from '../../src/domain/payments/schedule';
import { plusMs, type Instant } from '../../src/domain/time';
import { SETTINGS, START } from '../support/estate';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const after = (ms: number): Instant => plusMs(START, ms);
const next = (ms: number): number => nextLookupAt(START, after(ms), SETTINGS) - START;
const usedUp = (ms: number, checks = 80): boolean =>
  lookupsUsedUp({ since: START, checks }, after(ms), SETTINGS);

describe('the look-ups of an unresolved payment', () => {
  it('are due after 1, 5, 15 and 60 minutes, then each hour', () => {
    const found: number[] = [];
    for (let ms = 0; found.length < 8; ms = found.at(-1) ?? 0) found.push(next(ms));
    const minutes = [1, 5, 15, 60, 120, 180, 240, 300];
    expect(found).toEqual(minutes.map((minute) => minute * MINUTE));
  });

  it('always have a next one, in the future, that is not further away than a day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * DAY }), (ms) => {
        expect(next(ms)).toBeGreaterThan(ms);
        expect(next(ms) - ms).toBeLessThanOrEqual(DAY);
        if (ms < 3 * DAY) expect(next(ms) - ms).toBeLessThanOrEqual(HOUR);
      }),
      { numRuns: 500 },
    );
  });

  it('never come sooner because one was late', () => {
    const times = fc.tuple(fc.nat({ max: 5 * DAY }), fc.nat({ max: 5 * DAY }));
    fc.assert(
      fc.property(times, ([a, b]) => {
        expect(next(Math.max(a, b))).toBeGreaterThanOrEqual(next(Math.min(a, b)));
      }),
    );
  });

  it('are used up after three days, and not before the provider was asked at all', () => {
    expect(usedUp(0)).toBe(false);
    expect(usedUp(3 * DAY - MINUTE)).toBe(false);
    expect(usedUp(3 * DAY + 2 * HOUR)).toBe(true);
    expect(usedUp(30 * DAY)).toBe(true);
    expect(usedUp(30 * DAY, 0)).toBe(false);
  });
});
