/**
 * Each tenant's time on a rental, by compare-and-set; which payments belong to it is not said
 * here.
 */
import type { Connection, mongo } from 'mongoose';
import type { TenancyId } from '../../domain/ids';
import type { Tenancy, TenancyStart } from '../../domain/ledger/tenancy';
import type { TenancyStore } from '../../flows/ports/money-ports';
import { saveRecords } from '../save';
import { storage } from '../storage-errors';
import { toDate, toDateOrNull, toInstant, toInstantOrNull } from '../stored-record';
import { tableOf, whereAny, WHOLE, type Kept } from '../table';

type TenancyRecord = Omit<Kept<Tenancy>, 'id'> & { _id: TenancyId };

export function createTenancyStore(connection: Connection): TenancyStore {
  const { model, rows } = tableOf<TenancyRecord>(connection, 'tenancies', {
    _id: String,
    rev: Number,
    rentalId: String,
  });
  const find = async (filter: mongo.Filter<TenancyRecord>): Promise<Tenancy[]> =>
    (await rows.find(filter, WHOLE).toArray()).map(toTenancy);
  return {
    ofRentals: (ids) => storage(() => whereAny(ids, ($in) => find({ rentalId: { $in } }))),
    get: (ids) => storage(() => whereAny(ids, ($in) => find({ _id: { $in } }))),
    save: (tenancies) => storage(() => saveRecords(model, tenancies.map(toTenancyRecord))),
  };
}

function toTenancyRecord({ id, start, endedAt, ...rest }: Tenancy): TenancyRecord {
  return { ...rest, _id: id, start: toStartRecord(start), endedAt: toDateOrNull(endedAt) };
}

function toStartRecord(start: TenancyStart): Kept<TenancyStart> {
  switch (start.by) {
    case 'payments':
      return start;
    case 'manager':
      return { ...start, at: toDate(start.at) };
    case 'opening':
      return { ...start, at: toDate(start.at), importedAt: toDate(start.importedAt) };
  }
}

function toTenancy({ _id, start, endedAt, ...rest }: TenancyRecord): Tenancy {
  return { ...rest, id: _id, start: toStart(start), endedAt: toInstantOrNull(endedAt) };
}

function toStart(start: Kept<TenancyStart>): TenancyStart {
  switch (start.by) {
    case 'payments':
      return start;
    case 'manager':
      return { ...start, at: toInstant(start.at) };
    case 'opening':
      return { ...start, at: toInstant(start.at), importedAt: toInstant(start.importedAt) };
  }
}
