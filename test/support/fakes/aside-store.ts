/** What was kept aside, in memory, as the contract of AsideStore says. */
import type { Aside, AsideStore } from '../../../src/flows/ports/upkeep-ports';

/** @param most Rows kept at most; the oldest go first. */
export function createFakeAsideStore(
  most = 10_000,
): AsideStore & { rows(): Promise<readonly Aside[]> } {
  let kept: Aside[] = [];
  return {
    async put(rows) {
      kept = [...kept, ...structuredClone(rows)].sort((a, b) => a.at - b.at).slice(-most);
    },
    count: async () => kept.length,
    rows: async () => structuredClone(kept),
  };
}
