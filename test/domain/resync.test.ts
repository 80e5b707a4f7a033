/** What differs between the provider's unit and our ledger, and what that difference is called. */
import fc from 'fast-check';
import type { Instant } from '../../src/domain/time';
import { compareUnit, creditedTwice } from '../../src/domain/resync';
import type { UnitStatus } from '../../src/domain/unit';
import { DAY, facts, HOUR, PAID_UNTIL } from '../laws/standing-facts';
import { entryOf, reversalOf } from '../laws/samples';
import { agent } from '../support/estate';

const at = (ms: number): Instant => (PAID_UNTIL + ms) as Instant;
/** Three days before our tenancy runs out, when it is paid. */
const PAID_NOW = at(-3 * DAY);
const ours = facts();
const unit = (rentedUntil: Instant | null, status: UnitStatus = 'rented', tenant = agent(1)) => ({
  ...{ tenant, status, rentedUntil },
});

describe('the unit of a paid tenancy', () => {
  it('is in step when it shows the same time, to a minute', () => {
    for (const ms of [0, 60_000, -60_000]) {
      expect(compareUnit(ours, unit(at(ms)), PAID_NOW).kind).toBe('in-step');
    }
  });

  it('is short when it shows less time than was paid for, or none', () => {
    for (const ms of [-61_000, -HOUR, -DAY, -4 * DAY]) {
      expect(compareUnit(ours, unit(at(ms)), PAID_NOW)).toEqual({
        ...{ kind: 'short', shows: at(ms), ours: PAID_UNTIL },
      });
    }
    expect(compareUnit(ours, unit(null, 'overdue'), PAID_NOW).kind).toBe('short');
    expect(compareUnit(ours, unit(PAID_UNTIL, 'overdue'), PAID_NOW).kind).toBe('short');
  });

  it('is long when it shows time that no entry explains', () => {
    expect(compareUnit(ours, unit(at(DAY)), PAID_NOW)).toEqual({
      ...{ kind: 'long', shows: at(DAY), ours: PAID_UNTIL },
    });
  });

  it('was taken from the tenant when it is let to another, free to let, or gone', () => {
    const other = compareUnit(ours, unit(at(DAY), 'rented', agent(2)), PAID_NOW);
    expect(other).toMatchObject({ kind: 'evicted', ours: PAID_UNTIL });
    const free = { tenant: null, status: 'available' as const, rentedUntil: null };
    expect(compareUnit(ours, free, PAID_NOW).kind).toBe('evicted');
    expect(compareUnit(ours, null, PAID_NOW).kind).toBe('evicted');
  });

  it('says nothing new when the same tenant merely has another name', () => {
    const renamed = { ...agent(1), name: 'Somebody Else' };
    expect(compareUnit(ours, unit(PAID_UNTIL, 'rented', renamed), PAID_NOW).kind).toBe('in-step');
  });

  it('is no eviction when it merely cannot be reached', () => {
    expect(compareUnit(ours, unit(PAID_UNTIL, 'unreachable'), PAID_NOW).kind).toBe('in-step');
    expect(compareUnit(ours, unit(null, 'unreachable'), PAID_NOW).kind).toBe('in-step');
  });

  it('never loses time without being called short, nor gains any without being called long', () => {
    const apart = fc.integer({ min: -30 * 86_400, max: 30 * 86_400 });
    fc.assert(
      fc.property(apart, (s) => {
        const { kind } = compareUnit(ours, unit(at(s * 1_000)), PAID_NOW);
        expect(kind).toBe(Math.abs(s) <= 60 ? 'in-step' : s < 0 ? 'short' : 'long');
      }),
    );
  });
});

describe('the unit of a tenancy that ran out, or of none', () => {
  it('may be let to another or be free: nobody is evicted', () => {
    const free = { tenant: null, status: 'available' as const, rentedUntil: null };
    for (const one of [free, unit(at(9 * DAY), 'rented', agent(2)), null]) {
      expect(compareUnit(ours, one, at(DAY)).kind).not.toBe('evicted');
    }
  });

  it('is in step when both say that the time is used up', () => {
    expect(compareUnit(ours, unit(PAID_UNTIL, 'overdue'), at(DAY)).kind).toBe('in-step');
    const free = { tenant: null, status: 'available' as const, rentedUntil: null };
    expect(compareUnit({ tenancy: null, cache: null }, free, at(DAY)).kind).toBe('in-step');
  });

  it('is long when somebody holds it upstream of whom we know nothing', () => {
    const found = compareUnit({ tenancy: null, cache: null }, unit(at(9 * DAY)), PAID_NOW);
    expect(found).toEqual({ kind: 'long', shows: at(9 * DAY), ours: null });
  });
});

describe('time that the provider shows beyond ours', () => {
  const paid = entryOf(1, 'paid', 604_800);
  const other = entryOf(2, 'paid', 86_400);
  const surplus = (s: number) => ({ shows: at(s * 1_000), ours: PAID_UNTIL });

  it('is a payment counted twice when it is as long as one', () => {
    expect(creditedTwice([paid, other], surplus(604_800))?.id).toBe(paid.id);
    expect(creditedTwice([paid, other], surplus(86_400 + 30))?.id).toBe(other.id);
  });

  it('is no payment counted twice when it is as long as none, or as one taken back', () => {
    expect(creditedTwice([paid, other], surplus(3_600))).toBeNull();
    expect(creditedTwice([paid, reversalOf(2, paid)], surplus(604_800))).toBeNull();
  });
});
