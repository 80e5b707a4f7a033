/** Outside references in memory, as the contract of ReferenceStore says. */
import type { ReferenceStore } from '../../../src/flows/ports/upkeep-ports';

export function createFakeReferenceStore(): ReferenceStore {
  const claims = new Map<string, { type: string; reference: string; by: string }>();
  return {
    async claim(type, reference, by) {
      const id = `${type}:${reference}`;
      const holder = claims.get(id)?.by ?? by;
      claims.set(id, { type, reference, by: holder });
      return holder === by;
    },
    find: async (wanted) =>
      [...claims]
        .filter(([id, { reference }]) => id === wanted || reference === wanted)
        .map(([, { type, by }]) => ({ type, by })),
  };
}
