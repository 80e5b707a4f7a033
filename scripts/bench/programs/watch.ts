/** Pays and listens to the provider beside the service; makes bare inserts to compare with. */
import type { mongo } from 'mongoose';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { Log } from '../../../src/flows/ports/log-port';
import { realClock } from '../../../src/jobs/real-clock';
import { connectDatabase } from '../../../src/mongo/connection';
import { ensureIndexes } from '../../../src/mongo/indexes';
import { MONEY_INDEXES } from '../../../src/mongo/money/money-indexes';
import type { SimPayment } from './provider';
import { serveParent } from './serve-parent';

export interface WatchInput {
  readonly uri: string;
  readonly database: string;
  readonly provider: { readonly url: string; readonly token: string };
}

export type WatchCalls = {
  readonly open: (input: WatchInput) => Promise<void>;
  /** Pays, and answers what time the `completed` frame says, in whole ms since 1970. */
  readonly pay: (payment: SimPayment) => Promise<number>;
  /** Milliseconds of ten durable inserts, one after the other. */
  readonly insertTen: (input: null) => Promise<number>;
};

serveParent({ open, pay, insertTen } satisfies WatchCalls);

type Row = mongo.Document & { _id: string };

interface Opened {
  readonly bare: mongo.Collection<Row>;
  readonly provider: WatchInput['provider'];
}

const BARE = 'bare_entries';

let opened: Opened | null = null;
let inserted = 0;
/** Told what time the `completed` frame of a transaction says. */
const listeners = new Map<string, (atMs: number) => void>();

async function open({ uri, database, provider }: WatchInput): Promise<void> {
  const { connection } = await connectDatabase({ uri, database, log: quiet, clock: realClock });
  const indexes = MONEY_INDEXES.filter(({ collection }) => collection === 'entries');
  await ensureIndexes(
    connection,
    indexes.map((index) => ({ ...index, collection: BARE })),
  );
  opened = { bare: connection.collection<Row>(BARE), provider };
  await listen(provider);
}

const frameSchema = z.object({
  op: z.string(),
  type: z.string().optional(),
  time: z.string().optional(),
  data: z.object({ id: z.string(), state: z.string() }).optional().catch(undefined),
});

/** Resolves with the hello: what is paid from then on is heard. */
function listen({ url, token }: WatchInput['provider']): Promise<void> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/v1/stream`, {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  });
  socket.once('open', () =>
    socket.send(JSON.stringify({ op: 'subscribe', stream: null, after: null })),
  );
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.on('message', (data: Buffer) => {
      const frame = frameSchema.parse(JSON.parse(data.toString('utf8')));
      if (frame.op === 'hello') resolve();
      if (frame.type !== 'transaction' || frame.data?.state !== 'completed') return;
      listeners.get(frame.data.id)?.(Date.parse(frame.time ?? ''));
    });
  });
}

async function pay(payment: SimPayment): Promise<number> {
  const { provider } = theOpened();
  const { txId } = payment;
  const completed = new Promise<number>((resolve) => listeners.set(txId, resolve));
  const answer = await fetch(`${provider.url}/sim/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payment),
  });
  if (answer.status !== 201) throw new Error(`The payment was answered with ${answer.status}.`);
  const completedAt = await completed;
  listeners.delete(txId);
  return completedAt;
}

const INSERTS = 10;
const DURABLE = { writeConcern: { w: 'majority', journal: true } } as const;

async function insertTen(_input: null): Promise<number> {
  const { bare } = theOpened();
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

function theOpened(): Opened {
  if (opened === null) throw new Error('Nothing has been opened.');
  return opened;
}

const none = (): void => undefined;
const quiet: Log = { debug: none, info: none, warn: none, error: none };
