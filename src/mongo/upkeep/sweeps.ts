/** The runs of the sweeps: begun once, moved on under their lease, found again; repairs nothing. */
import type { Connection, Model } from 'mongoose';
import { parseSweepId } from '../../domain/ids';
import type { Sweep, SweepKind } from '../../domain/sweep';
import { DAY_MS } from '../../domain/time';
import type { SweepProgress, SweepStore } from '../../flows/ports/upkeep-ports';
import { before, listing, readTimeCursor, type Key } from '../cursor';
import { createRepairs } from './repairs';
import { insertNew } from '../save';
import { createSchedules } from './schedules';
import { storage } from '../storage-errors';
import {
  DURABLE,
  insertUntil,
  part,
  recordsOf,
  toDate,
  toDateOrNull,
  toInstant,
  toInstantOrNull,
} from '../stored-record';

type SweepRecord = Omit<Sweep, 'id' | 'regions' | 'dueAt' | 'startedAt' | 'finishedAt'> & {
  _id: string;
  regions: string[];
  dueAt: Date | null;
  startedAt: Date;
  finishedAt: Date | null;
  /** Runs of `settle` come each minute and are cleared away after a week; the others stay. */
  expireAt?: Date;
};

const SETTLE_KEPT_MS = 7 * DAY_MS;
const UNFINISHED = ['running', 'incomplete'] as const;
const MOST_UNFINISHED = 50;
/** Before every instant that a schedule could want. */
const NO_DATE = new Date(0);

export function createSweepStore(connection: Connection): SweepStore {
  const sweeps = sweepRecords(connection);
  const one = async (found: Promise<SweepRecord | null>): Promise<Sweep | null> => {
    const record = await found;
    return record === null ? null : toDomain(record);
  };

  return {
    begin: (sweep) => storage(() => begin(sweeps, toRecord({ ...sweep, rev: 1 }))),
    get: (id) => storage(() => one(sweeps.findById(id).lean().exec())),
    progress: (id, fence, change) =>
      storage(async () => {
        const update = { $set: { ...changed(change), fence }, $inc: { rev: 1 } };
        const done = await sweeps.updateOne({ _id: id, fence: { $lte: fence } }, update, DURABLE);
        return done.matchedCount === 1;
      }),
    unfinished: (kind) =>
      storage(async () => [
        ...(await unfinished(sweeps, { kind, dueAt: { $gt: NO_DATE } })),
        ...(await unfinished(sweeps, { kind, dueAt: null })),
      ]),
    latest: (kind: SweepKind) =>
      storage(() => {
        const whole = sweeps.findOne({ kind, rentalId: null });
        return one(whole.sort({ startedAt: -1, _id: -1 }).lean().exec());
      }),
    list: ({ limit, cursor, regions }) =>
      storage(async () => {
        const found = await sweeps
          .find({ ...before('startedAt', readTimeCursor(cursor)), ...within(regions) })
          .sort({ startedAt: -1, _id: -1 })
          .limit(limit + 1)
          .lean();
        const key = (record: SweepRecord): Key => [record.startedAt.toISOString(), record._id];
        return listing(found, limit, { row: toDomain, key });
      }),
    ...createRepairs(connection),
    ...createSchedules(connection),
  };
}

async function begin(sweeps: Model<SweepRecord>, record: SweepRecord): Promise<boolean> {
  if (record.kind === 'settle') return insertUntil(sweeps, record, SETTLE_KEPT_MS);
  return (await insertNew(sweeps, [record])).has(record._id);
}

/** One status at a time: with several, the embedded engine would read the whole collection. */
async function unfinished(
  sweeps: Model<SweepRecord>,
  wanted: { readonly kind: SweepKind; readonly dueAt: { readonly $gt: Date } | null },
): Promise<Sweep[]> {
  const found = await Promise.all(
    UNFINISHED.map((status) =>
      sweeps
        .find({ ...wanted, status })
        .sort({ startedAt: 1, _id: 1 })
        .limit(MOST_UNFINISHED)
        .lean(),
    ),
  );
  return found
    .flat()
    .map(toDomain)
    .sort((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_UNFINISHED);
}

/** A key that is limited to regions sees the runs that went no further. */
function within(regions: readonly string[]) {
  if (regions.length === 0) return {};
  const reachesNoFurther = { $ne: [], $not: { $elemMatch: { $nin: regions } } };
  return {
    $and: [{ $or: [{ region: { $in: regions } }, { region: null, regions: reachesNoFurther }] }],
  };
}

function changed({ finishedAt, ...change }: SweepProgress) {
  return { ...change, ...(finishedAt !== undefined && { finishedAt: toDateOrNull(finishedAt) }) };
}

function sweepRecords(connection: Connection): Model<SweepRecord> {
  return recordsOf<SweepRecord>(connection, 'sweeps', {
    _id: String,
    rev: Number,
    kind: String,
    dryRun: Boolean,
    region: String,
    regions: [String],
    rentalId: String,
    status: String,
    dueAt: Date,
    author: String,
    startedAt: Date,
    finishedAt: Date,
    counts: part({ compared: Number, repaired: Number, breaks: Number, failed: Number }),
    cursor: String,
    fence: Number,
    fault: String,
    expireAt: Date,
  });
}

function toRecord({ id, regions, dueAt, startedAt, finishedAt, ...sweep }: Sweep): SweepRecord {
  return {
    ...sweep,
    _id: id,
    regions: [...regions],
    dueAt: toDateOrNull(dueAt),
    startedAt: toDate(startedAt),
    finishedAt: toDateOrNull(finishedAt),
  };
}

function toDomain(record: SweepRecord): Sweep {
  const { _id, dueAt, startedAt, finishedAt, expireAt: _expireAt, ...sweep } = record;
  return {
    ...sweep,
    id: parseSweepId(_id),
    dueAt: toInstantOrNull(dueAt),
    startedAt: toInstant(startedAt),
    finishedAt: toInstantOrNull(finishedAt),
  };
}
