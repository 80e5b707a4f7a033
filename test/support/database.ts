/** A database of its own for each suite, on the one engine that all tests share. */
import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { realClock } from '../../src/jobs/real-clock';
import { connectDatabase } from '../../src/mongo/connection';
import { quietLog } from './quiet-log';
import { TEST_URI } from './test-engine';

export interface TestDatabase {
  readonly connection: Connection;
  readonly name: string;
  /** The engine's address, without the name. */
  readonly uri: string;
  /** Removes the database and closes the connection. */
  drop(): Promise<void>;
}

/** Call it in `beforeAll`, and `drop` in `afterAll`. */
export async function withDatabase(): Promise<TestDatabase> {
  const uri = testDatabaseUri();
  const name = testDatabaseName();
  const database = await connectDatabase({ uri, database: name, log: quietLog, clock: realClock });
  return {
    connection: database.connection,
    name,
    uri,
    async drop() {
      await database.connection.dropDatabase();
      await database.close();
    },
  };
}

/** The address of the engine that Jest's setup has started. */
export function testDatabaseUri(): string {
  const uri = process.env[TEST_URI];
  if (uri === undefined) throw new Error(`${TEST_URI} is not set: run the tests through Jest.`);
  return uri;
}

export function testDatabaseName(): string {
  return `tbtest_${Date.now().toString(36)}_${randomBytes(4).toString('hex')}`;
}
