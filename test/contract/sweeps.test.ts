/** Runs the contract of SweepStore on the fake and on MongoDB alike. */
import { createSweepStore } from '../../src/mongo/upkeep/sweeps';
import { createFakeSweepStore } from '../support/fakes/sweep-store';
import { sweepStoreContract } from './sweeps.contract';
import { onMongo } from './on-mongo';

describe('the sweeps in memory', () => {
  sweepStoreContract(async () => createFakeSweepStore());
});

describe('the sweeps on MongoDB', () => {
  sweepStoreContract(onMongo(createSweepStore));
});
