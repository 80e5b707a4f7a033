/** Runs the contract of TenancyStore on the fake and on MongoDB alike. */
import { createTenancyStore } from '../../src/mongo/money/tenancies';
import { createFakeTenancyStore } from '../support/fakes/tenancy-store';
import { onMongo } from './on-mongo';
import { tenancyStoreContract } from './tenancies.contract';

describe('the tenancies in memory', () => {
  tenancyStoreContract(async () => createFakeTenancyStore());
});

describe('the tenancies on MongoDB', () => {
  tenancyStoreContract(onMongo(createTenancyStore));
});
