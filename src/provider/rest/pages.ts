/** Whole answers of the REST API: pages of rows, and the provider's health. */
import { z } from 'zod';
import { ProviderUnavailable, type Page, type Unreadable } from '../../flows/ports/provider-port';
import { readBy, type Reading } from '../messages';
import { boundedText, count, excerptOf, time } from '../scalars';
import type { Blot } from '../token-blot';

/** Far above the 500 that we ask for: a provider that gives a few more is read all the same. */
const MOST_ROWS = 5_000;
const MOST_CURSOR = 4_000;
const MOST_EXCERPT = 2_000;
const ID = /^[\x21-\x7e]{1,128}$/;

const page = z.object({
  data: z.array(z.unknown()).max(MOST_ROWS),
  /** An empty one would ask for the first page again, without end. */
  next: z
    .string()
    .max(MOST_CURSOR)
    .nullish()
    .transform((next) => next || null),
  time,
});
const health = z.object({ status: boundedText(64), seq: count, time });

export interface PageInput<Row> {
  readonly name: string;
  readonly value: unknown;
  readonly readRow: (row: unknown) => Reading<Row>;
  /** Where this page was asked to begin. */
  readonly cursor: string | null;
  readonly blot: Blot;
}

/**
 * Rows that break the schema are put aside; they do not stop the page.
 * @throws ProviderUnavailable when the page itself cannot be read, or leads back to itself.
 */
export function readPage<Row>({ name, value, readRow, cursor, blot }: PageInput<Row>): Page<Row> {
  const { data, next, time: at } = readWhole(page, name, value);
  if (next !== null && next === cursor) {
    throw new ProviderUnavailable(`${name} gave a page that leads back to itself.`, true);
  }
  const rows: Row[] = [];
  const unreadable: Unreadable[] = [];
  for (const row of data) {
    const reading = readRow(row);
    if (reading.kind === 'read') rows.push(reading.word);
    else {
      const excerpt = blot(excerptOf(row, MOST_EXCERPT));
      unreadable.push({ id: idOf(row), fault: reading.fault, excerpt });
    }
  }
  return { rows, next, time: at, unreadable };
}

export const readHealth = (name: string, value: unknown) => readWhole(health, name, value);

/** @throws ProviderUnavailable when `value` breaks the schema. */
export function readOne<Word>(
  name: string,
  value: unknown,
  read: (value: unknown) => Reading<Word>,
): Word {
  const reading = read(value);
  if (reading.kind === 'read') return reading.word;
  throw new ProviderUnavailable(`${name} gave an unreadable answer: ${reading.fault}`, true);
}

function readWhole<Word>(schema: z.ZodType<Word>, name: string, value: unknown): Word {
  return readOne(name, value, (whole) => readBy(schema, whole));
}

function idOf(row: unknown): string | null {
  if (typeof row !== 'object' || row === null || !('id' in row)) return null;
  return typeof row.id === 'string' && ID.test(row.id) ? row.id : null;
}
