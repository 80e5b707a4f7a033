/** Requests with an idempotency key in memory, as the contract of RequestStore says. */
import type { KeptRequest, RequestStore } from '../../../src/flows/ports/upkeep-ports';

const KEPT_MS = 7 * 86_400_000;

export function createFakeRequestStore(): RequestStore {
  const kept = new Map<string, KeptRequest>();
  return {
    async begin({ id, content, now, staleMs }) {
      const found = kept.get(id);
      const ageMs = found === undefined ? 0 : now - found.startedAt;
      const isTaken = found !== undefined && ageMs <= KEPT_MS;
      if (isTaken && found.content !== content) return { kind: 'other-content' };
      if (isTaken && found.answer !== null) {
        return { kind: 'answered', ...structuredClone(found.answer) };
      }
      if (isTaken && ageMs <= staleMs) return { kind: 'running' };
      kept.set(id, { id, content, startedAt: now, answer: null });
      return { kind: 'mine' };
    },
    async finish(id, answer) {
      const found = kept.get(id);
      if (found?.answer === null) kept.set(id, { ...found, answer: structuredClone(answer) });
    },
    async drop(id) {
      if (kept.get(id)?.answer === null) kept.delete(id);
    },
  };
}
