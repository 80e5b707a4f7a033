/** Runs the contract of PaymentStore on the fake and on MongoDB alike. */
import { createPaymentStore } from '../../src/mongo/money/payments';
import { createReferenceStore } from '../../src/mongo/estate/references';
import { createRentalStore } from '../../src/mongo/estate/rentals';
import { createReportStore } from '../../src/mongo/money/reports';
import { createTransactionStore } from '../../src/mongo/money/transactions';
import { createFakePaymentStore } from '../support/fakes/payment-store';
import { createFakeReferenceStore } from '../support/fakes/reference-store';
import { createFakeRentalStore } from '../support/fakes/rental-store';
import { createFakeReportStore } from '../support/fakes/report-store';
import { createFakeTransactionStore } from '../support/fakes/transaction-store';
import { onMongo } from './on-mongo';
import { paymentStoreContract } from './payments.contract';

describe('the payments in memory', () => {
  paymentStoreContract(async () => {
    const from = {
      transactions: createFakeTransactionStore(),
      reports: createFakeReportStore(),
      rentals: createFakeRentalStore(),
      references: createFakeReferenceStore(),
    };
    return { ...from, payments: createFakePaymentStore(from) };
  });
});

describe('the payments on MongoDB', () => {
  paymentStoreContract(
    onMongo((connection) => ({
      payments: createPaymentStore(connection),
      transactions: createTransactionStore(connection),
      reports: createReportStore(connection),
      rentals: createRentalStore(connection),
      references: createReferenceStore(connection),
    })),
  );
});
