/** Runs the contract of AsideStore on the fake and on MongoDB alike. */
import type { Connection } from 'mongoose';
import type { Aside } from '../../src/flows/ports/upkeep-ports';
import type { Instant } from '../../src/domain/time';
import { createAsideStore, type AsideRecord } from '../../src/mongo/upkeep/asides';
import { createFakeAsideStore } from '../support/fakes/aside-store';
import { asideStoreContract, type AsideStoreSubject } from './asides.contract';
import { onMongo } from './on-mongo';

const MOST = 50;

describe('what was kept aside, in memory', () => {
  asideStoreContract(async () => {
    const store = createFakeAsideStore(MOST);
    return { store, kept: () => store.rows() };
  });
});

describe('what was kept aside, on MongoDB', () => {
  asideStoreContract(onMongo(subject));
});

function subject(connection: Connection): AsideStoreSubject {
  return {
    store: createAsideStore(connection, MOST),
    async kept() {
      const rows = connection.collection<AsideRecord>('asides').find().sort({ at: 1 });
      return (await rows.toArray()).map(({ at, from, seq, fault, excerpt }): Aside => ({
        at: at.getTime() as Instant,
        from,
        seq,
        fault,
        excerpt,
      }));
    },
  };
}
