/** Makes durable inserts, one after the other: what the time of a credit is compared with. */
import type { mongo } from 'mongoose';
import type { Log } from '../../../src/flows/ports/log-port';
import { realClock } from '../../../src/jobs/real-clock';
import { connectDatabase } from '../../../src/mongo/connection';
import { ensureIndexes } from '../../../src/mongo/indexes';
import { MONEY_INDEXES } from '../../../src/mongo/money/money-indexes';
import { serveParent } from './serve-parent';

export interface InsertInput {
  readonly uri: string;
  readonly database: string;
}

export type InsertCalls = {
  readonly open: (input: InsertInput) => Promise<void>;
  /** Milliseconds of ten durable inserts, one after the other. */
  readonly insertTen: (input: null) => Promise<number>;
};

serveParent({ open, insertTen } satisfies InsertCalls);

type Row = mongo.Document & { _id: string };

const BARE = 'bare_entries';

let bare: mongo.Collection<Row> | null = null;
let inserted = 0;

async function open({ uri, database }: InsertInput): Promise<void> {
  const { connection } = await connectDatabase({ uri, database, log: quiet, clock: realClock });
  const indexes = MONEY_INDEXES.filter(({ collection }) => collection === 'entries');
  await ensureIndexes(
    connection,
    indexes.map((index) => ({ ...index, collection: BARE })),
  );
  bare = connection.collection<Row>(BARE);
}

const INSERTS = 10;
const DURABLE = { writeConcern: { w: 'majority', journal: true } } as const;

async function insertTen(_input: null): Promise<number> {
  if (bare === null) throw new Error('Nothing has been opened.');
  const began = performance.now();
  for (let i = 0; i < INSERTS; i += 1) await bare.insertOne(entryLike((inserted += 1)), DURABLE);
  return performance.now() - began;
}

/** As long and as much indexed as an entry is. */
function entryLike(n: number): Row {
  const tenancyId = `r_bare${n % 1000}:1`;
  const now = new Date();
  return {
    _id: `${tenancyId}:${n}`,
    tenancyId,
    kind: 'paid',
    source: `tx:bare-${n}`,
    seconds: 604_800,
    amount: 250,
    at: now,
    paidAt: now,
    paymentId: `tx:bare-${n}`,
    reverses: null,
    author: 'system',
    reason: 'The provider completed the payment.',
    evidence: `transaction bare-${n}, version 3, stream 1`,
    seq: n,
  };
}

const none = (): void => undefined;
const quiet: Log = { debug: none, info: none, warn: none, error: none };
