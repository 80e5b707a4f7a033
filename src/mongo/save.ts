/**
 * Compare-and-set writes on `rev`, in batches, telling exactly which rows were written; what a row
 * holds is its store's business. A batch shares one transaction, and so one flush of the log, but
 * nothing leans on that: see src/decisions/0007-a-batch-shares-one-flush.md.
 */
import { mongo, type Connection, type Model } from 'mongoose';
import { duplicatesOf, isDuplicate } from './storage-errors';
import { DURABLE } from './stored-record';

/** What every record has that is saved by compare-and-set. */
export interface Revised {
  _id: string;
  rev: number;
}

/** A write that counts only where the stored row is at `rev`; it must itself set `rev` + 1. */
export interface Change {
  readonly id: string;
  readonly rev: number;
  readonly write: Write;
}

type Fields = Record<string, unknown>;
/** Where both stand they come to the same: one is quicker alone, the other among many. */
type Write =
  | { readonly replace: Fields }
  | { readonly update: Fields }
  | { readonly replace: Fields; readonly update: Fields };

/** Fields that a save leaves as they are stored, and fields that a record may lack. */
export interface SaveShape {
  /** Written by an insert only; single updates of their own change them. */
  readonly kept: readonly string[];
  /** All that a record may lack: taken away where it does not have them. */
  readonly optional: readonly string[];
}

/** The names of a record's fields that may be missing, to have a compiler see that none is. */
export type OptionalOf<Stored> = {
  [Name in keyof Stored]-?: object extends Pick<Stored, Name> ? Name : never;
}[keyof Stored];

const FEWEST_TOGETHER = 4;
const MOST_TOGETHER_TRIES = 3;
const MOST_AT_ONCE = 16;

/**
 * Writes each record where the stored one has the same `rev`, as `rev` + 1; `rev` 0 inserts, and
 * fails where the id exists. The whole record is replaced, unless `shape` keeps some of it.
 * @returns the ids that were written, exactly: of rivals that read the same `rev`, one wins.
 */
export async function saveRecords<Stored extends Revised>(
  model: Model<Stored>,
  records: readonly Stored[],
  shape?: SaveShape,
): Promise<Set<Stored['_id']>> {
  refuseRepeats(records);
  const [fresh, known] = [records.filter(isFresh), records.filter((one) => !isFresh(one))];
  const [inserted, changed] = await Promise.all([
    insertNew(model, fresh.map(raised)),
    compareAndSet(
      model,
      known.map((record) => changeOf(record, shape)),
    ),
  ]);
  for (const id of changed) inserted.add(id as Stored['_id']);
  return inserted;
}

/** Inserts what is not there yet, in one write. @returns the ids that were inserted. */
export async function insertNew<Stored extends { _id: string }>(
  model: Model<Stored>,
  records: readonly Stored[],
): Promise<Set<Stored['_id']>> {
  const ids = new Set<Stored['_id']>(records.map((record) => record._id));
  if (records.length === 0) return ids;
  try {
    await native(model).insertMany(records, { ...DURABLE, ordered: false });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    for (const place of duplicatesOf(error)) ids.delete(records[place]!._id);
  }
  return ids;
}

/** @returns the ids whose change was written, exactly. */
export async function compareAndSet<Stored extends Revised>(
  model: Model<Stored>,
  changes: readonly Change[],
): Promise<Set<string>> {
  let left = changes;
  for (let tries = 0; left.length >= FEWEST_TOGETHER && tries < MOST_TOGETHER_TRIES; tries += 1) {
    const outcome = await writeTogether(model, left.map(asOperation), left.length);
    if (outcome === 'written') return new Set(left.map((change) => change.id));
    if (outcome === 'unsupported') break;
    left = await stillAtTheirRev(model, left);
  }
  return writeEach(model, left);
}

/**
 * Updates that need not be told apart, in one flush where the engine can; each must be right by
 * itself, in any order, and harmless when repeated.
 */
export async function updateAll<Stored extends { _id: string }>(
  model: Model<Stored>,
  updates: readonly Operation[],
): Promise<void> {
  if (updates.length === 0) return;
  if (updates.length >= FEWEST_TOGETHER) {
    if ((await writeTogether(model, updates, null)) === 'written') return;
  }
  await native(model).bulkWrite(updates, { ...DURABLE, ordered: false });
}

type Row = mongo.Document & { _id: string };
export type Operation = mongo.AnyBulkWriteOperation<Row>;
type Together = 'written' | 'raced' | 'unsupported';

/** Connections whose server knows no transactions: there each row has its own flush. */
const withoutTransactions = new WeakSet<Connection>();

