/** Which times a box may name: how far ahead of ours its word about an event may lie. */
import { MINUTE_MS, type Instant } from '../../domain/time';

const MOST_AHEAD_MS = 10 * MINUTE_MS;

/** A box's clock may run a little fast; an event further ahead cannot have happened yet. */
export const isDatedAhead = (at: Instant, now: Instant): boolean => at - now > MOST_AHEAD_MS;
