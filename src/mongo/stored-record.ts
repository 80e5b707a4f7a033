/** How every record is kept: written durably, read as it is; knows no collection. */
import {
  Schema,
  type Connection,
  type Model,
  type PipelineStage,
  type SchemaDefinition,
  type UpdateWriteOpResult,
} from 'mongoose';
import type { Instant } from '../domain/time';
import { isDuplicate } from './storage-errors';

/** Acknowledged means durable: on a majority's disks. Stated here, whatever the address says. */
export const DURABLE = {
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: 4_000 },
} as const;

/** For updates that the database computes; values that came from outside stand in `$literal`. */
export const COMPUTED = { ...DURABLE, updatePipeline: true } as const;

const MOST_TRIES = 3;

/**
 * The records of one collection. They are read lean and written by updates, so the schema checks
 * and casts what is asked for and what is set; it fills in, hides and adds nothing. Stores of one
 * connection share it.
 */
export function recordsOf<Stored extends { _id: string }>(
  connection: Connection,
  collection: string,
  fields: SchemaDefinition,
): Model<Stored> {
  const known = connection.models[collection];
  if (known !== undefined) return known;
  const schema = new Schema<Stored>(fields as SchemaDefinition<Stored>, {
    versionKey: false,
    id: false,
    minimize: false,
    strict: 'throw',
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
  });
  return connection.model<Stored>(collection, schema, collection);
}

/** A part of a record; it has no id of its own. */
export function part(fields: SchemaDefinition): Schema {
  return new Schema(fields, { _id: false, id: false, minimize: false, strict: 'throw' });
}

/**
 * Inserts a record that is cleared away `forMs` later, by the database's own clock; false where
 * its id is taken.
 */
export async function insertUntil<Stored extends { _id: string; startedAt: Date; expireAt?: Date }>(
  records: Model<Stored>,
  record: Omit<Stored, 'expireAt'> & { _id: string },
  forMs: number,
): Promise<boolean> {
  const isNew = { $eq: [{ $type: '$startedAt' }, 'missing'] };
  const whole = { $mergeObjects: [{ $literal: record }, { expireAt: endsIn(forMs) }] };
  const done = await upsert(records, record._id, [
    { $replaceWith: { $cond: [isNew, whole, '$$ROOT'] } },
  ]);
  return done.upsertedCount === 1;
}

/**
 * One write that the database computes from what is stored. Two first writers may race to insert;
 * the one that comes second then finds what the first has written.
 */
export async function upsert<Stored extends { _id: string }>(
  records: Model<Stored>,
  id: string,
  update: Exclude<PipelineStage, PipelineStage.Merge | PipelineStage.Out>[],
): Promise<UpdateWriteOpResult> {
  return againAfterRace(() =>
    records.updateOne({ _id: id }, update, { ...COMPUTED, upsert: true }),
  );
}

/** Runs again what lost a race to insert; for writes that may be repeated without harm. */
export async function againAfterRace<Result>(write: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      if (!isDuplicate(error) || tries === MOST_TRIES) throw error;
    }
  }
}

/** `forMs` from now by the database's own clock. */
export const endsIn = (forMs: number) => ({
  $dateAdd: { startDate: '$$NOW', unit: 'millisecond', amount: forMs } as const,
});

/** Each field as it is: a computed update would take a text such as `$name` for a field. */
export function literal(fields: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, { $literal: value }]),
  );
}

/** JSON text keeps exactly what JSON can hold, whatever its keys. */
export const toJson = (value: unknown): string => JSON.stringify(value) ?? 'null';
export const fromJson = (text: string): unknown => JSON.parse(text) as unknown;

export const toDate = (at: Instant): Date => new Date(at);
export const toDateOrNull = (at: Instant | null): Date | null => (at === null ? null : toDate(at));
/**
 * Refuses none: what reckoning has made of sound instants may lie outside what a caller may name,
 * and a record that cannot be read stands in the way of every list and sweep.
 */
export const toInstant = (date: Date): Instant => date.getTime() as Instant;
export const toInstantOrNull = (date: Date | null | undefined): Instant | null =>
  date === null || date === undefined ? null : toInstant(date);
