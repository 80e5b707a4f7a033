/** Hands a contract suite a store on MongoDB, empty before each test, on a database of its own. */
import type { Connection } from 'mongoose';
import { UPKEEP_HELPER_INDEXES, UPKEEP_INDEXES } from '../../src/mongo/upkeep-indexes';
import { withDatabase, type TestDatabase } from '../support/database';

/** Call it inside `describe`; what it returns makes the store for one test. */
export function onMongo<Store>(make: (connection: Connection) => Store): () => Promise<Store> {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await withDatabase();
    const listed = UPKEEP_INDEXES.map(({ collection, keys }) => [collection, keys] as const);
    for (const [collection, keys] of [...listed, ...UPKEEP_HELPER_INDEXES]) {
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
