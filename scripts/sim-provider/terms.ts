/** What an amount buys and what a unit's time makes of its status: the provider's own arithmetic,
 * written apart from the bridge's so that the two can be compared. */
import { calendarMonthSeconds, DAY_SECONDS, WEEK_SECONDS } from '../../src/domain/time';
import type { Instant } from '../../src/domain/time';
import type { Term, UnitRecord, UnitStatus } from './records';

/** What the provider can write; time bought beyond it is credited and not shown. */
const FIRST_INSTANT = Date.UTC(2000, 0, 1);
const LAST_INSTANT = Date.UTC(2099, 11, 31, 23, 59, 59);

export interface Purchase {
  readonly amount: number;
  readonly price: number;
  readonly term: Term;
  readonly paidAt: Instant;
  readonly timeZone: string;
}

/** floor(amount × term seconds ÷ price). The product stays below 2^53, so it is exact. */
export function secondsBought(purchase: Purchase): number {
  const product = purchase.amount * termSeconds(purchase);
  return (product - (product % purchase.price)) / purchase.price;
}

/** Adds time, also to an instant that lies in the past: arrears come first. Minus takes it. */
export function plusTime(from: Instant, seconds: number): Instant {
  return Math.max(FIRST_INSTANT, Math.min(from + seconds * 1000, LAST_INSTANT)) as Instant;
}

/** A box that cannot be reached stays so, whatever its time. */
export function statusOf(unit: Claim, now: Instant): UnitStatus {
  if (unit.status === 'unreachable') return 'unreachable';
  if (unit.rentedUntil !== null && unit.rentedUntil > now) return 'rented';
  return unit.tenant === null ? 'available' : 'overdue';
}

type Claim = Pick<UnitRecord, 'rentedUntil' | 'tenant'> & { readonly status?: UnitStatus };

function termSeconds({ term, paidAt, timeZone }: Purchase): number {
  switch (term) {
    case 'day':
      return DAY_SECONDS;
    case 'week':
      return WEEK_SECONDS;
    case 'month':
      return calendarMonthSeconds(paidAt, timeZone);
  }
}
