/** Runs the contract of AsideStore on the fake and on MongoDB alike. */
import { createFakeAsideStore } from '../support/fakes/aside-store';
import { asideStoreContract } from './asides.contract';

describe('what was kept aside, in memory', () => {
  asideStoreContract(async () => {
    const store = createFakeAsideStore(50);
    return { store, kept: () => store.rows() };
  });
});
