/** Runs the contract of BoxStore on the fake and on MongoDB alike. */
import type { RentalId } from '../../src/domain/ids';
import { createFakeBoxStore } from '../support/fakes/box-store';
import { boxReadsContract, type BoxStoreSubject } from './box-reads.contract';
import { boxStoreContract } from './boxes.contract';

describe('the boxes in memory', () => {
  const create = async (): Promise<BoxStoreSubject> => {
    const regions = new Map<RentalId, string>();
    const store = createFakeBoxStore((id) => regions.get(id) ?? null);
    return { store, place: async (rental, region) => void regions.set(rental, region) };
  };
  boxStoreContract(create);
  boxReadsContract(create);
});
