/** Reads the rows of many groups in few round trips; which of them are wanted, the caller says. */
import type { mongo } from 'mongoose';
import type { GroupQuery } from '../flows/ports/money-ports';
import { slotFilters } from './group-slots';
import { findUnknown } from './find-unknown';

const MOST_SLOTS_AT_ONCE = 1_000;
const MOST_ROWS_OF_A_QUERY = 2_000;

interface Slotted {
  readonly _id: string;
  readonly slot?: string;
}

export async function readSlots<Stored extends Slotted>(
  rows: mongo.Collection<Stored>,
  queries: readonly GroupQuery[],
  options: {
    readonly untimed: 'with' | 'without';
    /** Rows that need not be answered. */
    readonly known?: ReadonlySet<Stored['_id']>;
  },
): Promise<mongo.WithId<Stored>[]> {
  const { known } = options;
  const { slots, ranges } = slotFilters(queries, options);
  const filters: object[] = ranges.map(([from, to]) => ({ $gte: from, $lte: to }));
  for (let at = 0; at < slots.length; at += MOST_SLOTS_AT_ONCE) {
    filters.push({ $in: slots.slice(at, at + MOST_SLOTS_AT_ONCE) });
  }
  const limit = MOST_ROWS_OF_A_QUERY * queries.length;
  const found = await Promise.all(
    filters.map((slot) => findUnknown(rows, { slot }, { known, limit })),
  );
  return uniqueRows(found.flat());
}

/** A row whose slot is asked for singly and within a range comes twice. */
function uniqueRows<Stored extends { readonly _id: unknown }>(found: readonly Stored[]): Stored[] {
  return [...new Map(found.map((row) => [row._id, row])).values()];
}
