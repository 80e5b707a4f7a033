/** Follows the provider's status stream, in one process at a time; what is stored, flows decide. */
import { HOUR_MS } from '../domain/time';
import type { Cancel } from '../flows/ports/clock';
import type { FollowDeps } from './follow/follow-deps';
import { followTerm } from './follow/follow-term';
import { endsWithin } from './ends-within';
import { keepLease, type Running } from './lease-keeper';

/** Name of the lease; its number goes with every write of the cursor and the horizon. */
export const FOLLOWER_LEASE = 'follower';

const REMIND_MS = HOUR_MS;
const STOPS_WITHIN_MS = 5_000;

/**
 * Runs until stopped. While another process follows it stands by; a provider that refuses our token
 * is not asked again by this process, which goes on saying so.
 *
 * @param holder unique among processes.
 */
export function followStream(deps: FollowDeps, { holder }: { readonly holder: string }): Running {
  const { clock, log, metrics } = deps;
  let cancel: Cancel = () => undefined;
  const remind = (): void => {
    log.error('stream not followed: the provider refuses our token');
    cancel = clock.after(REMIND_MS, remind);
  };
  metrics.streamState('standby');
  const keeper = keepLease(deps, {
    name: FOLLOWER_LEASE,
    holder,
    run: async (term) => {
      log.info('following begun', { fence: term.fence });
      try {
        if ((await followTerm(deps, term)) === 'ended') return 'again';
      } finally {
        metrics.streamState('standby');
      }
      metrics.streamState('refused');
      remind();
      return 'enough';
    },
  });
  return {
    async stop() {
      const end = await endsWithin(clock, keeper.stop(), STOPS_WITHIN_MS);
      if (end === 'late') log.warn('following not stopped in time: its lease runs out');
      cancel();
    },
  };
}
