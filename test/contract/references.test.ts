/** Runs the contract of ReferenceStore on the fake and on MongoDB alike. */
import { createFakeReferenceStore } from '../support/fakes/reference-store';
import { referenceStoreContract } from './references.contract';

describe('the outside references in memory', () => {
  referenceStoreContract(async () => createFakeReferenceStore());
});
