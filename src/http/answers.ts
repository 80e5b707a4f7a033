/**
 * Every in-world outcome as status and body: a total table, the only holder of in-world HTTP
 * numbers.
 */
import { toUnix, type Instant } from '../domain/time';

/** Closed list: the flows' outcomes and the door's own, by the words that boxes know. */
export type InworldCode =
  | 'stored'
  | 'known'
  | 'standing'
  | 'paired'
  | 'malformed'
  | 'signature'
  | 'clock'
  | 'rebind'
  | 'retired'
  | 'shard'
  | 'conflict'
  | 'nonce'
  | 'too-large'
  | 'refused'
  | 'busy'
  | 'storage'
  | 'unknown'
  | 'method';

/** Integers, and strings that `shownText` has gone over; in the order in which they are sent. */
export type AnswerFields = Readonly<Record<string, number | string>>;

export interface InworldOutcome {
  readonly code: InworldCode;
  /** Seconds; in place of the table's. */
  readonly retryS?: number;
  readonly fields?: AnswerFields;
}

export interface InworldAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Row {
  readonly status: number;
  readonly ok: 0 | 1;
  /** 0 = never: it is done, it can never be, or a person must act first. */
  readonly retryS: number;
}

const ANSWERS: Readonly<Record<InworldCode, Row>> = {
  stored: { status: 200, ok: 1, retryS: 0 },
  known: { status: 200, ok: 1, retryS: 0 },
  standing: { status: 200, ok: 1, retryS: 0 },
  paired: { status: 200, ok: 1, retryS: 0 },
  malformed: { status: 400, ok: 0, retryS: 0 },
  signature: { status: 401, ok: 0, retryS: 0 },
  clock: { status: 401, ok: 0, retryS: 1 },
  rebind: { status: 403, ok: 0, retryS: 0 },
  retired: { status: 403, ok: 0, retryS: 0 },
  shard: { status: 403, ok: 0, retryS: 0 },
  unknown: { status: 404, ok: 0, retryS: 0 },
  method: { status: 405, ok: 0, retryS: 0 },
  conflict: { status: 409, ok: 0, retryS: 0 },
  nonce: { status: 409, ok: 0, retryS: 1 },
  'too-large': { status: 413, ok: 0, retryS: 0 },
  refused: { status: 422, ok: 0, retryS: 0 },
  busy: { status: 429, ok: 0, retryS: 20 },
  // Five 5xx within a minute cut a script off: a quarter of a minute keeps a box below that.
  storage: { status: 503, ok: 0, retryS: 15 },
};

const COMMON_HEADERS = {
  'Content-Type': 'application/json; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
};

/** `now` is told to the box, so that it can correct its clock. At most 1,024 bytes. */
export function inworldAnswer(outcome: InworldOutcome, now: Instant): InworldAnswer {
  const { status, ok, retryS } = ANSWERS[outcome.code];
  const first = { ok, code: outcome.code, retry: outcome.retryS ?? retryS, t: toUnix(now) };
  const body = JSON.stringify({ ...first, ...outcome.fields });
  const allow = outcome.code === 'method' ? { Allow: 'POST' } : {};
  const length = { 'Content-Length': String(Buffer.byteLength(body)) };
  return { status, headers: { ...COMMON_HEADERS, ...allow, ...length }, body };
}

const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;

/** An integer that a script can hold. */
export const clampedInt = (value: number): number =>
  Math.min(INT_MAX, Math.max(INT_MIN, Math.trunc(value)));

/**
 * A text that a script can cut out of an answer by hand: no `]` or `}`, no control character, line
 * separator or half of a surrogate pair, and at most `mostBytes` of UTF-8, cut at a character.
 */
export function shownText(text: string, mostBytes: number): string {
  const plain = text
    .replaceAll(/\p{Surrogate}/gu, '\uFFFD')
    .replaceAll(/[\]}]/g, ')')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  let bytes = 0;
  let shown = '';
  for (const character of plain) {
    bytes += Buffer.byteLength(character);
    if (bytes > mostBytes) break;
    shown += character;
  }
  return shown;
}
