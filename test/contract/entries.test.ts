/** Runs the contract of EntryStore on the fake and on MongoDB alike. */
import { createEntryStore } from '../../src/mongo/money/entries';
import { createFakeEntryStore } from '../support/fakes/entry-store';
import { entryStoreContract } from './entries.contract';
import { onMongo } from './on-mongo';

describe('the entries in memory', () => {
  entryStoreContract(async () => createFakeEntryStore());
});

describe('the entries on MongoDB', () => {
  entryStoreContract(onMongo(createEntryStore));
});
