/** The admin API as the demo asks it: what is read of each answer, and nothing else. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';

const instant = z.iso.datetime().transform((text) => Date.parse(text));
const listOf = <Row extends z.ZodType>(row: Row) =>
  z.object({ data: z.array(row), next: z.string().nullable() });

const RentalSeen = z.object({
  id: z.string(),
  name: z.string(),
  unitId: z.string().nullable(),
  standing: z.object({ stage: z.string(), paidUntil: instant.nullable(), asOf: instant }),
});
const PaymentSeen = z.object({
  txId: z.string().nullable(),
  eventId: z.string().nullable(),
  state: z.string(),
});
const EntrySeen = z.object({
  id: z.string(),
  kind: z.string(),
  seconds: z.int(),
  paymentId: z.string().nullable(),
  reverses: z.string().nullable(),
});
const LedgerSeen = z.object({ ledger: z.array(EntrySeen) });
const SweepSeen = z.object({
  id: z.string(),
  kind: z.string(),
  status: z.string(),
  counts: z.object({ compared: z.int(), repaired: z.int() }),
});
const RepairSeen = z.object({ rentalId: z.string(), kind: z.string() });
const BreakSeen = z.object({ id: z.string(), kind: z.string(), state: z.string() });
const ImportSeen = z.object({ added: z.int(), unfit: z.int() });
const PairingSeen = z.object({ pairingCode: z.string() });
const ReadinessSeen = z.object({
  status: z.string(),
  database: z.object({ engine: z.string() }),
  stream: z.object({ state: z.string() }),
});

export type RentalSeen = z.output<typeof RentalSeen>;
export type PaymentSeen = z.output<typeof PaymentSeen>;
export type EntrySeen = z.output<typeof EntrySeen>;
export type SweepSeen = z.output<typeof SweepSeen>;
export type RepairSeen = z.output<typeof RepairSeen>;
export type BreakSeen = z.output<typeof BreakSeen>;

export type AdminClient = ReturnType<typeof createAdminClient>;

const BASE = '/api/admin/v1';
const ANSWERS_WITHIN_MS = 10_000;
/** Far more pages than a demo fills, so that each list ends. */
const MOST_PAGES = 100;

/** Each call throws where the answer is a refusal or comes too late. */
export function createAdminClient(service: { readonly url: string; readonly key: string }) {
  const ask = (path: string, init: RequestInit = {}): Promise<unknown> =>
    call(`${service.url}${path}`, {
      ...init,
      headers: { ...init.headers, Authorization: `Bearer ${service.key}` },
    });
  const list = async <Row extends z.ZodType>(path: string, row: Row): Promise<z.output<Row>[]> => {
    const rows: z.output<Row>[] = [];
    let cursor = '';
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const page = listOf(row).parse(await ask(`${BASE}${path}?limit=200${cursor}`));
      rows.push(...page.data);
      if (page.next === null) return rows;
      cursor = `&cursor=${encodeURIComponent(page.next)}`;
    }
    throw new Error(`The list ${path} does not end.`);
  };
  const change = (path: string, body: object): Promise<unknown> =>
    ask(`${BASE}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
      body: JSON.stringify(body),
    });
  return {
    readiness: async () => ReadinessSeen.parse(await ask('/readyz')),
    rentals: () => list('/rentals', RentalSeen),
    payments: () => list('/payments', PaymentSeen),
    sweeps: () => list('/sweeps', SweepSeen),
    breaks: () => list('/breaks', BreakSeen),
    repairs: (sweepId: string) =>
      list(`/sweeps/${encodeURIComponent(sweepId)}/repairs`, RepairSeen),
    ledger: async (rentalId: string) =>
      LedgerSeen.parse(await ask(`${BASE}/rentals/${rentalId}`)).ledger,
    importUnits: async () => ImportSeen.parse(await change('/imports/units', {})),
    addBox: async (rentalId: string) =>
      PairingSeen.parse(await change('/boxes', { rentalId, reason: 'A box for the demo.' })),
    startResync: async () => SweepSeen.parse(await change('/sweeps', { kind: 'resync' })),
    sweep: async (id: string) =>
      SweepSeen.parse(await ask(`${BASE}/sweeps/${encodeURIComponent(id)}`)),
  };
}

async function call(url: string, init: RequestInit): Promise<unknown> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text);
  throw new Error(`${init.method ?? 'GET'} ${new URL(url).pathname}: ${answer.status} ${text}`);
}
