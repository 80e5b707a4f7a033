/** What the sweeps repaired, or would repair, before and after; rows are added, never changed. */
import type { Connection } from 'mongoose';
import { parseRentalId, parseSweepId } from '../../domain/ids';
import type { Repair } from '../../domain/sweep';
import type { SweepStore } from '../../flows/ports/upkeep-ports';
import { listing, readCursor } from '../cursor';
import { insertNew } from '../save';
import { storage } from '../storage-errors';
import { fromJson, recordsOf, toDate, toInstant, toJson } from '../stored-record';

type RepairRecord = Omit<Repair, 'id' | 'sweepId' | 'rentalId' | 'at' | 'before' | 'after'> & {
  /** `<sweepId>/<rentalId>/<kind>`. */
  _id: string;
  sweepId: string;
  rentalId: string;
  at: Date;
  /** JSON text. */
  before: string;
  after: string;
};

/** The id of a sweep holds no slash, so that this sorts right behind every repair of it. */
const BEHIND_SLASH = '0';

/** `repairs` gives those of one run in order of rental. */
export function createRepairs(connection: Connection): Pick<SweepStore, 'record' | 'repairs'> {
  const repairs = recordsOf<RepairRecord>(connection, 'repairs', {
    _id: String,
    sweepId: String,
    rentalId: String,
    kind: String,
    at: Date,
    before: String,
    after: String,
  });
  return {
    record: (rows) =>
      storage(async () => {
        await insertNew(repairs, rows.map(toRecord));
      }),
    repairs: (id, { limit, cursor }) =>
      storage(async () => {
        const [last = `${id}/`] = readCursor(cursor, 1) ?? [];
        const found = await repairs
          .find({ _id: { $gt: last, $lt: `${id}${BEHIND_SLASH}` } })
          .sort({ _id: 1 })
          .limit(limit + 1)
          .lean();
        return listing(found, limit, { row: toDomain, key: ({ _id }) => [_id] });
      }),
  };
}

function toRecord({ id, at, before, after, ...row }: Repair): RepairRecord {
  return { _id: id, ...row, at: toDate(at), before: toJson(before), after: toJson(after) };
}

function toDomain({ _id, at, before, after, ...row }: RepairRecord): Repair {
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
