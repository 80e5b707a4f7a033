/** A collection as the money stores use it, and the shape in which a domain value is kept in it. */
import type { Connection, Model, mongo, SchemaDefinition } from 'mongoose';
import type { Instant } from '../domain/time';
import { recordsOf } from './stored-record';

/**
 * A domain value as BSON holds it: instants are dates, and nothing else changes. A record type made
 * with it will not compile while an instant of the domain is forgotten in its translators.
 */
export type Kept<Value> = Value extends Instant
  ? Date
  : Value extends string | number | boolean | null | undefined
    ? Value
    : Value extends readonly (infer Item)[]
      ? Kept<Item>[]
      : Value extends object
        ? { [Name in keyof Value]: Kept<Value[Name]> }
        : Value;

/** Answers that are wanted whole: in one round trip, where the driver's own batches take two. */
export const WHOLE = { batchSize: 5_000 } as const;

/** Reads what is wanted; where nothing is, the database is not asked. */
export async function whereAny<Wanted, Row>(
  wanted: readonly Wanted[],
  read: (wanted: Wanted[]) => Promise<Row[]>,
): Promise<Row[]> {
  return wanted.length === 0 ? [] : read([...wanted]);
}

export interface Table<Stored extends { _id: string }> {
  readonly model: Model<Stored>;
  /** The driver's own collection: rows as they are stored, with nothing made around them. */
  readonly rows: mongo.Collection<Stored>;
}

/** @param fields those that the store asks for; the rest of a row is shaped by its record type. */
export function tableOf<Stored extends { _id: string }>(
  connection: Connection,
  collection: string,
  fields: SchemaDefinition,
): Table<Stored> {
  const known = connection.models[collection] as unknown as Model<Stored> | undefined;
  const model = known ?? recordsOf<Stored>(connection, collection, fields);
  return { model, rows: model.collection as unknown as mongo.Collection<Stored> };
}
