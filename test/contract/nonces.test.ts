/** Runs the contract of NonceStore on the fake and on MongoDB alike. */
import { createFakeNonceStore } from '../support/fakes/nonce-store';
import { nonceStoreContract } from './nonces.contract';

describe('the nonces in memory', () => {
  nonceStoreContract(async () => createFakeNonceStore());
});
