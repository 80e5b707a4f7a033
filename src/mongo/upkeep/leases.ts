/** Leases by the database's clock, each with a number that only rises; does no work under them. */
import type { Connection, Model } from 'mongoose';
import type { LeaseStore } from '../../flows/ports/upkeep-ports';
import { storage } from '../storage-errors';
import { DURABLE, endsIn, recordsOf, upsert } from '../stored-record';

/** Never deleted, so that `fence` never falls. */
interface LeaseRecord {
  /** The lease's name. */
  _id: string;
  holder: string | null;
  until: Date;
  fence: number;
}

const LONG_AGO = new Date(0);

/**
 * Whoever takes a lease that is free (new, given back or run out, also by the same holder) gets a
 * number above all before; the holder that renews in time keeps its own. A process's clock counts
 * for nothing; on a sharded cluster `$$NOW` is the router's.
 */
export function createLeaseStore(connection: Connection): LeaseStore {
  const leases = recordsOf<LeaseRecord>(connection, 'leases', {
    _id: String,
    holder: String,
    until: Date,
    fence: Number,
  });
  return {
    take: (name, holder, forMs) =>
      storage(async () => {
        await takeOrRenew(leases, { name, holder, forMs });
        // What is read may be another's by now, and then the lease is lost indeed.
        const lease = await leases.findById(name).lean();
        return lease?.holder === holder ? { fence: lease.fence } : null;
      }),
    release: (name, holder) =>
      storage(async () => {
        const free = { $set: { holder: null, until: LONG_AGO } };
        await leases.updateOne({ _id: name, holder }, free, DURABLE);
      }),
  };
}

interface Taking {
  readonly name: string;
  readonly holder: string;
  readonly forMs: number;
}

/** One write that decides by itself, from what is stored and the database's time. */
async function takeOrRenew(leases: Model<LeaseRecord>, taking: Taking): Promise<void> {
  const holder = { $literal: taking.holder };
  const isFree = { $lte: [{ $ifNull: ['$until', LONG_AGO] }, '$$NOW'] };
  const isOurs = { $or: [isFree, { $eq: ['$holder', holder] }] };
  const set = {
    holder: { $cond: [isFree, holder, '$holder'] },
    until: { $cond: [isOurs, endsIn(taking.forMs), '$until'] },
    fence: { $cond: [isFree, { $add: [{ $ifNull: ['$fence', 0] }, 1] }, '$fence'] },
  };
  await upsert(leases, taking.name, [{ $set: set }]);
}
