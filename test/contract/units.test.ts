/** Runs the contract of UnitStore on the fake and on MongoDB alike. */
import { createFakeUnitStore } from '../support/fakes/unit-store';
import { unitStoreContract } from './units.contract';

describe('the units in memory', () => {
  unitStoreContract(async () => createFakeUnitStore());
});
