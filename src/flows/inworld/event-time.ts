/** Which times a box may name: how far from ours its word about an event may lie. */
import { DAY_MS, MINUTE_MS, type Instant } from '../../domain/time';

const MOST_AHEAD_MS = 10 * MINUTE_MS;
/** Longer than any box has kept a payment for; a clock that knows no time says 1970. */
const MOST_AGO_MS = 90 * DAY_MS;

/** A box's clock may run a little fast; an event further ahead cannot have happened yet. */
export const isDatedAhead = (at: Instant, now: Instant): boolean => at - now > MOST_AHEAD_MS;

export const isDatedLongAgo = (at: Instant, now: Instant): boolean => now - at > MOST_AGO_MS;
