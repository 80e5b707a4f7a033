/** Runs the contract of LeaseStore on the fake and on MongoDB alike. */
import { createFakeLeaseStore } from '../support/fakes/lease-store';
import { leaseStoreContract } from './leases.contract';

describe('the leases in memory', () => {
  leaseStoreContract(async () => createFakeLeaseStore(Date.now));
});
