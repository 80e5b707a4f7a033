/** Checks that indexes are made once, compared at each start, and never taken from others. */
import { HELPER_PREFIX } from '../../src/mongo/embedded/helper-indexes';
import { ALL_INDEXES, ensureIndexes, type Index } from '../../src/mongo/indexes';
import { withDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
beforeEach(async () => {
  database = await withDatabase();
});
afterEach(() => database.drop());

const NOTHING = { made: [], remade: [], unknown: [] };

describe('the indexes of the database', () => {
  it('are made at the first start, and left as they are at the next', async () => {
    const { made, remade, unknown } = await ensureIndexes(database.connection);
    expect(made).toHaveLength(ALL_INDEXES.length);
    expect(made).toContain('entries.tenancyId_1_source_1');
    expect([remade, unknown]).toEqual([[], []]);
    expect(await ensureIndexes(database.connection)).toEqual(NOTHING);
  });

  it('may be made by many processes at once', async () => {
    const all = await Promise.all([1, 2, 3].map(() => ensureIndexes(database.connection)));
    expect(all).toHaveLength(3);
    expect(await ensureIndexes(database.connection)).toEqual(NOTHING);
  });

  it('are made anew where one has other options than it should', async () => {
    const wanted: Index = { collection: 'rows', keys: { a: 1, b: -1 }, unique: true };
    const rows = database.connection.collection('rows');
    await rows.createIndex({ a: 1, b: -1 });
    const changes = await ensureIndexes(database.connection, [wanted]);
    expect(changes).toEqual({ made: [], remade: ['rows.a_1_b_-1'], unknown: [] });
    expect(await ensureIndexes(database.connection, [wanted])).toEqual(NOTHING);
    await rows.insertOne({ a: 1, b: 1 });
    await expect(rows.insertOne({ a: 1, b: 1 })).rejects.toThrow(/E11000/);
  });

  it('are told of, and left alone, where they are in no list of ours', async () => {
    const rows = database.connection.collection('rows');
    await rows.createIndex({ own: 1 });
    await rows.createIndex({ helped: 1 }, { name: `${HELPER_PREFIX}helped_1` });
    const wanted: Index = { collection: 'rows', keys: { at: 1 }, expires: true };
    const changes = await ensureIndexes(database.connection, [wanted]);
    expect(changes).toEqual({ made: ['rows.at_1'], remade: [], unknown: ['rows.own_1'] });
    const names = (await rows.listIndexes().toArray()).map(({ name }) => name as string);
    expect(names).toContain('own_1');
  });

  it('are not made over rows that break them: the start fails and says why', async () => {
    const rows = database.connection.collection('rows');
    await rows.insertMany([{ a: 1 }, { a: 1 }]);
    const wanted: Index = { collection: 'rows', keys: { a: 1 }, unique: true };
    await expect(ensureIndexes(database.connection, [wanted])).rejects.toThrow(/E11000/);
  });

  it('are unique for entries by source within a tenancy, whatever else they hold', () => {
    const unique = ALL_INDEXES.filter((index) => index.unique === true);
    expect(unique).toEqual([
      { collection: 'entries', keys: { tenancyId: 1, source: 1 }, unique: true },
    ]);
  });
});
