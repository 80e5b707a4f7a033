/** Nonces in memory, as the contract of NonceStore says. */
import type { Instant } from '../../../src/domain/time';
import { NONCE_HELD_MS } from '../../../src/flows/inworld/admit-call';
import type { NonceStore } from '../../../src/flows/ports/upkeep-ports';

export function createFakeNonceStore(): NonceStore {
  const claimedAt = new Map<string, Instant>();
  return {
    async claim(boxId, nonce, now) {
      const id = `${boxId}:${nonce}`;
      const before = claimedAt.get(id);
      if (before !== undefined && now - before < NONCE_HELD_MS) return false;
      claimedAt.set(id, now);
      return true;
    },
  };
}
