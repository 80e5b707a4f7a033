/** The forms of the fields that boxes send, and what reading a body can come to; knows no event. */
import { z } from 'zod';
import { RefusedValue } from '../../domain/brand';
import { NULL_KEY, parseAgentKey, parseEventId, parseTxId, type AgentKey } from '../../domain/ids';
import { fromUnix, type Instant } from '../../domain/time';

export type Body<Read> =
  | { readonly kind: 'read'; readonly read: Read }
  /** No JSON object, or a field that is missing or not of its form. */
  | { readonly kind: 'malformed' }
  /** Of the right form, and yet impossible, such as an amount of 0. */
  | { readonly kind: 'refused' };

export const MALFORMED = { kind: 'malformed' } as const;
export const REFUSED = { kind: 'refused' } as const;

/** 2100-01-01: an absurd time is kept as this one, since even then real L$ changed hands. */
const LAST_UNIX = 4_102_444_800;
/** Names are display data: longer ones are cut, never refused. */
const MOST_NAME_CHARACTERS = 255;

/** At a character, never between the halves of one. */
const cut = (text: string): string =>
  text.length <= MOST_NAME_CHARACTERS ? text : [...text].slice(0, MOST_NAME_CHARACTERS).join('');

/** A parser of the domain as a schema. */
function parsed<Value>(parse: (text: string) => Value): z.ZodType<Value, string> {
  return z.string().transform((text, context): Value => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof RefusedValue)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  });
}

export const agentKey = parsed(parseAgentKey);
export const eventId = parsed(parseEventId);
export const txId = parsed(parseTxId);

/** The null UUID says that there is nobody. */
export const agentKeyOrNone = agentKey.transform((key): AgentKey | null =>
  key === NULL_KEY ? null : key,
);

/** UUIDs, comma-separated; none in an empty text. */
export const agentKeys = z
  .string()
  .transform((text) => (text === '' ? [] : text.split(',').map((key) => key.trim())))
  .pipe(z.array(agentKey).max(200));

/**
 * Any number that JSON can write, one too large for a double included: its size is judged later.
 */
export const anyNumber = z.custom<number>((value) => typeof value === 'number');

export const integer = z.int();
export const count = integer.min(0);
export const flag = z.union([z.literal(0), z.literal(1)]).transform((value) => value === 1);

/** Unix seconds. */
export const unixTime = z
  .int()
  .min(0)
  .transform((at): Instant => fromUnix(Math.min(at, LAST_UNIX)));

export const displayName = z.string().transform(cut);

/** Words that come from other people's scripts, which may write a number without quotes. */
export const word = z.union([z.string(), z.number()]).transform((said) => cut(String(said)));

/** The version of what a box speaks; more fields may come with it, and are ignored. */
export const version = z.int().min(1);
