/**
 * A standing as the fields that a box reads: integers of 32 bits and short texts, in a fixed
 * order.
 */
import type { Standing } from '../../domain/standing';
import { DAY_SECONDS, toUnix, WEEK_SECONDS } from '../../domain/time';
import type { Term } from '../../domain/ledger/price';
import type { StandingView } from '../../flows/inworld/answer-standing';
import { clampedInt, shownText, type AnswerFields } from '../answers';
import { tenantText } from './tenant-text';

const MOST_TEXT_BYTES = 254;

/** A calendar month has no fixed length: the box is told 0. */
const TERM_SECONDS: Readonly<Record<Term, number>> = {
  day: DAY_SECONDS,
  week: WEEK_SECONDS,
  month: 0,
};

export function standingFields(view: StandingView, zone: string): AnswerFields {
  const { standing, terms } = view;
  return {
    ...time(standing),
    stage: standing.stage,
    pending: clampedInt(view.pending),
    gate: view.gate === 'open' ? 1 : 0,
    price: clampedInt(terms.price.amount),
    term: TERM_SECONDS[terms.price.term],
    min: clampedInt(terms.minimum ?? 0),
    text: shownText(tenantText(view, zone), MOST_TEXT_BYTES),
    poll: clampedInt(view.pollS),
    ...(view.nextSecret === null ? {} : { next: view.nextSecret }),
  };
}

/** `until` 0 = vacant. */
function time({ paidUntil, asOf }: Standing): { readonly until: number; readonly left: number } {
  if (paidUntil === null) return { until: 0, left: 0 };
  return {
    until: clampedInt(toUnix(paidUntil)),
    left: clampedInt(toUnix(paidUntil) - toUnix(asOf)),
  };
}
