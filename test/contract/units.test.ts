/** Runs the contract of UnitStore on the fake and on MongoDB alike. */
import { createUnitStore } from '../../src/mongo/estate/units';
import { createFakeUnitStore } from '../support/fakes/unit-store';
import { unitStoreContract } from './units.contract';
import { onMongo } from './on-mongo';

describe('the units in memory', () => {
  unitStoreContract(async () => createFakeUnitStore());
});

describe('the units on MongoDB', () => {
  unitStoreContract(onMongo(createUnitStore));
});
