/** The follower's place in memory, as the contract of FollowerStore says. */
import type { FollowerState, FollowerStore } from '../../../src/flows/ports/upkeep-ports';

export function createFakeFollowerStore(): FollowerStore {
  let state: FollowerState = { streams: [], seq: null, horizon: null };
  let highest = Number.NEGATIVE_INFINITY;
  return {
    read: async () => structuredClone(state),
    async write(next, fence) {
      if (fence < highest) return false;
      highest = fence;
      state = structuredClone(next);
      return true;
    },
  };
}
