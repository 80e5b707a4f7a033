/** Runs the contract of NonceStore on the fake and on MongoDB alike. */
import { createNonceStore } from '../../src/mongo/upkeep/nonces';
import { createFakeNonceStore } from '../support/fakes/nonce-store';
import { nonceStoreContract } from './nonces.contract';
import { onMongo } from './on-mongo';

describe('the nonces in memory', () => {
  nonceStoreContract(async () => createFakeNonceStore());
});

describe('the nonces on MongoDB', () => {
  nonceStoreContract(onMongo(createNonceStore));
});
