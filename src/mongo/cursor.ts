/** Cursors of paged lists: where the last row stood, made opaque; reads no rows itself. */
import { RefusedValue } from '../domain/brand';
import type { Listing } from '../flows/ports/money-ports';

/** The key of the last row on a page, its parts from the most significant on. */
export type Key = readonly string[];

/** @throws RefusedValue where the text is no cursor of a list whose keys have `parts` parts. */
export function readCursor(cursor: string | null, parts: number): Key | null {
  if (cursor === null) return null;
  const key = parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  const isKey = Array.isArray(key) && key.length === parts;
  if (!isKey || !key.every((part) => typeof part === 'string')) throw malformed();
  return key;
}

/** @throws RefusedValue as `readCursor`, and where the first part is no instant. */
export function readTimeCursor(cursor: string | null): { at: Date; id: string } | null {
  const key = readCursor(cursor, 2);
  if (key === null) return null;
  const [time = '', id = ''] = key;
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) throw malformed();
  return { at, id };
}

/** Filter for what comes after `last` where the newest come first, by `field` and then by id. */
export function before(field: string, last: { at: Date; id: string } | null) {
  if (last === null) return {};
  return {
    [field]: { $lte: last.at },
    $or: [{ [field]: { $lt: last.at } }, { _id: { $lt: last.id } }],
  };
}

/** A page of `limit` from rows read with one more, which says whether there are further. */
export function listing<Stored, Row>(
  found: readonly Stored[],
  limit: number,
  { row, key }: { readonly row: (one: Stored) => Row; readonly key: (one: Stored) => Key },
): Listing<Row> {
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const isEnd = last === undefined || found.length <= limit;
  return { rows: page.map(row), next: isEnd ? null : writeCursor(key(last)) };
}

const writeCursor = (key: Key): string =>
  Buffer.from(JSON.stringify(key), 'utf8').toString('base64url');

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed();
  }
}

const malformed = (): RefusedValue => new RefusedValue('This is not a cursor that a list gave.');
