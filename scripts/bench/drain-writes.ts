/** The writes between two states of a collection, as many as were made; writes nothing itself. */
import type { mongo } from 'mongoose';

export type Row = mongo.Document & { readonly _id: string; readonly rev?: number };

/** Writes of one kind, in the order in which they are to be made. */
export interface Writes {
  readonly name: string;
  readonly collection: string;
  readonly operations: readonly mongo.AnyBulkWriteOperation<Row>[];
}

type ById = ReadonlyMap<string, Row>;

/**
 * Each row as often as its `rev` rose, whole, by compare-and-set: the n-th time in the n-th list.
 */
export function replacements(collection: string, before: ById, after: ById): Writes[] {
  return steps(before, after).map((rows) => ({
    name: `${collection} replaced`,
    collection,
    operations: rows.map(({ row, rev }) => ({
      replaceOne: {
        filter: { _id: row._id, rev },
        replacement: { ...withoutId(row), rev: rev + 1 },
      },
    })),
  }));
}

export function insertionOf(collection: string, rows: readonly Row[]): Writes {
  const operations = rows.map((document) => ({ insertOne: { document } }));
  return { name: `${collection} inserted`, collection, operations };
}

/**
 * Some fields of rows: where rows have a `rev` that guards the fields, as often as it rose; else
 * once where the first of the fields has changed.
 */
export function settings(
  collection: string,
  before: ById,
  after: ById,
  fields: readonly [string, ...string[]],
): Writes[] {
  const [first] = fields;
  const name = `${collection} ${first} set`;
  const setOf = (row: Row): Record<string, unknown> =>
    Object.fromEntries(fields.flatMap((field) => (field in row ? [[field, row[field]]] : [])));
  if (first === 'cache') {
    return steps(before, after).map((rows) => ({
      name,
      collection,
      operations: rows.map(({ row, rev }) => ({
        updateOne: {
          filter: { _id: row._id, rev },
          update: { $set: { ...setOf(row), rev: rev + 1 } },
        },
      })),
    }));
  }
  const changed = [...after.values()].filter(
    (row) => JSON.stringify(row[first]) !== JSON.stringify(before.get(row._id)?.[first]),
  );
  const operations = changed.map((row) => ({
    updateOne: { filter: { _id: row._id }, update: { $set: setOf(row) } },
  }));
  return [{ name, collection, operations }];
}

interface Step {
  readonly row: Row;
  /** At which it is written. */
  readonly rev: number;
}

/**
 * The n-th list holds the rows that were written at least n times, those written most often first:
 * each list is a beginning of the one before it, so that slices of all of them name the same rows.
 */
function steps(before: ById, after: ById): Step[][] {
  const risen = [...after.values()].map((row) => {
    const from = before.get(row._id)?.rev ?? 0;
    return { row, from, times: (row.rev ?? from) - from };
  });
  const lists: Step[][] = [];
  for (const { row, from, times } of risen.sort((a, b) => b.times - a.times)) {
    for (let n = 0; n < times; n += 1) (lists[n] ??= []).push({ row, rev: from + n });
  }
  return lists;
}

function withoutId({ _id: _, ...rest }: Row): Omit<Row, '_id'> {
  return rest;
}
