/** Runs the contract of KeyStore on the fake and on MongoDB alike. */
import { createKeyStore } from '../../src/mongo/upkeep/keys';
import { createFakeKeyStore } from '../support/fakes/key-store';
import { keyStoreContract } from './keys.contract';
import { onMongo } from './on-mongo';

describe('the access keys in memory', () => {
  keyStoreContract(async () => createFakeKeyStore());
});

describe('the access keys on MongoDB', () => {
  keyStoreContract(onMongo(createKeyStore));
});
