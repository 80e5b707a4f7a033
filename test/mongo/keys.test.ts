/** What is particular to access keys on MongoDB: how little those that nobody gave may cost. */
import mongoose, { type Connection } from 'mongoose';
import { createKeyStore } from '../../src/mongo/upkeep/keys';
import { testDatabaseName, testDatabaseUri } from '../support/database';

let connection: Connection;

beforeAll(async () => {
  connection = await mongoose
    .createConnection(testDatabaseUri(), {
      ...{ dbName: testDatabaseName(), monitorCommands: true, autoIndex: false, autoCreate: false },
    })
    .asPromise();
});
afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

it('looks for many wrong keys together, in a few round trips', async () => {
  const sent: string[] = [];
  connection.getClient().on('commandStarted', ({ commandName }) => void sent.push(commandName));
  const store = createKeyStore(connection);
  const hashes = Array.from({ length: 300 }, (_, n) => `${n}`.padStart(64, '0'));
  const found = await Promise.all(hashes.map((hash) => store.byHash(hash)));
  expect(found).toEqual(hashes.map(() => null));
  const finds = sent.filter((name) => name === 'find');
  expect(finds.length).toBeGreaterThan(0);
  expect(finds.length).toBeLessThanOrEqual(4);
});
