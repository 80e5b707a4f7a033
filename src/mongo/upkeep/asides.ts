/** What could not be read, kept aside for a person; bounded, the oldest go first. */
import { randomUUID } from 'node:crypto';
import type { Connection, Model } from 'mongoose';
import { toRfc3339 } from '../../domain/time';
import type { Aside, AsideStore } from '../../flows/ports/upkeep-ports';
import { storage } from '../storage-errors';
import { DURABLE, recordsOf, toDate } from '../stored-record';

export interface AsideRecord {
  /** `<RFC 3339 instant>/<chance>/<place in its batch>`: in order of time. */
  _id: string;
  at: Date;
  from: Aside['from'];
  seq: number | null;
  fault: string;
  excerpt: string;
}

const MOST_KEPT = 10_000;
const MOST_CHARACTERS = 2000;

/** @param most Rows kept at most, counted after each write. */
export function createAsideStore(connection: Connection, most = MOST_KEPT): AsideStore {
  const asides = recordsOf<AsideRecord>(connection, 'asides', {
    _id: String,
    at: Date,
    from: String,
    seq: Number,
    fault: String,
    excerpt: String,
  });
  return {
    put: (rows) =>
      storage(async () => {
        if (rows.length === 0) return;
        const batch = randomUUID();
        const records = rows.slice(-most).map((row, place) => toRecord(row, `${batch}/${place}`));
        await asides.insertMany(records, { lean: true, ordered: false, ...DURABLE });
        await dropOldest(asides, most);
      }),
    count: () => storage(() => asides.countDocuments({})),
  };
}

/** Everything up to a place in the order goes, so that processes at work together do the same. */
async function dropOldest(asides: Model<AsideRecord>, most: number): Promise<void> {
  if ((await asides.estimatedDocumentCount()) <= most) return;
  const newestFirst = asides.find({}, { _id: 1 }).sort({ _id: -1 });
  const [gone] = await newestFirst.skip(most).limit(1).lean();
  if (gone !== undefined) await asides.deleteMany({ _id: { $lte: gone._id } }, DURABLE);
}

function toRecord({ at, from, seq, fault, excerpt }: Aside, mark: string): AsideRecord {
  return {
    _id: `${toRfc3339(at)}/${mark}`,
    at: toDate(at),
    from,
    seq,
    fault: fault.slice(0, MOST_CHARACTERS),
    excerpt: excerpt.slice(0, MOST_CHARACTERS),
  };
}
