/** Nonces whose calls may still be in time, for all processes; checks no signature. */
import type { Connection } from 'mongoose';
import { NONCE_HELD_MS } from '../../flows/inworld/admit-call';
import type { NonceStore } from '../../flows/ports/upkeep-ports';
import { storage } from '../storage-errors';
import { endsIn, recordsOf, upsert } from '../stored-record';

interface NonceRecord {
  /** `<boxId>:<nonce>`. */
  _id: string;
  at: Date;
  expireAt: Date;
}

/** One write: whether the nonce is free is decided by the write that takes it. */
export function createNonceStore(connection: Connection): NonceStore {
  const nonces = recordsOf<NonceRecord>(connection, 'nonces', {
    _id: String,
    at: Date,
    expireAt: Date,
  });
  return {
    claim: (boxId, nonce, now) =>
      storage(async () => {
        const isFree = { $lte: ['$at', new Date(now - NONCE_HELD_MS)] };
        const set = {
          at: { $cond: [isFree, new Date(now), '$at'] },
          expireAt: { $cond: [isFree, endsIn(NONCE_HELD_MS), '$expireAt'] },
        };
        const taken = await upsert(nonces, `${boxId}:${nonce}`, [{ $set: set }]);
        return taken.upsertedCount + taken.modifiedCount === 1;
      }),
  };
}
