/** Runs the contract of SweepStore on the fake and on MongoDB alike. */
import { createFakeSweepStore } from '../support/fakes/sweep-store';
import { sweepStoreContract } from './sweeps.contract';

describe('the sweeps in memory', () => {
  sweepStoreContract(async () => createFakeSweepStore());
});
