/**
 * Repeats the writes of a drain, barely: the same rows to the same indexes, and nothing is read.
 */
import type { mongo } from 'mongoose';
import type { Log } from '../../../src/flows/ports/log-port';
import { realClock } from '../../../src/jobs/real-clock';
import { connectDatabase, type Database } from '../../../src/mongo/connection';
import { insertionOf, replacements, settings, type Row, type Writes } from '../drain-writes';
import { serveParent } from './serve-parent';

/** `together`: a batch in one transaction, so in one flush of the log; `each` row in its own. */
export type Flush = 'together' | 'each';

export type WritesCalls = {
  /** `ours` is the service's database, `bare` one like it that nobody else writes to. */
  readonly open: (input: {
    readonly uri: string;
    readonly ours: string;
    readonly bare: string;
  }) => Promise<void>;
  /** Copies what stands before a drain, so that the same can be written to the copy. */
  readonly before: (round: RoundInput) => Promise<void>;
  /** How many rows the drain has written of each kind, by its name. */
  readonly after: (round: RoundInput) => Promise<Readonly<Record<string, number>>>;
  /** Seconds that the same writes take. */
  readonly repeat: (input: { readonly flush: Flush }) => Promise<number>;
};

export interface RoundInput {
  /** Ids of the round's transactions begin so, and no others. */
  readonly txPrefix: string;
}

const COLLECTIONS = ['transactions', 'reports', 'rentals', 'units'] as const;
type Copied = (typeof COLLECTIONS)[number];
type Rows = Readonly<Record<Copied, ReadonlyMap<string, Row>>>;

const AT_ONCE = 1_000;
const DURABLE = { writeConcern: { w: 'majority', journal: true } } as const;

let ours: Database | null = null;
let bare: Database | null = null;
let copied: Rows | null = null;
let planned: readonly Writes[] = [];

serveParent({ open, before, after, repeat } satisfies WritesCalls, async () => {
  await Promise.all([ours?.close(), bare?.close()]);
});

async function open(input: Parameters<WritesCalls['open']>[0]): Promise<void> {
  const { uri } = input;
  ours = await connectDatabase({ uri, database: input.ours, log: quiet, clock: realClock });
  bare = await connectDatabase({ uri, database: input.bare, log: quiet, clock: realClock });
}

async function before(round: RoundInput): Promise<void> {
  copied = await readRows(round);
  for (const name of COLLECTIONS) {
    const rows = [...copied[name].values()];
    for (let at = 0; at < rows.length; at += AT_ONCE) {
      const some = rows.slice(at, at + AT_ONCE);
      await rowsOf(bare, name).deleteMany({ _id: { $in: some.map(({ _id }) => _id) } });
      await rowsOf(bare, name).insertMany(some, { ...DURABLE });
    }
  }
}

async function after(round: RoundInput): Promise<Readonly<Record<string, number>>> {
  if (copied === null) throw new Error('Nothing was copied before.');
  const now = await readRows(round);
  const entries = await rowsOf(ours, 'entries')
    .find({ paymentId: { $in: [...now.transactions.keys()].map((txId) => `tx:${txId}`) } })
    .toArray();
  planned = [
    ...replacements('transactions', copied.transactions, now.transactions),
    ...replacements('reports', copied.reports, now.reports),
    insertionOf('entries', entries),
    ...settings('rentals', copied.rentals, now.rentals, ['cache', 'secondKeyAt']),
    ...settings('rentals', copied.rentals, now.rentals, ['claim']),
    ...settings('units', copied.units, now.units, ['word', 'streamRank', 'seenAt', 'rentalId']),
  ];
  const counts: Record<string, number> = {};
  for (const { name, operations } of planned)
    counts[name] = (counts[name] ?? 0) + operations.length;
  return counts;
}

/** Batch for batch, and in each batch kind for kind, as a drain goes. */
async function repeat({ flush }: { readonly flush: Flush }): Promise<number> {
  const most = Math.max(...planned.map(({ operations }) => operations.length));
  const began = performance.now();
  for (let at = 0; at < most; at += AT_ONCE) {
    for (const { collection, operations } of planned) {
      const some = operations.slice(at, at + AT_ONCE);
      if (some.length > 0) await write(rowsOf(bare, collection), some, flush);
    }
  }
  return (performance.now() - began) / 1000;
}

async function write(
  rows: mongo.Collection<Row>,
  operations: readonly mongo.AnyBulkWriteOperation<Row>[],
  flush: Flush,
): Promise<void> {
  const expected = operations.length;
  const written =
    flush === 'each' ? await writeEach(rows, operations) : await inOne(rows, operations);
  if (written !== expected) throw new Error(`${written} of ${expected} writes found their row.`);
}

async function writeEach(
  rows: mongo.Collection<Row>,
  operations: readonly mongo.AnyBulkWriteOperation<Row>[],
): Promise<number> {
  const done = await rows.bulkWrite([...operations], { ...DURABLE, ordered: false });
  return done.matchedCount + done.insertedCount;
}

async function inOne(
  rows: mongo.Collection<Row>,
  operations: readonly mongo.AnyBulkWriteOperation<Row>[],
): Promise<number> {
  const session = theBare().connection.getClient().startSession();
  try {
    session.startTransaction(DURABLE);
    const done = await rows.bulkWrite([...operations], { session });
    await session.commitTransaction();
    return done.matchedCount + done.insertedCount;
  } finally {
    await session.endSession();
  }
}

async function readRows({ txPrefix }: RoundInput): Promise<Rows> {
  const inRound = { $gte: txPrefix, $lt: `${txPrefix}\x7f` };
  const transactions = await rowsOf(ours, 'transactions').find({ _id: inRound }).toArray();
  const txIds = transactions.map(({ _id }) => _id);
  const reports = await rowsOf(ours, 'reports')
    .find({ txs: { $in: txIds } })
    .toArray();
  const rentals = await rowsOf(ours, 'rentals').find().toArray();
  const units = await rowsOf(ours, 'units').find().toArray();
  return {
    transactions: byId(transactions),
    reports: byId(reports),
    rentals: byId(rentals),
    units: byId(units),
  };
}

const byId = (rows: readonly Row[]): Map<string, Row> => new Map(rows.map((row) => [row._id, row]));

function rowsOf(database: Database | null, name: string): mongo.Collection<Row> {
  if (database === null) throw new Error('Nothing has been opened.');
  return database.connection.collection<Row>(name);
}

function theBare(): Database {
  if (bare === null) throw new Error('Nothing has been opened.');
  return bare;
}

const none = (): void => undefined;
const quiet: Log = { debug: none, info: none, warn: none, error: none };
