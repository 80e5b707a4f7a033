/** Hands a contract suite a store on MongoDB, empty before each test, on a database of its own. */
import type { Connection } from 'mongoose';
import { HELPER_INDEXES } from '../../src/mongo/embedded/helper-indexes';
import { ensureIndexes } from '../../src/mongo/indexes';
import { withDatabase, type TestDatabase } from '../support/database';

/** Call it inside `describe`; what it returns makes the store for one test. */
export function onMongo<Store>(make: (connection: Connection) => Store): () => Promise<Store> {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await withDatabase();
    await ensureIndexes(database.connection);
    for (const [collection, keys] of HELPER_INDEXES) {
      await database.connection.collection(collection).createIndex({ ...keys });
    }
  });
  afterAll(() => database?.drop());
  return async () => {
    const { connection } = database!;
    const collections = await connection.listCollections();
    await Promise.all(collections.map(({ name }) => connection.collection(name).deleteMany({})));
    return make(connection);
  };
}
