/** Spares questions about very many subjects where a sparse index holds few rows; reads no row. */
import type { mongo } from 'mongoose';
import { WHOLE } from './table';

/** From so many subjects on, one look at the whole index is cheaper than a look for each. */
const MANY = 100;
/** On most days fewer rows than this are open in a whole estate. */
const FEW = 100;

/**
 * Those of `wanted` that rows with this field (a text, or a list of texts) name; all of them while
 * there are too many rows to say. `field` must begin a sparse index.
 */
export async function narrowWanted<Stored extends { readonly _id: string }, Wanted extends string>(
  rows: mongo.Collection<Stored>,
  field: string & keyof Stored,
  wanted: readonly Wanted[],
): Promise<readonly Wanted[]> {
  if (wanted.length < MANY) return wanted;
  // A range, since no engine asks an index whether a field exists; every text is above it.
  const filter = { [field]: { $gt: '' } } as mongo.Filter<Stored>;
  const options = { ...WHOLE, projection: { _id: 0, [field]: 1 }, limit: FEW + 1 };
  const found = await rows.find<Record<string, string | string[]>>(filter, options).toArray();
  if (found.length > FEW) return wanted;
  const named = new Set<string>(found.flatMap((row) => row[field] ?? []));
  return wanted.filter((one) => named.has(one));
}
