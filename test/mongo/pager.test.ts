/** Checks that a walk through a collection goes on when its cursor is lost, and sees news. */
import type { mongo } from 'mongoose';
import { createPager } from '../../src/mongo/pager';
import { withDatabase, type TestDatabase } from '../support/database';

interface Row {
  readonly _id: string;
}

const ROWS = 410;

let database: TestDatabase;
let opened: mongo.FindCursor<Row>[];
let page: (after: string | null, limit: number) => Promise<Row[]>;

const idOf = (n: number): string => `row-${String(n).padStart(4, '0')}`;
const last = (rows: readonly Row[]): string => rows.at(-1)!._id;

beforeEach(async () => {
  database = await withDatabase();
  const rows = database.connection.collection('rows') as unknown as mongo.Collection<Row>;
  await rows.insertMany(Array.from({ length: ROWS }, (_, n) => ({ _id: idOf(n) })));
  opened = [];
  page = createPager<Row>({
    open: (after, batchSize) => {
      const cursor = rows.find({ _id: { $gt: after ?? '' } }, { sort: { _id: 1 }, batchSize });
      opened.push(cursor);
      return cursor;
    },
    keyOf: (row) => row._id,
  });
});
afterEach(() => database.drop());

describe('a walk page by page', () => {
  it('gives every row once, by one cursor', async () => {
    const seen: Row[] = [];
    for (let after: string | null = null; ; after = last(seen)) {
      const rows = await page(after, 30);
      seen.push(...rows);
      if (rows.length < 30) break;
    }
    expect(seen.map(({ _id }) => _id)).toEqual(Array.from({ length: ROWS }, (_, n) => idOf(n)));
    expect(opened).toHaveLength(1);
    expect(opened[0]!.closed).toBe(true);
  });

  it('goes on where it was when the server has closed its cursor', async () => {
    const first = await page(null, 30);
    const { id } = opened[0]!;
    await database.connection.db!.command({ killCursors: 'rows', cursors: [id] });
    const second = await page(last(first), 30);
    expect(second.map(({ _id }) => _id)).toEqual(
      Array.from({ length: 30 }, (_, n) => idOf(n + 30)),
    );
    expect(opened).toHaveLength(2);
  });

  it('takes pages of any size on its way', async () => {
    const first = await page(null, 7);
    const second = await page(last(first), 100);
    expect(last(second)).toBe(idOf(106));
    expect(last(await page(last(second), 3))).toBe(idOf(109));
    expect(opened).toHaveLength(1);
  });

  it('begins anew from the start, and keeps few cursors of walks that were given up', async () => {
    for (let walk = 0; walk < 6; walk += 1) await page(idOf(walk * 10), 5);
    expect(opened.filter((cursor) => !cursor.closed).length).toBeLessThanOrEqual(4);
    await page(null, 5);
    expect(opened.filter((cursor) => !cursor.closed)).toHaveLength(1);
  });

  it('does not keep one cursor for ever: rows that are new may hide from it', async () => {
    let after: string | null = null;
    for (let n = 0; n < ROWS; n += 1) after = last(await page(after, 1));
    expect(after).toBe(idOf(ROWS - 1));
    expect(opened.length).toBeGreaterThan(1);
  });
});
