/** Runs the contract of RequestStore on the fake and on MongoDB alike. */
import { createFakeRequestStore } from '../support/fakes/request-store';
import { requestStoreContract } from './requests.contract';

describe('the requests in memory', () => {
  requestStoreContract(async () => createFakeRequestStore());
});
