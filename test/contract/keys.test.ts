/** Runs the contract of KeyStore on the fake and on MongoDB alike. */
import { createFakeKeyStore } from '../support/fakes/key-store';
import { keyStoreContract } from './keys.contract';

describe('the access keys in memory', () => {
  keyStoreContract(async () => createFakeKeyStore());
});
