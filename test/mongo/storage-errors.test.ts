/** Checks what counts as a database that cannot answer, and what as a fault of ours. */
import { mongo } from 'mongoose';
import { StorageUnavailable } from '../../src/flows/ports/money-ports';
import { createReportStore } from '../../src/mongo/money/reports';
import { createRentalStore } from '../../src/mongo/estate/rentals';
import { duplicatesOf, isDuplicate, storage } from '../../src/mongo/storage-errors';
import { withDatabase } from '../support/database';
import { reportOf } from '../support/estate';

const server = (code: number, labels: string[] = []): mongo.MongoServerError =>
  new mongo.MongoServerError({ message: `code ${code}`, code, errorLabels: labels });

const failing = (error: unknown): Promise<unknown> => storage(() => Promise.reject(error));

describe('errors of the database', () => {
  it.each<[string, Error]>([
    ['a lost connection', new mongo.MongoNetworkError('connection closed')],
    ['a time-out', new mongo.MongoOperationTimeoutError('timed out')],
    ['a closed client', new mongo.MongoClientClosedError()],
    ['a server that is stopping', server(11600)],
    ['a server that is no primary any more', server(10107)],
    ['a majority that does not answer', server(64)],
    ['a full disk', server(14031)],
    ['a commit that was not answered', server(1, ['UnknownTransactionCommitResult'])],
    ['a pool without a free connection', named('MongoWaitQueueTimeoutError')],
  ])('say that the database cannot answer: %s', async (_, error) => {
    const told = await failing(error).catch((thrown: unknown) => thrown);
    expect(told).toBeInstanceOf(StorageUnavailable);
    expect((told as Error).cause).toBe(error);
  });

  it.each<[string, Error]>([
    ['a bad filter', server(2)],
    ['a unique name that is taken', server(11000)],
    ['a fault in the code', new TypeError('x is undefined')],
    ['a wrong argument', new mongo.MongoInvalidArgumentError('no')],
  ])('leave as it is what no waiting mends: %s', async (_, error) => {
    await expect(failing(error)).rejects.toBe(error);
  });

  it('pass on what a store has answered', async () => {
    expect(await storage(async () => 7)).toBe(7);
  });
});

describe('a database that is there', () => {
  it('names the places of a batch whose ids were taken', async () => {
    const database = await withDatabase();
    const rows = database.connection.collection<{ _id: number }>('rows');
    await rows.insertMany([{ _id: 1 }, { _id: 3 }]);
    const batch = [0, 1, 2, 3].map((_id) => ({ _id }));
    const error: unknown = await rows
      .insertMany(batch, { ordered: false })
      .catch((e: unknown) => e);
    expect(isDuplicate(error) && duplicatesOf(error)).toEqual([1, 3]);
    const single: unknown = await rows.insertOne({ _id: 1 }).catch((e: unknown) => e);
    expect(isDuplicate(single) && duplicatesOf(single)).toEqual([0]);
    await database.drop();
  });

  it('is unavailable to every store once the connection is closed', async () => {
    const database = await withDatabase();
    const reports = createReportStore(database.connection);
    const rentals = createRentalStore(database.connection);
    const told = [reports.intake(reportOf(1)), reports.intake(reportOf(2))];
    await Promise.all(told);
    await database.drop();
    await expect(reports.intake(reportOf(3))).rejects.toThrow(StorageUnavailable);
    await expect(rentals.one(reportOf(3).rentalId)).rejects.toThrow(StorageUnavailable);
    await expect(reports.save([reportOf(1), reportOf(2)])).rejects.toThrow(StorageUnavailable);
  });
});

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}
