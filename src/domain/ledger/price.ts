/**
 * Terms of a rental and the time that money buys under them; keeps no history of its own making.
 */
import { RefusedValue } from '../brand';
import type { Lindens } from '../money';
import { calendarMonthSeconds, DAY_SECONDS, WEEK_SECONDS } from '../time';
import type { Instant, Seconds } from '../time';

export const TERMS = ['day', 'week', 'month'] as const;
export type Term = (typeof TERMS)[number];

/** Whole L$ per term. */
export interface Price {
  readonly amount: Lindens;
  readonly term: Term;
}

/** What holds from `from` until the next terms begin. `graceHours` null = the estate's default. */
export interface Terms {
  readonly from: Instant;
  readonly price: Price;
  readonly minimum: Lindens | null;
  readonly graceHours: number | null;
}

/**
 * The terms in force at `at`; before the first ones, the first. @throws RefusedValue when there
 * are none.
 */
export function termsAt(history: readonly Terms[], at: Instant): Terms {
  const first = history[0];
  if (first === undefined) throw new RefusedValue('A rental has at least one set of terms.');
  return history.reduce((best, terms) => (terms.from <= at ? terms : best), first);
}

/** Seconds in one term: a calendar month is that of `at` in `zone` (28–31 days). */
export function termSeconds(term: Term, at: Instant, zone: string): Seconds {
  switch (term) {
    case 'day':
      return DAY_SECONDS as Seconds;
    case 'week':
      return WEEK_SECONDS as Seconds;
    case 'month':
      return calendarMonthSeconds(at, zone);
  }
}

/** floor(amount × term seconds ÷ price), multiplied first, in exact integers. */
export function secondsBought(input: {
  readonly amount: number;
  readonly price: Price;
  readonly at: Instant;
  readonly zone: string;
}): Seconds {
  const term = BigInt(termSeconds(input.price.term, input.at, input.zone));
  return Number((BigInt(input.amount) * term) / BigInt(input.price.amount)) as Seconds;
}
