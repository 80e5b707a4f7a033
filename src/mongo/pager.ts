/**
 * Pages through a collection in the order of a key, from after a given one; keeps cursors open
 * between pages, so that a sweep over all rows costs one walk of the index and not one for each
 * page: some engines look up every key behind the start before they give the first row.
 */
import type { mongo } from 'mongoose';
import { isCursorLost } from './storage-errors';

export interface PagerInput<Stored> {
  /** Rows in the order of their keys; `after` null = from the first. */
  readonly open: (after: string | null, batchSize: number) => mongo.FindCursor<Stored>;
  readonly keyOf: (row: Stored) => string;
}

/** Sweeps that may be under way at once without reopening each other's cursors. */
const MOST_KEPT = 4;
/**
 * A cursor may not show rows that are newer than itself, so it is not kept for ever; opening one
 * costs some engines a look at every key behind its start, so it is not opened often either.
 */
const MOST_PAGES = 400;

interface Kept<Stored> {
  readonly cursor: mongo.FindCursor<Stored>;
  pages: number;
}

/**
 * A kept cursor goes on only from the key at which it stopped. Starting anew closes those that
 * others left behind; a lost one (its server closed it) is opened again.
 */
export function createPager<Stored>(
  input: PagerInput<Stored>,
): (after: string | null, limit: number) => Promise<Stored[]> {
  const kept = new Map<string, Kept<Stored>>();
  const take = (after: string | null): Kept<Stored> | null => {
    if (after === null) {
      for (const { cursor } of kept.values()) void close(cursor);
      kept.clear();
      return null;
    }
    const found = kept.get(after) ?? null;
    kept.delete(after);
    return found;
  };
  const keep = (at: string, one: Kept<Stored>): void => {
    const [oldest] = kept;
    if (oldest !== undefined && kept.size >= MOST_KEPT) {
      kept.delete(oldest[0]);
      void close(oldest[1].cursor);
    }
    kept.set(at, one);
  };

  return async (after, limit) => {
    const open = (): Kept<Stored> => ({ cursor: input.open(after, limit), pages: 0 });
    const going = take(after);
    const { rows, one } = await readPage(going, open, limit);
    const last = rows.at(-1);
    one.pages += 1;
    if (last === undefined || rows.length < limit || one.pages >= MOST_PAGES) {
      await close(one.cursor);
    } else keep(input.keyOf(last), one);
    return rows;
  };
}

async function readPage<Stored>(
  going: Kept<Stored> | null,
  open: () => Kept<Stored>,
  limit: number,
): Promise<{ rows: Stored[]; one: Kept<Stored> }> {
  if (going !== null) {
    try {
      return { rows: await readRows(going.cursor, limit), one: going };
    } catch (error) {
      if (!isCursorLost(error)) throw error;
    }
  }
  const one = open();
  return { rows: await readRows(one.cursor, limit), one };
}

async function readRows<Stored>(
  cursor: mongo.FindCursor<Stored>,
  limit: number,
): Promise<Stored[]> {
  const rows: Stored[] = [];
  while (rows.length < limit && (await cursor.hasNext())) {
    for (const row of cursor.readBufferedDocuments(limit - rows.length)) rows.push(row);
  }
  return rows;
}

/** What cannot be closed any more is closed by its server. */
async function close(cursor: mongo.FindCursor<unknown>): Promise<void> {
  try {
    await cursor.close();
  } catch {
    return;
  }
}
