/** Runs the contract of RequestStore on the fake and on MongoDB alike. */
import { createRequestStore } from '../../src/mongo/upkeep/requests';
import { createFakeRequestStore } from '../support/fakes/request-store';
import { requestStoreContract } from './requests.contract';
import { onMongo } from './on-mongo';

describe('the requests in memory', () => {
  requestStoreContract(async () => createFakeRequestStore());
});

describe('the requests on MongoDB', () => {
  requestStoreContract(onMongo(createRequestStore));
});
