/**
 * The checks of a rightly signed call that need no box: time, shard, nonce, budget; in that order.
 */
import { SECOND_MS, toUnix, type Instant } from '../../domain/time';
import type { BoxCaller, CallBudget, NonceMemory, Turned } from './box-caller';
import type { Settings } from '../ports/settings';

/** Both directions; a box further off is told our time and signs again. */
const MOST_CLOCK_SKEW_S = 300;

/** The last second counts whole, and the clocks of several processes differ. */
const NONCE_MARGIN_S = 60;

/**
 * How long a used nonce is to be known: longer than any call can be in time, which is from one end
 * of the allowed skew to the other for a box whose clock is ahead.
 */
export const NONCE_HELD_MS = (2 * MOST_CLOCK_SKEW_S + NONCE_MARGIN_S) * SECOND_MS;

export interface AdmitDeps {
  readonly nonces: NonceMemory;
  readonly budget: CallBudget;
  readonly settings: Pick<Settings, 'gridShard'>;
}

/** Steps 3 and 4, but for the keys. */
export function timeOrShardFault(
  deps: Pick<AdmitDeps, 'settings'>,
  caller: BoxCaller,
  now: Instant,
): Turned | null {
  if (Math.abs(toUnix(now) - caller.sentAtUnix) > MOST_CLOCK_SKEW_S) return { kind: 'clock' };
  return caller.shard === deps.settings.gridShard ? null : { kind: 'shard' };
}

/** Step 5, and then how often the object calls. */
export async function repeatFault(
  deps: Pick<AdmitDeps, 'nonces' | 'budget'>,
  caller: BoxCaller,
  now: Instant,
): Promise<Turned | null> {
  const { key, nonce, objectKey } = caller;
  if (!deps.nonces.isNew({ key, nonce, now })) return { kind: 'nonce' };
  const retryS = await deps.budget.spend(objectKey, now);
  return retryS === null ? null : { kind: 'busy', retryS };
}
