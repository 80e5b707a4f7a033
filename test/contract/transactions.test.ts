/** Runs the contract of TransactionStore on the fake and on MongoDB alike. */
import { createTransactionStore } from '../../src/mongo/money/transactions';
import { createFakeTransactionStore } from '../support/fakes/transaction-store';
import { onMongo } from './on-mongo';
import { transactionStoreContract } from './transactions.contract';

describe('the transactions in memory', () => {
  transactionStoreContract(async () => createFakeTransactionStore());
});

describe('the transactions on MongoDB', () => {
  transactionStoreContract(onMongo(createTransactionStore));
});
