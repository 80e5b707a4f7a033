/**
 * The real resync over a real provider and database, and the same rows read barely, in one
 * process.
 */
import { Registry } from 'prom-client';
import { createPorts } from '../../../src/compose/ports';
import { createStores } from '../../../src/compose/stores';
import { readConfig } from '../../../src/config';
import { SYSTEM } from '../../../src/domain/ledger/entry';
import { parseSweepId } from '../../../src/domain/ids';
import { newSweep, type Sweep, type SweepCounts } from '../../../src/domain/sweep';
import { instant } from '../../../src/domain/time';
import { runResync } from '../../../src/flows/resync/run-resync';
import { createMetrics } from '../../../src/http/metrics';
import { realClock } from '../../../src/jobs/real-clock';
import { createLog } from '../../../src/log';
import { connectDatabase, type Database } from '../../../src/mongo/connection';
import { serveParent } from './serve-parent';

export interface ResyncInput {
  readonly environment: Readonly<Record<string, string>>;
  readonly database: string;
}

export interface Walked {
  readonly seconds: number;
  readonly rentals: number;
}

export type ResyncCalls = {
  readonly open: (input: ResyncInput) => Promise<void>;
  readonly resync: (input: null) => Promise<Walked & { readonly rssPeakMib: number }>;
  /** `together`: the three readings at once; else one after the other. */
  readonly read: (input: { readonly how: 'together' | 'in-turn' }) => Promise<Walked>;
};

interface Opened {
  readonly database: Database;
  readonly ports: Parameters<typeof runResync>[0];
  readonly units: { readonly url: string; readonly token: string };
}

let opened: Opened | null = null;
let runs = 0;

serveParent({ open, resync, read } satisfies ResyncCalls, async () => opened?.database.close());

async function open(input: ResyncInput): Promise<void> {
  const config = readConfig({ ...input.environment }, null);
  const log = createLog({ level: config.logLevel });
  const clock = realClock;
  const uri = config.mongo.uri?.reveal() ?? '';
  const database = await connectDatabase({ uri, database: input.database, log, clock });
  const stores = createStores(database.connection, config.secretKeys.reveal(), { log, clock });
  const metrics = createMetrics(new Registry(), {
    payments: () => stores.payments.summary(),
    breaksOpen: () => stores.breaks.countOpen(),
    asides: () => stores.asides.count(),
    foreignTransactions: () => stores.transactions.countForeign(),
    horizon: async () => (await stores.follower.read()).horizon,
    now: clock.now,
    log,
  });
  const wakeSweeps = (): void => undefined;
  const { ports } = createPorts({ config, stores, clock, log, metrics, wakeSweeps });
  const units = { url: config.provider.url, token: config.provider.token.reveal() };
  opened = { database, ports, units };
}

async function resync(_input: null): Promise<Walked & { readonly rssPeakMib: number }> {
  const { ports } = theOpened();
  const sweep = nextSweep();
  await ports.sweeps.begin(sweep);
  const watch = watchMemory();
  const began = performance.now();
  const end = await runResync(ports, { sweep, fence: 1, signal: new AbortController().signal });
  const seconds = (performance.now() - began) / 1000;
  const rssPeakMib = watch.end();
  const counts = (await ports.sweeps.get(sweep.id))?.counts;
  if (end !== 'complete' || counts === undefined || isUneven(counts)) {
    throw new Error(`The resync ended ${end}: ${JSON.stringify(counts)}`);
  }
  return { seconds, rentals: counts.compared, rssPeakMib };
}

/** The estate is in step: what is repaired or left to a person would be a fault of the bench. */
const isUneven = ({ repaired, breaks, failed }: SweepCounts): boolean =>
  repaired + breaks + failed > 0;

async function read({ how }: { readonly how: 'together' | 'in-turn' }): Promise<Walked> {
  const { database, units } = theOpened();
  const readings = [
    () => readAll(database, 'rentals'),
    () => readAll(database, 'entries'),
    () => fetchUnits(units),
  ];
  const began = performance.now();
  let rentals = 0;
  if (how === 'together') [rentals = 0] = await Promise.all(readings.map((reading) => reading()));
  else
    for (const [i, reading] of readings.entries()) {
      const rows = await reading();
      if (i === 0) rentals = rows;
    }
  return { seconds: (performance.now() - began) / 1000, rentals };
}

const ROWS_AT_ONCE = 1_000;

async function readAll({ connection }: Database, name: string): Promise<number> {
  let rows = 0;
  const cursor = connection.collection(name).find({}, { batchSize: ROWS_AT_ONCE });
  for await (const row of cursor) rows += row === null ? 0 : 1;
  return rows;
}

async function fetchUnits({ url, token }: Opened['units']): Promise<number> {
  let rows = 0;
  let cursor: string | null = null;
  do {
    const place: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await fetch(`${url}/v1/units?limit=500${place}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const page = (await answer.json()) as { data: unknown[]; next: string | null };
    rows += page.data.length;
    cursor = page.next;
  } while (cursor !== null);
  return rows;
}

const LOOK_EVERY_MS = 20;

function watchMemory(): { readonly end: () => number } {
  let peak = 0;
  const look = (): void => void (peak = Math.max(peak, process.memoryUsage.rss()));
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    end() {
      clearInterval(timer);
      look();
      return peak / 2 ** 20;
    },
  };
}

function theOpened(): Opened {
  if (opened === null) throw new Error('Nothing has been opened.');
  return opened;
}

function nextSweep(): Sweep {
  runs += 1;
  const id = parseSweepId(`swp_bench${runs}`);
  return newSweep({ id, kind: 'resync', author: SYSTEM, startedAt: instant(Date.now()) });
}
