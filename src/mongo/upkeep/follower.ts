/** Where the follower of the status stream stands; one record, written under a lease alone. */
import type { Connection } from 'mongoose';
import { parseStreamId } from '../../domain/ids';
import type { FollowerState, FollowerStore } from '../../flows/ports/upkeep-ports';
import { insertNew } from '../save';
import { storage } from '../storage-errors';
import { DURABLE, recordsOf, toDateOrNull, toInstantOrNull } from '../stored-record';

interface FollowerRecord {
  _id: string;
  streams: string[];
  seq: number | null;
  horizon: Date | null;
  /** The highest lease number that ever wrote. */
  fence: number;
}

const ONE = 'stream';

export function createFollowerStore(connection: Connection): FollowerStore {
  const follower = recordsOf<FollowerRecord>(connection, 'follower', {
    _id: String,
    streams: [String],
    seq: Number,
    horizon: Date,
    fence: Number,
  });
  /** The filter itself refuses an older fence. */
  const overwrite = async (record: FollowerRecord): Promise<boolean> => {
    const { _id, fence, ...state } = record;
    const filter = { _id, fence: { $lte: fence } };
    const done = await follower.updateOne(filter, { $set: { ...state, fence } }, DURABLE);
    return done.matchedCount === 1;
  };

  return {
    read: () => storage(async () => toDomain(await follower.findById(ONE).lean())),
    write: (state, fence) =>
      storage(async () => {
        const record = toRecord(state, fence);
        if (await overwrite(record)) return true;
        if ((await insertNew(follower, [record])).has(ONE)) return true;
        // Either a higher fence stands there, or another wrote first: ask the filter again.
        return overwrite(record);
      }),
  };
}

function toRecord({ streams, seq, horizon }: FollowerState, fence: number): FollowerRecord {
  return { _id: ONE, streams: [...streams], seq, horizon: toDateOrNull(horizon), fence };
}

function toDomain(record: FollowerRecord | null): FollowerState {
  if (record === null) return { streams: [], seq: null, horizon: null };
  return {
    streams: record.streams.map(parseStreamId),
    seq: record.seq,
    horizon: toInstantOrNull(record.horizon),
  };
}
