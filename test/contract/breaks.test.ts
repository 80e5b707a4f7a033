/** Runs the contract of BreakStore on the fake and on MongoDB alike. */
import { createBreakStore } from '../../src/mongo/estate/breaks';
import { createFakeBreakStore } from '../support/fakes/break-store';
import { breakStoreContract } from './breaks.contract';
import { onMongo } from './on-mongo';

describe('the breaks in memory', () => {
  breakStoreContract(async () => createFakeBreakStore());
});

describe('the breaks on MongoDB', () => {
  breakStoreContract(onMongo(createBreakStore));
});
