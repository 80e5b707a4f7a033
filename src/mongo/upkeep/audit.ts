/** Who changed what, when and why; rows are added, and never changed or taken away. */
import type { Connection } from 'mongoose';
import type { Audit } from '../../domain/access';
import type { AuditStore } from '../../flows/ports/upkeep-ports';
import { listing, readCursor } from '../cursor';
import { insertNew } from '../save';
import { storage } from '../storage-errors';
import { fromJson, recordsOf, toDate, toInstant, toJson } from '../stored-record';

type AuditRecord = Omit<Audit, 'id' | 'at' | 'before' | 'after'> & {
  /** In order of time. */
  _id: string;
  at: Date;
  /** JSON text. */
  before: string;
  after: string;
};

/** `write` keeps the first row under an id; `list` gives the newest first. */
export function createAuditStore(connection: Connection): AuditStore {
  const audit = recordsOf<AuditRecord>(connection, 'audit', {
    _id: String,
    at: Date,
    author: String,
    subject: String,
    region: String,
    action: String,
    reason: String,
    before: String,
    after: String,
  });
  return {
    write: (rows) =>
      storage(async () => {
        await insertNew(audit, rows.map(toRecord));
      }),
    list: ({ limit, cursor, subject, regions }) =>
      storage(async () => {
        const [last] = readCursor(cursor, 1) ?? [];
        const filter = {
          ...(last !== undefined && { _id: { $lt: last } }),
          ...(subject !== null && { subject }),
          ...(regions.length > 0 && { region: { $in: regions } }),
        };
        const found = await audit
          .find(filter)
          .sort({ _id: -1 })
          .limit(limit + 1)
          .lean();
        return listing(found, limit, { row: toDomain, key: ({ _id }) => [_id] });
      }),
  };
}

function toRecord({ id, at, before, after, ...row }: Audit): AuditRecord {
  return { _id: id, at: toDate(at), ...row, before: toJson(before), after: toJson(after) };
}

function toDomain({ _id, at, before, after, ...row }: AuditRecord): Audit {
  return { id: _id, at: toInstant(at), ...row, before: fromJson(before), after: fromJson(after) };
}
