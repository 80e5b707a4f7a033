/** Runs the contract of BoxStore on the fake and on MongoDB alike. */
import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { RentalId } from '../../src/domain/ids';
import { createBoxStore } from '../../src/mongo/estate/boxes';
import { createSecretSealing } from '../../src/mongo/estate/secret-sealing';
import { realClock } from '../../src/jobs/real-clock';
import { createFakeBoxStore } from '../support/fakes/box-store';
import { quietLog } from '../support/quiet-log';
import { boxReadsContract, type BoxStoreSubject } from './box-reads.contract';
import { boxStoreContract } from './boxes.contract';
import { onMongo } from './on-mongo';

const TOLD = { log: quietLog, clock: realClock };

describe('the boxes in memory', () => {
  const create = async (): Promise<BoxStoreSubject> => {
    const regions = new Map<RentalId, string>();
    const store = createFakeBoxStore((id) => regions.get(id) ?? null);
    return { store, place: async (rental, region) => void regions.set(rental, region) };
  };
  boxStoreContract(create);
  boxReadsContract(create);
});

describe('the boxes on MongoDB', () => {
  const create = onMongo(subject);
  boxStoreContract(create);
  boxReadsContract(create);
});

function subject(connection: Connection): BoxStoreSubject {
  const rentals = connection.collection<{ _id: string; region: string }>('rentals');
  return {
    store: createBoxStore(connection, createSecretSealing([randomBytes(32)]), TOLD),
    place: async (rental, region) => void (await rentals.insertOne({ _id: rental, region })),
  };
}
