/** A new database for each estate, on the engine that all tests share. */
import { databaseAt } from '../../scripts/rehearsal/settings';
import { testDatabaseName, testDatabaseUri } from '../support/database';

export const ownDatabase = (): string => databaseAt(testDatabaseUri(), testDatabaseName());
