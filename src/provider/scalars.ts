/** Schemas of single values as the provider sends them: bounded texts, instants, domain parsers. */
import { z } from 'zod';
import { RefusedValue } from '../domain/brand';
import { parseTxId, parseUnitId } from '../domain/ids';
import { parseInstant } from '../domain/time';
import { cutText } from './cut-text';

/**
 * Display text of any Unicode, cut after `most` characters; absent or null is empty. Half of a
 * surrogate pair, which no store can keep, becomes U+FFFD: a word reads back as it was kept.
 */
export const boundedText = (most: number) =>
  z
    .string()
    .nullish()
    .transform((text) => cutText(text ?? '', most));

/** A value through one of the domain's parsers; its refusal becomes an issue of the schema. */
export function parsedBy<Raw, Value>(
  parse: (raw: Raw) => Value,
): (raw: Raw, context: z.RefinementCtx) => Value {
  return (raw, context) => {
    try {
      return parse(raw);
    } catch (error) {
      if (!(error instanceof RefusedValue)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  };
}

/** RFC 3339 with a zone. */
export const time = z.string().max(40).transform(parsedBy(parseInstant));

export const txId = z.string().transform(parsedBy(parseTxId));
export const unitId = z.string().transform(parsedBy(parseUnitId));

/** A version, a sequence number: whole, from 0, exact in a double. */
export const count = z.int().min(0);

/** `word` where it is one of `words`, else null. */
export function wordIn<Word extends string>(words: readonly Word[], word: string): Word | null {
  return words.find((known) => known === word) ?? null;
}

/** JSON of a value received, for a person to look at; at most `most` characters, never throws. */
export function excerptOf(value: unknown, most: number): string {
  try {
    return cutText(JSON.stringify(value) ?? '', most);
  } catch {
    // Nested deeper than the stack; what it says does not matter any more.
    return '[nested too deeply]';
  }
}
