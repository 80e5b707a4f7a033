/**
 * What the sweeps repaired, or would repair, before and after; a row that was recorded never
 * changes, one that was only planned gives way to it.
 */
import type { Connection, Model } from 'mongoose';
import { parseRentalId, parseSweepId } from '../../domain/ids';
import type { Repair } from '../../domain/sweep';
import type { SweepStore } from '../../flows/ports/upkeep-ports';
import { listing, readCursor } from '../cursor';
import { insertNew } from '../save';
import { storage } from '../storage-errors';
import { DURABLE, fromJson, recordsOf, toDate, toInstant, toJson } from '../stored-record';

type RepairRecord = Omit<Repair, 'id' | 'sweepId' | 'rentalId' | 'at' | 'before' | 'after'> & {
  /** `<sweepId>/<rentalId>/<kind>`. */
  _id: string;
  sweepId: string;
  rentalId: string;
  at: Date;
  /** JSON text. */
  before: string;
  after: string;
  /** Not made yet, or nobody came back to say so. */
  planned?: true;
};

/** The id of a sweep holds no slash, so that this sorts right behind every repair of it. */
const BEHIND_SLASH = '0';

/** `repairs` gives those of one run in order of rental. */
export function createRepairs(
  connection: Connection,
): Pick<SweepStore, 'plan' | 'unplan' | 'record' | 'repairs'> {
  const repairs = recordsOf<RepairRecord>(connection, 'repairs', {
    _id: String,
    sweepId: String,
    rentalId: String,
    kind: String,
    at: Date,
    before: String,
    after: String,
    planned: Boolean,
  });
  return {
    plan: (row) =>
      storage(async () => {
        const record = { ...toRecord(row), planned: true as const };
        const isNew = (await insertNew(repairs, [record])).has(row.id);
        if (!isNew) await replacePlanned(repairs, record);
      }),
    unplan: (id) =>
      storage(async () => {
        await repairs.deleteOne({ _id: id, planned: true }, DURABLE);
      }),
    record: (rows) =>
      storage(async () => {
        const records = rows.map(toRecord);
        const added = await insertNew(repairs, records);
        const known = records.filter((record) => !added.has(record._id));
        for (const record of known) await replacePlanned(repairs, record);
      }),
    repairs: (id, { limit, cursor }) =>
      storage(async () => {
        const start = `${id}/`;
        const [last = start] = readCursor(cursor, 1) ?? [];
        // Whoever asks may write a cursor by hand: it begins nowhere but within this run.
        const found = await repairs
          .find({ _id: { $gt: last, $gte: start, $lt: `${id}${BEHIND_SLASH}` } })
          .sort({ _id: 1 })
          .limit(limit + 1)
          .lean();
        return listing(found, limit, { row: toDomain, key: ({ _id }) => [_id] });
      }),
  };
}

async function replacePlanned(repairs: Model<RepairRecord>, record: RepairRecord): Promise<void> {
  const { _id, ...set } = record;
  const unset = record.planned === undefined ? { $unset: { planned: 1 as const } } : {};
  await repairs.updateOne({ _id, planned: true }, { $set: set, ...unset }, DURABLE);
}

function toRecord({ id, at, before, after, ...row }: Repair): RepairRecord {
  return { _id: id, ...row, at: toDate(at), before: toJson(before), after: toJson(after) };
}

function toDomain({ _id, at, before, after, planned: _planned, ...row }: RepairRecord): Repair {
  return {
    ...row,
    id: _id,
    sweepId: parseSweepId(row.sweepId),
    rentalId: parseRentalId(row.rentalId),
    before: fromJson(before) as Repair['before'],
    after: fromJson(after) as Repair['after'],
    at: toInstant(at),
  };
}
