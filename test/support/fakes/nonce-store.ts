/** Nonces in memory, as the contract of NonceStore says. */
import type { Instant } from '../../../src/domain/time';
import type { NonceStore } from '../../../src/flows/ports/upkeep-ports';

const HELD_MS = 10 * 60_000;

export function createFakeNonceStore(): NonceStore {
  const claimedAt = new Map<string, Instant>();
  return {
    async claim(boxId, nonce, now) {
      const id = `${boxId}:${nonce}`;
      const before = claimedAt.get(id);
      if (before !== undefined && now - before < HELD_MS) return false;
      claimedAt.set(id, now);
      return true;
    },
  };
}
