/** Checks that helper indexes are made for the one engine that needs them, and serve it. */
import { engineInfo } from '../../../src/mongo/embedded/engine';
import { HELPER_PREFIX, makeHelperIndexes } from '../../../src/mongo/embedded/helper-indexes';
import { secantusDb, startOn, stopEngines } from '../../support/embedded-engine';
import { withDatabase, type TestDatabase } from '../../support/database';
import { clearScratch, scratchDir } from '../../support/scratch';

let database: TestDatabase;

beforeAll(async () => {
  database = await withDatabase();
});

afterEach(stopEngines);

afterAll(async () => {
  await database.drop();
  clearScratch();
});

describe('helper indexes', () => {
  it('are made for SecantusDB, under names of their own, as often as it starts', async () => {
    const info = engineInfo('secantusdb', '1');
    const list = [['things', { _id: 1, rev: 1 }]] as const;
    expect(await makeHelperIndexes(database.connection, info, list)).toBe(1);
    expect(await makeHelperIndexes(database.connection, info, list)).toBe(1);
    const indexes = await database.connection.collection('things').indexes();
    expect(indexes.map(({ name }) => name)).toContain(`${HELPER_PREFIX}_id_1_rev_1`);
  });

  it.each(['mongod', 'external'] as const)('are not made for the engine %s', async (kind) => {
    const list = [['others', { _id: 1, rev: 1 }]] as const;
    expect(await makeHelperIndexes(database.connection, engineInfo(kind, '1'), list)).toBe(0);
    expect(await database.connection.listCollections()).not.toContainEqual(
      expect.objectContaining({ name: 'others' }),
    );
  });

  it('are made too where MONGODB_URI leads to SecantusDB', async () => {
    const engine = await startOn(scratchDir());
    const named = await startOn(scratchDir(), { uri: engine.uri });
    expect(named.engine.kind).toBe('secantusdb');
    expect((await secantusDb()).kind).toBe('secantusdb');
  });
});
