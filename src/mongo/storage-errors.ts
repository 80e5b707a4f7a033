/** Tells a database that cannot answer now from a fault of ours; retries nothing. */
import mongoose, { mongo } from 'mongoose';
import { StorageUnavailable } from '../flows/ports/money-ports';

const DUPLICATE_KEY = 11000;

/**
 * What a server says of itself, not of the command: it is stopping, was stepped down, has no
 * majority, no time or no disk, or lost the cursor. Names as in MongoDB's list of error codes.
 */
const SERVER_IN_TROUBLE: ReadonlySet<number> = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  24, // LockTimeout
  43, // CursorNotFound
  46, // LockBusy
  50, // MaxTimeMSExpired
  63, // StaleShardVersion
  64, // WriteConcernTimeout
  79, // UnknownReplWriteConcern
  89, // NetworkTimeout
  91, // ShutdownInProgress
  100, // UnsatisfiableWriteConcern
  112, // WriteConflict
  133, // FailedToSatisfyReadPreference
  134, // ReadConcernMajorityNotAvailableYet
  150, // StaleEpoch
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  234, // RetryChangeStream
  237, // CursorKilled
  244, // TransactionAborted
  251, // NoSuchTransaction
  262, // ExceededTimeLimit
  317, // ConnectionPoolExpired
  384, // ConnectionError
  9001, // SocketException
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11601, // Interrupted
  11602, // InterruptedDueToReplStateChange
  13388, // StaleConfig
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
  14031, // OutOfDiskSpace
]);

/** Errors of the driver that mean: no server, no connection, or no answer in time. */
const NO_ANSWER = [
  mongo.MongoNetworkError,
  mongo.MongoSystemError,
  mongo.MongoOperationTimeoutError,
  mongo.MongoNotConnectedError,
  mongo.MongoTopologyClosedError,
  mongo.MongoClientClosedError,
  mongo.MongoServerClosedError,
  mongo.MongoExpiredSessionError,
  mongo.MongoStalePrimaryError,
  mongo.MongoUnexpectedServerResponseError,
  mongoose.Error.MongooseServerSelectionError,
] as const;

/** By name, since the driver does not export all of them. */
const NO_ANSWER_NAMES = /^Mongo(WaitQueueTimeout|PoolClosed|PoolCleared)\w*Error$/;

/** mongoose's own refusals while there is no connection. */
const NOT_CONNECTED = /buffering timed out|force closed|before initial connection/;

/**
 * Runs one store's work on the database.
 * @throws StorageUnavailable where the database cannot answer now; whether a write has reached it
 * is then unknown. Every other error passes as it is: it is a fault of ours.
 */
export async function storage<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new StorageUnavailable(`The database cannot answer: ${why}`, { cause: error });
  }
}

/** Whether a unique name was taken; for a batch: whether nothing else than that went wrong. */
export function isDuplicate(error: unknown): error is mongo.MongoServerError {
  if (!(error instanceof mongo.MongoServerError) || error.code !== DUPLICATE_KEY) return false;
  if (!(error instanceof mongo.MongoBulkWriteError)) return true;
  if (error.result.getWriteConcernError() !== undefined) return false;
  return writeErrorsOf(error).every((one) => one.code === DUPLICATE_KEY);
}

/** The places in a batch whose names were taken; of an ordered batch the first alone. */
export function duplicatesOf(error: mongo.MongoServerError): readonly number[] {
  if (!(error instanceof mongo.MongoBulkWriteError)) return [0];
  return writeErrorsOf(error).map((one) => one.index);
}

/** Whether a cursor that was open has been closed by its server; the read may begin again. */
export function isCursorLost(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && [43, 237].includes(Number(error.code));
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof StorageUnavailable) return true;
  if (NO_ANSWER.some((kind) => error instanceof kind)) return true;
  if (error instanceof mongo.MongoBulkWriteError) return isBatchUnavailable(error);
  if (error instanceof mongo.MongoServerError) return isInTrouble(error);
  if (!(error instanceof Error)) return false;
  return NO_ANSWER_NAMES.test(error.name) || isNotConnected(error);
}

function isInTrouble(error: mongo.MongoError): boolean {
  if (typeof error.code === 'number' && SERVER_IN_TROUBLE.has(error.code)) return true;
  if (error instanceof mongo.MongoWriteConcernError) return true;
  return RETRY_LABELS.some((label) => error.hasErrorLabel(label));
}

const RETRY_LABELS = [
  mongo.MongoErrorLabel.RetryableWriteError,
  mongo.MongoErrorLabel.TransientTransactionError,
  mongo.MongoErrorLabel.UnknownTransactionCommitResult,
];

function isBatchUnavailable(error: mongo.MongoBulkWriteError): boolean {
  if (error.result.getWriteConcernError() !== undefined) return true;
  const codes = writeErrorsOf(error).map((one) => one.code);
  return codes.some((code) => SERVER_IN_TROUBLE.has(code)) || isInTrouble(error);
}

function writeErrorsOf(error: mongo.MongoBulkWriteError): readonly mongo.WriteError[] {
  return [error.writeErrors].flat();
}

function isNotConnected(error: Error): boolean {
  return error instanceof mongoose.Error && NOT_CONNECTED.test(error.message);
}
