/** Hands a contract suite a store on MongoDB, empty before each test, on a database of its own. */
import type { Connection } from 'mongoose';
import { UPKEEP_HELPER_INDEXES, UPKEEP_INDEXES } from '../../src/mongo/upkeep-indexes';
import { withDatabase, type TestDatabase } from '../support/database';

/** Call it inside `describe`; what it returns makes the store for one test. */
export function onMongo<Store>(make: (connection: Connection) => Store): () => Promise<Store> {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await withDatabase();
    for (const { collection, keys } of [...UPKEEP_INDEXES, ...UPKEEP_HELPER_INDEXES]) {
      await database.connection.collection(collection).createIndex({ ...keys });
    }
  });
  afterAll(() => database.drop());
  return async () => {
    const collections = await database.connection.listCollections();
    await Promise.all(
      collections.map(({ name }) => database.connection.collection(name).deleteMany({})),
    );
    return make(database.connection);
  };
}
