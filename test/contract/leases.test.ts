/** Runs the contract of LeaseStore on the fake and on MongoDB alike. */
import { createLeaseStore } from '../../src/mongo/upkeep/leases';
import { createFakeLeaseStore } from '../support/fakes/lease-store';
import { leaseStoreContract } from './leases.contract';
import { onMongo } from './on-mongo';

describe('the leases in memory', () => {
  leaseStoreContract(async () => createFakeLeaseStore(Date.now));
});

describe('the leases on MongoDB', () => {
  leaseStoreContract(onMongo(createLeaseStore));
});
