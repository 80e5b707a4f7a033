/**
 * The admin API as whoever judges needs it: typed by schemas, every list to its end; decides
 * nothing.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { BREAK_KINDS } from '../../src/domain/break';
import { ENTRY_KINDS } from '../../src/domain/ledger/entry';
import { PAYMENT_STATES } from '../../src/domain/payments/payment';
import { REASON_CODES, STAGES } from '../../src/domain/standing';
import { REPAIR_KINDS, SWEEP_STATUSES } from '../../src/domain/sweep';

const at = z.iso.datetime().transform((text) => Date.parse(text));
const page = <Row extends z.ZodType>(row: Row) =>
  z.object({ data: z.array(row), next: z.string().nullable() });

const Standing = z.object({
  stage: z.enum(STAGES),
  paidUntil: at.nullable(),
  reasons: z.array(z.object({ code: z.enum(REASON_CODES) })),
  asOf: at,
});
const RentalRow = z.object({
  id: z.string(),
  region: z.string(),
  unitId: z.string().nullable(),
  standing: Standing,
});
const Entry = z.object({
  id: z.string(),
  kind: z.enum(ENTRY_KINDS),
  seconds: z.int(),
  amount: z.int().nullable(),
  paymentId: z.string().nullable(),
  reverses: z.string().nullable(),
});
const RentalWhole = RentalRow.extend({ ledger: z.array(Entry) });
const PaymentRow = z.object({
  id: z.string(),
  rentalId: z.string().nullable(),
  amount: z.int(),
  eventId: z.string().nullable(),
  txId: z.string().nullable(),
  state: z.enum(PAYMENT_STATES),
  entryId: z.string().nullable(),
});
const BreakRow = z.object({
  id: z.string(),
  kind: z.enum(BREAK_KINDS),
  state: z.enum(['open', 'proposed', 'resolved']),
  subjects: z.array(z.string()),
  text: z.string(),
});
const SweepRow = z.object({
  id: z.string(),
  status: z.enum(SWEEP_STATUSES),
  dryRun: z.boolean(),
  counts: z.object({ compared: z.int(), repaired: z.int(), breaks: z.int(), failed: z.int() }),
});
const RepairRow = z.object({ rentalId: z.string(), kind: z.enum(REPAIR_KINDS) });
const PairedBox = z.object({ id: z.string(), pairingCode: z.string() });
const Imported = z.object({ added: z.int(), unfit: z.int() });

/** Instants are milliseconds UTC. */
export type RentalSeen = z.output<typeof RentalRow>;
export type RentalWhole = z.output<typeof RentalWhole>;
export type EntrySeen = z.output<typeof Entry>;
export type PaymentSeen = z.output<typeof PaymentRow>;
export type BreakSeen = z.output<typeof BreakRow>;

export type AdminClient = ReturnType<typeof createAdminClient>;

const PAGE_SIZE = 200;
/** 200,000 rows: far more than any estate that is judged. */
const MOST_PAGES = 1_000;
const ANSWERS_WITHIN_MS = 20_000;

/** The service refused a call, or stands in no way to answer it. */
export class AdminRefused extends Error {
  override readonly name = 'AdminRefused';
  constructor(
    readonly status: number,
    text: string,
  ) {
    super(`${status} ${text.slice(0, 500)}`);
  }
}

interface Server {
  /** Asked anew before each call, since a service that is started again moves. */
  readonly baseUrl: () => string;
  readonly key: string;
}

export function createAdminClient(server: Server) {
  const { call, list } = createReader(server);
  return {
    rentals: () => list(RentalRow, '/rentals'),
    rental: (id: string) => call(RentalWhole, `/rentals/${encodeURIComponent(id)}`),
    createRental: (body: object) => call(RentalRow, '/rentals', body),
    payments: () => list(PaymentRow, '/payments'),
    /** Null where no witness has said anything of it. */
    async payment(name: string): Promise<PaymentSeen | null> {
      try {
        return await call(PaymentRow, `/payments/${encodeURIComponent(name)}`);
      } catch (error) {
        if (error instanceof AdminRefused && error.status === 404) return null;
        throw error;
      }
    },
    recheck: (name: string) =>
      call(PaymentRow, `/payments/${encodeURIComponent(name)}/recheck`, {}),
    /** Open ones and those that wait for a person's last word. */
    async breaks(): Promise<BreakSeen[]> {
      return (await list(BreakRow, '/breaks')).filter(({ state }) => state !== 'resolved');
    },
    sweeps: () => list(SweepRow, '/sweeps'),
    sweep: (id: string) => call(SweepRow, `/sweeps/${encodeURIComponent(id)}`),
    repairs: (id: string) => list(RepairRow, `/sweeps/${encodeURIComponent(id)}/repairs`),
    startSweep: (kind: 'resync' | 'settle', mode: 'apply' | 'dry-run' = 'apply') =>
      call(SweepRow, '/sweeps', { kind, dryRun: mode === 'dry-run', reason: 'The end of a run.' }),
    importUnits: () => call(Imported, '/imports/units', { dryRun: false, reason: 'A new estate.' }),
    createBox: (rentalId: string) =>
      call(PairedBox, '/boxes', { rentalId, reason: 'A box for the parcel.' }),
  };
}

function createReader({ baseUrl, key }: Server) {
  const call = async <Shape extends z.ZodType>(
    shape: Shape,
    path: string,
    body?: object,
  ): Promise<z.output<Shape>> => {
    const answer = await fetch(`${baseUrl()}/api/admin/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        ...(body === undefined ? {} : { 'idempotency-key': randomUUID() }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    });
    const text = await answer.text();
    if (!answer.ok) throw new AdminRefused(answer.status, text);
    return shape.parse(JSON.parse(text));
  };
  const list = async <Row extends z.ZodType>(row: Row, path: string): Promise<z.output<Row>[]> => {
    const rows: z.output<Row>[] = [];
    let cursor = '';
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const mark = path.includes('?') ? '&' : '?';
      const { data, next } = await call(page(row), `${path}${mark}limit=${PAGE_SIZE}${cursor}`);
      rows.push(...data);
      if (next === null) return rows;
      cursor = `&cursor=${encodeURIComponent(next)}`;
    }
    throw new Error(`The list ${path} has no end.`);
  };
  return { call, list };
}
