/** What callers may send, as zod schemas with limits; the schema of faults is in `faults.ts`. */
import { z } from 'zod';
import { MAX_LINDENS } from '../../src/domain/money';
import { parseInstant } from '../../src/domain/time';

/** Opaque printable ASCII, 1–128. */
export const unitIdSchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1–128 ASCII characters');
const txIdSchema = z.string().regex(/^[\x21-\x7e]{1,64}$/, 'must be 1–64 ASCII characters');
const keySchema = z.guid().toLowerCase();
const text = z.string().max(255);

const instantSchema = z.string().transform((value, context) => {
  try {
    return parseInstant(value);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be RFC 3339 with a zone, 2000–2100' });
    return z.NEVER;
  }
});

const agentSchema = z.object({ key: keySchema, name: text });
/** A payer may be named by the key alone. */
const payerSchema = z.union([keySchema.transform((key) => ({ key, name: '' })), agentSchema]);

const limitSchema = z.coerce.number().pipe(z.int().min(1).max(500)).default(100);
const cursorSchema = z.string().max(512).optional();

export const transactionListSchema = z.object({
  unit: unitIdSchema.optional(),
  updatedAfter: instantSchema.optional(),
  cursor: cursorSchema,
  limit: limitSchema,
});

export const unitListSchema = transactionListSchema.omit({ unit: true });

export const truthListSchema = z.object({
  cursor: z.coerce.number().pipe(z.int().min(0)).default(0),
  limit: limitSchema,
});

export const stateQuerySchema = z.object({
  limit: limitSchema,
  unitsCursor: cursorSchema,
  transactionsCursor: cursorSchema,
});

const versionSchema = z.int().min(0);
const reasonSchema = z.string().min(1).max(1_000);

/** `tenant` absent or null leaves the tenant as it is: nobody is evicted by a field left out. */
export const expiryChangeSchema = z.object({
  rentedUntil: instantSchema,
  tenant: agentSchema.nullish(),
  reason: reasonSchema,
  ifVersion: versionSchema,
});
export type ExpiryChange = z.output<typeof expiryChangeSchema>;

export const lockChangeSchema = z.object({
  locked: z.boolean(),
  reason: reasonSchema,
  ifVersion: versionSchema,
});
export type LockChange = z.output<typeof lockChangeSchema>;

export const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{1,255}$/);

/** `paidAt` absent: now. Null: the box took it now, and the transaction does not say when. */
export const paymentSchema = z.strictObject({
  unit: unitIdSchema,
  payer: payerSchema,
  amount: z.int().min(1).max(MAX_LINDENS),
  paidAt: instantSchema.nullish(),
  txId: txIdSchema.optional(),
});
export type PaymentInput = z.output<typeof paymentSchema>;

const unitFields = z.strictObject({
  objectKey: keySchema,
  name: text,
  region: text,
  parcel: text,
  tenant: agentSchema.nullable(),
  rentedUntil: instantSchema.nullable(),
  status: z.enum(['available', 'rented', 'overdue', 'reserved', 'unreachable']),
  price: z.int().min(1).max(MAX_LINDENS),
  term: z.enum(['day', 'week', 'month']),
  locked: z.boolean(),
});

/**
 * A unit is vacant, at L$ 250 a week, unless it says otherwise; its status follows from its time.
 */
export const unitSchema = unitFields.extend({ id: unitIdSchema }).partial();
export type UnitInput = z.output<typeof unitSchema>;

/** A change from outside: re-rezzed, evicted, re-priced, out of reach. */
export const unitChangeSchema = unitFields.partial();
export type UnitChange = z.output<typeof unitChangeSchema>;

const MOST_UNITS = 1_000_000;
/** One unit, a list of them, or a number to be made up from the seed. */
export const addUnitsSchema = z.union([
  z.strictObject({ count: z.int().min(1).max(MOST_UNITS) }),
  z.strictObject({ units: z.array(unitSchema).min(1).max(10_000) }),
  unitSchema,
]);

export const noticeSchema = z.strictObject({
  type: z
    .string()
    .regex(/^[a-z][a-z-]{0,39}$/)
    .default('notice'),
  text: z.string().max(2_000),
});
export type NoticeInput = z.output<typeof noticeSchema>;

export const resetSchema = z.strictObject({
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  units: z.int().min(0).max(MOST_UNITS).optional(),
});
export type ResetInput = z.output<typeof resetSchema>;

/** First frame of a client. `stream` or `after` null: from now on. */
export const subscribeSchema = z.object({
  op: z.literal('subscribe'),
  stream: z.string().max(128).nullable(),
  after: z.int().min(0).nullable(),
});
export type Subscription = z.output<typeof subscribeSchema>;

export const ackSchema = z.object({ op: z.literal('ack'), seq: z.int().min(0) });
