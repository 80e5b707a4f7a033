/** Finds rows, and spares sending those that the caller has already; what is wanted, it says. */
import type { mongo } from 'mongoose';
import { WHOLE } from './table';

/**
 * Where some are known, ids are asked for first: a settle finds again mostly what it has read, and
 * rows are many times as long as their ids.
 */
export async function findUnknown<Stored extends { readonly _id: string }>(
  rows: mongo.Collection<Stored>,
  filter: mongo.Filter<Stored>,
  {
    known,
    limit,
  }: { readonly known?: ReadonlySet<Stored['_id']> | undefined; readonly limit?: number },
): Promise<mongo.WithId<Stored>[]> {
  const options = { ...WHOLE, ...(limit !== undefined && { limit }) };
  if (known === undefined || known.size === 0) return rows.find(filter, options).toArray();
  const found = await rows.find(filter, { ...options, projection: { _id: 1 } }).toArray();
  const unknown = found.map(({ _id }) => _id).filter((id) => !known.has(id));
  if (unknown.length === 0) return [];
  return rows.find({ _id: { $in: unknown } } as mongo.Filter<Stored>, WHOLE).toArray();
}