async function writeTogether<Stored extends { _id: string }>(
  model: Model<Stored>,
  operations: readonly Operation[],
  expected: number | null,
): Promise<Together> {
  if (withoutTransactions.has(model.db)) return 'unsupported';
  let session: mongo.ClientSession | null = null;
  try {
    session = await model.db.startSession();
    session.startTransaction({ ...DURABLE, readConcern: { level: 'majority' } });
    const { matchedCount } = await native(model).bulkWrite(operations, { session });
    if (expected !== null && matchedCount !== expected) return 'raced';
    await session.commitTransaction();
    return 'written';
  } catch (error) {
    if (isConflict(error)) return 'raced';
    if (!isWithoutTransactions(error)) throw error;
    withoutTransactions.add(model.db);
    return 'unsupported';
  } finally {
    // Ends an open transaction too: what was not committed is undone.
    await session?.endSession();
  }
}

/** Of those that lost nothing yet: whose stored row is at the `rev` that was read. */
async function stillAtTheirRev<Stored extends Revised>(
  model: Model<Stored>,
  changes: readonly Change[],
): Promise<readonly Change[]> {
  const _id = { $in: changes.map((change) => change.id) };
  const stored = await native(model)
    .find({ _id }, { projection: { rev: 1 } })
    .toArray();
  const revs = new Map(stored.map((row) => [row._id, row['rev'] as unknown]));
  return changes.filter((change) => revs.get(change.id) === change.rev);
}

async function writeEach<Stored extends Revised>(
  model: Model<Stored>,
  changes: readonly Change[],
): Promise<Set<string>> {
  const written = new Set<string>();
  const waiting = changes.values();
  const work = async (): Promise<void> => {
    for (const change of waiting) if (await writeOne(model, change)) written.add(change.id);
  };
  await Promise.all(Array.from({ length: Math.min(MOST_AT_ONCE, changes.length) }, work));
  return written;
}

async function writeOne<Stored extends Revised>(
  model: Model<Stored>,
  { id, rev, write }: Change,
): Promise<boolean> {
  const rows = native(model);
  const filter = { _id: id, rev };
  const { matchedCount } =
    'update' in write
      ? await rows.updateOne(filter, write.update, DURABLE)
      : await rows.replaceOne(filter, write.replace, DURABLE);
  return matchedCount === 1;
}

/**
 * One alone is set field by field, and engines then touch only those indexes that differ; among
 * many, whole rows are quicker. See src/decisions/0007-a-batch-shares-one-flush.md.
 */
function changeOf(record: Revised, shape: SaveShape | undefined): Change {
  const { _id: id, rev } = record;
  const replace: Fields = { ...raised(record) };
  if (shape === undefined) return { id, rev, write: { replace } };
  const update = updateOf(replace, shape);
  return { id, rev, write: shape.kept.length > 0 ? { update } : { replace, update } };
}

function updateOf(row: Fields, { kept, optional }: SaveShape): Fields {
  const $set = { ...row };
  const absent = optional.filter((name) => $set[name] === undefined);
  for (const name of ['_id', ...kept, ...absent]) delete $set[name];
  const $unset = Object.fromEntries(absent.map((name) => [name, '']));
  return { $set, ...(absent.length > 0 && { $unset }) };
}

function asOperation({ id, rev, write }: Change): Operation {
  const filter = { _id: id, rev };
  return 'replace' in write
    ? { replaceOne: { filter, replacement: write.replace } }
    : { updateOne: { filter, update: write.update } };
}

const isFresh = (record: Revised): boolean => record.rev === 0;

function raised<Stored extends Revised>(record: Stored): Stored {
  return { ...record, rev: record.rev + 1 };
}

function refuseRepeats(records: readonly Revised[]): void {
  const ids = new Set(records.map((record) => record._id));
  if (ids.size !== records.length) throw new RangeError('A batch names each row once.');
}

/** Another writer was at one of the rows; nothing of this transaction is kept. */
function isConflict(error: unknown): boolean {
  return hasCode(error, 112, 251) && !error.hasErrorLabel('UnknownTransactionCommitResult');
}

/** A single server without a replica set, or an engine that never learnt it. */
function isWithoutTransactions(error: unknown): boolean {
  return hasCode(error, 20, 263) || error instanceof mongo.MongoCompatibilityError;
}

function hasCode(error: unknown, ...codes: readonly number[]): error is mongo.MongoServerError {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'number' && codes.includes(code);
}

/** The driver's own collection: whole records, no casting. */
function native<Stored extends { _id: string }>(model: Model<Stored>): mongo.Collection<Row> {
  return model.collection as unknown as mongo.Collection<Row>;
}
