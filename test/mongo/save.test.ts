/** Checks batches of saves where the engine cannot, or will not, write them together. */
import { mongo, type ClientSession, type Connection } from 'mongoose';
import type { TxId } from '../../src/domain/ids';
import type { Transaction } from '../../src/domain/payments/transaction';
import { StorageUnavailable } from '../../src/flows/ports/money-ports';
import { createTransactionStore } from '../../src/mongo/money/transactions';
import { savingContract } from '../contract/saving.contract';
import { wholeTransaction } from '../contract/money-rows';
import { withDatabase, type TestDatabase } from '../support/database';

const kit = {
  row: wholeTransaction,
  idOf: (row: Transaction): TxId => row.txId,
  changed: (row: Transaction, text: string): Transaction => ({
    ...row,
    steps: [{ code: text, at: row.firstSeenAt }],
  }),
};

let database: TestDatabase;
beforeEach(async () => {
  database = await withDatabase();
});
afterEach(() => database.drop());

/** Each transaction meets `commit` in place of its own end. */
function withCommit(connection: Connection, commit: (session: ClientSession) => Promise<void>) {
  const start = connection.startSession.bind(connection);
  connection.startSession = async () => {
    const session = await start();
    const real = session.commitTransaction.bind(session);
    const between = Object.create(session, { commitTransaction: { value: real } }) as ClientSession;
    session.commitTransaction = () => commit(between);
    return session;
  };
}

const conflict = (): mongo.MongoServerError =>
  new mongo.MongoServerError({
    message: 'WriteConflict',
    code: 112,
    errorLabels: ['TransientTransactionError'],
  });

describe('saving on a server without transactions', () => {
  savingContract<TxId, Transaction>(async () => {
    const code = 20;
    const message = 'Transaction numbers are only allowed on a replica set member or mongos';
    database.connection.startSession = () =>
      Promise.reject(new mongo.MongoServerError({ message, code }));
    return createTransactionStore(database.connection);
  }, kit);
});

describe('saving where every transaction meets a rival', () => {
  savingContract<TxId, Transaction>(async () => {
    withCommit(database.connection, () => Promise.reject(conflict()));
    return createTransactionStore(database.connection);
  }, kit);
});

describe('saving where a commit is not answered', () => {
  it('says that the database cannot answer, and finds out the next time', async () => {
    const store = createTransactionStore(database.connection);
    const rows = [1, 2, 3, 4, 5, 6].map(wholeTransaction);
    await store.save(rows);
    const known = await store.get(rows.map(kit.idOf));
    withCommit(database.connection, async (session) => {
      await session.commitTransaction();
      const lost = new mongo.MongoNetworkError('connection closed');
      lost.addErrorLabel('UnknownTransactionCommitResult');
      throw lost;
    });
    const changed = known.map((one) => kit.changed(one, 'x'));
    await expect(store.save(changed)).rejects.toThrow(StorageUnavailable);
    expect((await store.get(rows.map(kit.idOf))).every((one) => one.rev === 2)).toBe(true);
    expect(await store.save(changed)).toEqual(new Set());
  });
});

describe('saving a batch that names a row twice', () => {
  it('is refused as a fault of the caller', async () => {
    const store = createTransactionStore(database.connection);
    await expect(store.save([wholeTransaction(1), wholeTransaction(1)])).rejects.toThrow(
      RangeError,
    );
  });
});
