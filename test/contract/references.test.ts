/** Runs the contract of ReferenceStore on the fake and on MongoDB alike. */
import { createReferenceStore } from '../../src/mongo/estate/references';
import { createFakeReferenceStore } from '../support/fakes/reference-store';
import { referenceStoreContract } from './references.contract';
import { onMongo } from './on-mongo';

describe('the outside references in memory', () => {
  referenceStoreContract(async () => createFakeReferenceStore());
});

describe('the outside references on MongoDB', () => {
  referenceStoreContract(onMongo(createReferenceStore));
});
