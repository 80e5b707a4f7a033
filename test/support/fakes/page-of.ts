/** Pages through a fake's rows as a store would: by a key that tells every row from every other. */
import type { Listing, ListInput } from '../../../src/flows/ports/money-ports';

/** `rows` in their order; `keyOf` must be unique, and `next` is the key of the last row given. */
export function pageOf<Row>(
  rows: readonly Row[],
  { limit, cursor }: ListInput,
  keyOf: (row: Row) => string,
): Listing<Row> {
  const start = cursor === null ? 0 : rows.findIndex((row) => keyOf(row) === cursor) + 1;
  const page = rows.slice(start, start + limit);
  const last = page.at(-1);
  const isEnd = last === undefined || start + limit >= rows.length;
  return { rows: structuredClone(page), next: isEnd ? null : keyOf(last) };
}

/** Binary order, as the database sorts. */
export const binary = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
