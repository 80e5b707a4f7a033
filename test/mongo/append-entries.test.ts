/** Checks that a ledger has no gap wherever the process that appends to it dies. */
import type { mongo } from 'mongoose';
import type { EntryDraft } from '../../src/domain/ledger/entry';
import { parseRentalId, tenancyId, type TenancyId } from '../../src/domain/ids';
import { appendEntries } from '../../src/mongo/money/append-entries';
import { createEntryStore } from '../../src/mongo/money/entries';
import { entryTable, type EntryRecord } from '../../src/mongo/money/entry-record';
import { ensureIndexes } from '../../src/mongo/indexes';
import { MONEY_INDEXES } from '../../src/mongo/money/money-indexes';
import type { Table } from '../../src/mongo/table';
import { draftOf } from '../contract/money-rows';
import { withDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await withDatabase();
  await ensureIndexes(database.connection, MONEY_INDEXES);
});
afterAll(() => database.drop());

const KILLED = new Error('killed');

/** A table whose writer dies after `writes` inserts more, with `rows` of the last one in. */
function dying(table: Table<EntryRecord>, after: { writes: number; rows: number }) {
  let left = after.writes;
  const insertMany = async (
    records: readonly EntryRecord[],
    options: mongo.BulkWriteOptions,
  ): Promise<unknown> => {
    if (left === 0) {
      if (after.rows > 0) await table.rows.insertMany(records.slice(0, after.rows), options);
      throw KILLED;
    }
    left -= 1;
    return table.rows.insertMany([...records], options);
  };
  const rows = new Proxy(table.rows, {
    get: (target, name) => {
      if (name === 'insertMany') return insertMany;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { ...table, rows };
}

describe('a process that dies while it appends', () => {
  let runs = 0;
  /** Three tenancies of their own for each run, with three entries waiting for each. */
  const prepare = (): { tenancies: TenancyId[]; drafts: EntryDraft[] } => {
    runs += 1;
    const tenancies = [1, 2, 3].map((n) => tenancyId(parseRentalId(`r_run${runs}`), n));
    const drafts = [1, 2, 3].flatMap((n) =>
      tenancies.map((tenancy) => draftOf(`tx:${n}`, { tenancyId: tenancy })),
    );
    return { tenancies, drafts };
  };
  const whole = Array.from({ length: 10 }, (_, rows) => ({ writes: 0, rows }));
  const afterRace = [0, 1, 2, 3].map((rows) => ({ writes: 1, rows }));

  it.each([...whole, ...afterRace])('leaves no gap: %j', async (after) => {
    const { tenancies, drafts } = prepare();
    const table = entryTable(database.connection);
    const store = createEntryStore(database.connection);
    // A rival is ahead by one known source: the first insert of a stale writer stops midway.
    const hint = new Map(tenancies.map((id) => [id, 0]));
    if (after.writes > 0) await store.append([drafts[1]!], new Map());
    await expect(appendEntries(dying(table, after), drafts, hint)).rejects.toBe(KILLED);

    const read = () => store.ofTenancies(tenancies.map((id) => ({ tenancyId: id, afterSeq: 0 })));
    for (const tenancy of tenancies) {
      const own = (await read()).filter((entry) => entry.tenancyId === tenancy);
      expect(own.map(({ seq }) => seq)).toEqual(own.map((_, i) => i + 1));
    }
    const again = await store.append(drafts, hint);
    expect(again.map(({ entry }) => entry.source)).toEqual(drafts.map(({ source }) => source));
    expect(await read()).toHaveLength(9);
    for (const tenancy of tenancies) {
      const own = (await read()).filter((entry) => entry.tenancyId === tenancy);
      expect(own.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    }
  });
});
