/** Runs the contract of RentalStore on the fake and on MongoDB alike. */
import { createRentalStore } from '../../src/mongo/estate/rentals';
import { createFakeRentalStore } from '../support/fakes/rental-store';
import { onMongo } from './on-mongo';
import { rentalReadsContract } from './rental-reads.contract';
import { rentalStoreContract } from './rentals.contract';

describe('the rentals in memory', () => {
  rentalStoreContract(async () => createFakeRentalStore());
  rentalReadsContract(async () => createFakeRentalStore());
});

describe('the rentals on MongoDB', () => {
  const create = onMongo(createRentalStore);
  rentalStoreContract(create);
  rentalReadsContract(create);
});
