/** Bare Express routes on the same driver: one durable insert, and one document by its id. */
import express, { type Express } from 'express';
import type { AddressInfo } from 'node:net';
import type { mongo } from 'mongoose';
import type { Log } from '../../../src/flows/ports/log-port';
import { realClock } from '../../../src/jobs/real-clock';
import { connectDatabase } from '../../../src/mongo/connection';
import { ensureIndexes } from '../../../src/mongo/indexes';
import { MONEY_INDEXES } from '../../../src/mongo/money/money-indexes';
import { serveParent } from './serve-parent';

export interface BareInput {
  readonly uri: string;
  readonly database: string;
}

export type BareCalls = {
  readonly start: (input: BareInput) => Promise<{ readonly port: number }>;
};

serveParent({ start } satisfies BareCalls);

/** Beside the service's own, with the same indexes, so that an insert is the same work. */
const REPORTS = 'bare_reports';

async function start({ uri, database }: BareInput): Promise<{ readonly port: number }> {
  const { connection } = await connectDatabase({ uri, database, log: quiet, clock: realClock });
  const indexes = MONEY_INDEXES.filter(({ collection }) => collection === 'reports');
  await ensureIndexes(
    connection,
    indexes.map((index) => ({ ...index, collection: REPORTS })),
  );
  const app = express();
  addIntake(app, connection.collection<Row>(REPORTS));
  addStanding(app, connection.collection<Row>('rentals'));
  return new Promise((resolve, reject) => {
    const server = app.listen(0, '127.0.0.1', () => {
      resolve({ port: (server.address() as AddressInfo).port });
    });
    server.once('error', reject);
  });
}

type Row = mongo.Document & { _id: string };

const DURABLE = { writeConcern: { w: 'majority', journal: true } } as const;
const WEEK_MS = 604_800_000;

/**
 * The insert that an intake is, and nothing else of it: neither who calls nor what was stored
 * before.
 */
function addIntake(app: Express, reports: mongo.Collection<Row>): void {
  app.post('/events/:box', express.json(), async (req, res) => {
    await reports.insertOne(reportOf(req.params.box, req.body as PaymentBody), DURABLE);
    res.json({ ok: 1, code: 'stored', retry: 0, t: Math.floor(Date.now() / 1000) });
  });
}

interface PaymentBody {
  readonly id: string;
  readonly payer: string;
  readonly name: string;
  readonly amount: number;
  readonly at: number;
}

/** The fields that a stored report has, with those that its indexes hold. */
function reportOf(boxId: string, { id, payer, name, amount, at }: PaymentBody): Row {
  const now = new Date();
  const paidAt = new Date(at * 1000);
  const rentalId = `r_${boxId.slice(4)}`;
  const unitId = `unit-${boxId.slice(4)}`;
  const week = Math.floor(paidAt.getTime() / WEEK_MS);
  return {
    _id: `${boxId}:${id}`,
    rev: 1,
    boxId,
    eventId: id,
    rentalId,
    unitId,
    payer: { key: payer, name },
    amount,
    ...{ at: paidAt, paidAt, receivedAt: now, nextCheckAt: now },
    ...{ ref: null, settledBy: null, takes: null, tenancyId: null, creditedBy: null },
    ...{ reversedByHand: null, breaks: [], refundedInFull: false, decision: null },
    ...{ fromRetiredBox: false, unknownUpstream: false, checks: 0 },
    steps: [{ code: 'reported', at: now }],
    slot: `${unitId} ${payer} ${amount} ${week}`,
    openOf: rentalId,
    listed: { of: rentalId, at: paidAt, payer, state: 'reported' },
  };
}

/** As many fields as a standing has, of one document. */
function addStanding(app: Express, rentals: mongo.Collection<Row>): void {
  app.post('/standing/:id', async (req, res) => {
    const rental = await rentals.findOne({ _id: req.params.id });
    if (rental === null) return void res.sendStatus(404);
    const { cache, terms, name, region, parcel } = rental as unknown as StoredRental;
    const now = Date.now();
    const until = cache.paidUntil.getTime();
    const { price } = terms[0];
    res.json({
      ...{ ok: 1, code: 'standing', retry: 0, t: Math.floor(now / 1000) },
      ...{ until: Math.floor(until / 1000), left: Math.floor((until - now) / 1000) },
      ...{ stage: 'paid', pending: cache.pending, gate: 1, price: price.amount, term: 604_800 },
      ...{ min: 0, text: `${name}, ${region}, ${parcel}: ${until}`, poll: 300 },
    });
  });
}

interface StoredRental {
  readonly name: string;
  readonly region: string;
  readonly parcel: string;
  readonly cache: { readonly paidUntil: Date; readonly pending: number };
  readonly terms: readonly [{ readonly price: { readonly amount: number } }];
}

const none = (): void => undefined;
const quiet: Log = { debug: none, info: none, warn: none, error: none };
