/** No rental becomes overdue on our word alone: a fresh word from outside must agree. */
import fc from 'fast-check';
import { standingOf } from '../../src/domain/standing';
import type { Instant } from '../../src/domain/time';
import {
  claimOf,
  DAY,
  facts,
  GRACE_MS,
  hold,
  HOUR,
  PAID_UNTIL,
  rules,
  STATUSES,
} from '../laws/standing-facts';

const at = (ms: number): Instant => (PAID_UNTIL + ms) as Instant;
const LIMIT = at(GRACE_MS);
const NOW = at(GRACE_MS + 10 * DAY);
const standing = (over: Parameters<typeof facts>[0], now = NOW) =>
  standingOf(facts(over), now, rules());
const said = (over: Parameters<typeof facts>[0], now = NOW) => {
  const { stage, reasons } = standing(over, now);
  return [stage, ...reasons.map(({ code }) => code)];
};

const aClaim = fc.record({
  status: fc.constantFrom(...STATUSES),
  rentedUntil: fc.option(fc.integer({ min: -20 * DAY, max: 30 * DAY }).map(at)),
  currentThrough: fc.option(fc.integer({ min: -10 * DAY, max: 10 * DAY }).map(at)),
});

describe('the second key', () => {
  it('agrees when the word is newer than the limit and the time that it shows is used up', () => {
    expect(said({ claim: claimOf(at(GRACE_MS + 1), {}) })).toEqual(['overdue']);
    expect(said({ claim: claimOf(at(GRACE_MS + 1), { rentedUntil: NOW }) })).toEqual(['overdue']);
  });

  it('agrees where no time is shown and the unit is called overdue or free to let', () => {
    for (const status of ['overdue', 'available'] as const) {
      const claim = claimOf(at(GRACE_MS + 1), { status, rentedUntil: null });
      expect(said({ claim })).toEqual(['overdue']);
    }
  });

  it.each(['rented', 'reserved', 'unreachable', 'unknown'] as const)(
    'does not agree where no time is shown and the unit is called %s',
    (status) => {
      const claim = claimOf(at(GRACE_MS + 1), { status, rentedUntil: null });
      expect(standing({ claim }).stage).toBe('safe');
    },
  );

  it('does not agree while the unit cannot be reached, whatever time is shown', () => {
    const claim = claimOf(at(GRACE_MS + 1), { status: 'unreachable', rentedUntil: PAID_UNTIL });
    expect(said({ claim })).toEqual(['safe', 'no-fresh-evidence']);
  });

  it('does not agree where the word is not newer than the limit, or there is none', () => {
    expect(said({ claim: null })).toEqual(['safe', 'no-fresh-evidence']);
    expect(said({ claim: claimOf(null, {}) })).toEqual(['safe', 'no-fresh-evidence']);
    expect(said({ claim: claimOf(at(GRACE_MS - 1), {}) })).toEqual(['safe', 'no-fresh-evidence']);
    // Up to the limit is not after it: what happened in that very instant may not have been seen.
    expect(said({ claim: claimOf(at(GRACE_MS), {}) })).toEqual(['safe', 'no-fresh-evidence']);
  });

  it('does not agree where the provider shows time, and says so', () => {
    const claim = claimOf(at(GRACE_MS + HOUR), { rentedUntil: at(GRACE_MS + 11 * DAY) });
    expect(said({ claim })).toEqual(['safe', 'provider-shows-time']);
  });

  it('is never turned by anything but a used-up word newer than the limit', () => {
    fc.assert(
      fc.property(aClaim, ({ status, rentedUntil, currentThrough }) => {
        const isFresh = currentThrough !== null && currentThrough > LIMIT;
        const isUsedUp =
          rentedUntil === null
            ? status === 'overdue' || status === 'available'
            : rentedUntil <= NOW && status !== 'unreachable';
        const { stage, reasons } = standing({
          claim: claimOf(currentThrough, { status, rentedUntil }),
        });
        expect(stage).toBe(isFresh && isUsedUp ? 'overdue' : 'safe');
        expect(reasons.length > 0).toBe(stage === 'safe');
      }),
      { numRuns: 1_000 },
    );
  });

  it('is not asked before the limit: no word makes a rental overdue early', () => {
    const early = fc.integer({ min: -20 * DAY, max: GRACE_MS - 1 });
    fc.assert(
      fc.property(aClaim, early, ({ status, rentedUntil }, ms) => {
        const claim = claimOf(at(ms), { status, rentedUntil });
        expect(['paid', 'due', 'grace']).toContain(standing({ claim }, at(ms)).stage);
      }),
    );
  });

  it('can be given by a person who resolved the break about it', () => {
    expect(said({ timeUsedUpAt: at(GRACE_MS + 8 * DAY) })).toEqual(['overdue']);
  });

  it('does not help a person who said so before a payment moved the limit', () => {
    const paid = { ...facts().cache!, paidUntil: at(9 * DAY), possiblyPaidUntil: at(9 * DAY) };
    const over = { cache: paid, timeUsedUpAt: at(GRACE_MS + 8 * DAY) };
    expect(said(over, at(GRACE_MS + 20 * DAY))).toEqual(['safe', 'no-fresh-evidence']);
  });

  it('opens nothing while a hold stands', () => {
    const until = at(60 * DAY);
    const over = { claim: claimOf(at(GRACE_MS + 1), {}), holds: [hold({ until })] };
    expect(said(over)).toEqual(['safe', 'hold']);
  });
});

describe('the second key of a rental without a provider', () => {
  const byBox = (boxClearAt: Instant | null) => ({ verifiedBy: 'box' as const, boxClearAt });

  it('is a call of its box, after the limit, that says that its outbox is empty', () => {
    expect(said(byBox(at(GRACE_MS + 1)))).toEqual(['overdue']);
    expect(said(byBox(at(GRACE_MS)))).toEqual(['safe', 'no-fresh-evidence']);
    expect(said(byBox(null))).toEqual(['safe', 'no-fresh-evidence']);
  });

  it('is no word of a provider', () => {
    const claim = claimOf(at(GRACE_MS + 1), {});
    expect(said({ ...byBox(null), claim })).toEqual(['safe', 'no-fresh-evidence']);
  });
});
