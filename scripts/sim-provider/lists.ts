/**
 * Pages of transactions (oldest update first) and of units (by id), as `/v1` and `/sim` both show
 * them.
 */
import { toRfc3339, type Instant } from '../../src/domain/time';
import { transactionCursors, unitCursors } from './cursors';
import { toWireTransaction, toWireUnit } from './records';
import type { World } from './world';

interface ListQuery {
  readonly updatedAfter?: Instant | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export function transactionPage(
  { book }: World,
  query: ListQuery & { readonly unit?: string | undefined },
) {
  const from = query.cursor === undefined ? null : transactionCursors.read(query.cursor);
  const unit = from === null ? (query.unit ?? null) : from.u;
  const { rows, nextOrdinal } = book.transactions.page({
    unit,
    updatedAfter: query.updatedAfter ?? null,
    afterOrdinal: from?.o ?? null,
    limit: query.limit,
  });
  const next = nextOrdinal === null ? null : transactionCursors.write(nextOrdinal, unit);
  return { data: rows.map(toWireTransaction), next, time: toRfc3339(book.now()) };
}

export function unitPage({ book }: World, query: ListQuery) {
  const from = query.cursor === undefined ? null : unitCursors.read(query.cursor);
  const updatedAfter = from === null ? (query.updatedAfter ?? null) : (from.a as Instant | null);
  const { rows, nextId } = book.units.page({
    updatedAfter,
    afterId: from?.i ?? null,
    limit: query.limit,
  });
  const next = nextId === null ? null : unitCursors.write(nextId, updatedAfter);
  return { data: rows.map(toWireUnit), next, time: toRfc3339(book.now()) };
}
