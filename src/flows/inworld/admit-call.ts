/**
 * The checks of a rightly signed call that need no box: time, shard, nonce, budget; in that order.
 */
import { toUnix, type Instant } from '../../domain/time';
import type { BoxCaller, CallBudget, NonceMemory, Turned } from './box-caller';
import type { Settings } from '../ports/settings';

/** Both directions; a box further off is told our time and signs again. */
const MOST_CLOCK_SKEW_S = 300;

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
