/**
 * The rows of `tier-provider/1`, transaction and unit, read into the domain's words. Fields and
 * words that we do not know are carried or passed over, never refused; a row that breaks the schema
 * is answered as a fault, and thrown at nobody.
 */
import { z } from 'zod';
import { NULL_KEY, parseAgentKey, parseObjectKey } from '../domain/ids';
import { lindens, MAX_LINDENS } from '../domain/money';
import { seconds } from '../domain/time';
import { TX_STATES, type TransactionWord, type TxState } from '../domain/payments/transaction';
import { UNIT_STATUSES, type UnitStatus, type UnitWord } from '../domain/unit';
import { cutText } from './cut-text';
import { boundedText, count, parsedBy, time, txId, unitId, wordIn } from './scalars';

/** What reading came to; `fault` names fields and what is wrong with them, never their content. */
export type Reading<Word> =
  | { readonly kind: 'read'; readonly word: Word }
  | { readonly kind: 'fault'; readonly fault: string };

const MOST_NAME = 500;
const MOST_MESSAGE = 4_000;
const MOST_WORD = 64;
const MOST_FAULT = 300;
const TERMS = ['day', 'week', 'month'] as const;

/** Any Unicode, perhaps empty; display data, so that a strange one never costs a payment. */
const name = boundedText(MOST_NAME);
const agent = z.object({ key: z.string().transform(parsedBy(parseAgentKey)), name });
/** The nil key is nobody's: some adapters name it where the protocol says null. */
const tenant = agent
  .nullish()
  .transform((one) => (one === undefined || one?.key === NULL_KEY ? null : one));
const timeOrNull = time.nullish().transform((at) => at ?? null);
const countOrNull = count.nullish().transform((n) => n ?? null);

const transaction = z
  .object({
    id: txId,
    version: count,
    unit: unitId,
    payer: agent,
    tenant,
    amount: z.number().transform(parsedBy(lindens)),
    paidAt: timeOrNull,
    state: boundedText(MOST_WORD),
    message: boundedText(MOST_MESSAGE),
    creditedSeconds: countOrNull,
    unitVersion: countOrNull,
    updatedAt: time,
  })
  .transform(({ id, unit: itsUnit, state, creditedSeconds, ...row }): TransactionWord => ({
    ...row,
    txId: id,
    unitId: itsUnit,
    state: wordIn<TxState>(TX_STATES, state) ?? 'unknown',
    stateWord: state,
    creditedSeconds: creditedSeconds === null ? null : seconds(creditedSeconds),
  }));

const unit = z
  .object({
    id: unitId,
    version: count,
    objectKey: z.string().transform(parsedBy(parseObjectKey)).nullish(),
    name,
    region: name,
    parcel: name,
    tenant,
    rentedUntil: timeOrNull,
    status: boundedText(MOST_WORD),
    price: z.int().min(0).max(MAX_LINDENS).nullish(),
    term: boundedText(MOST_WORD),
    locked: z.boolean().nullish(),
    updatedAt: time,
  })
  // Field by field: a sweep reads very many of these, and a rest of fields is made slowly.
  .transform((row): UnitWord => ({
    unitId: row.id,
    version: row.version,
    objectKey: row.objectKey ?? null,
    name: row.name,
    region: row.region,
    parcel: row.parcel,
    tenant: row.tenant,
    rentedUntil: row.rentedUntil,
    status: wordIn<UnitStatus>(UNIT_STATUSES, row.status) ?? 'unknown',
    // A price of 0 buys no number of seconds: it is none.
    price: row.price === 0 ? null : (row.price ?? null),
    term: wordIn(TERMS, row.term),
    locked: row.locked ?? false,
    updatedAt: row.updatedAt,
  }));

export const readTransaction = (row: unknown): Reading<TransactionWord> => readBy(transaction, row);
export const readUnit = (row: unknown): Reading<UnitWord> => readBy(unit, row);

/** Reads by any schema of this room; the fault fits in a log line. */
export function readBy<Word>(schema: z.ZodType<Word>, value: unknown): Reading<Word> {
  const result = schema.safeParse(value);
  if (result.success) return { kind: 'read', word: result.data };
  const faults = result.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`);
  return { kind: 'fault', fault: cutText(faults.join('; '), MOST_FAULT) };
}
