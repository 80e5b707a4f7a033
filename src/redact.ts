/** Makes any value fit for a log line: no secret, no endless text or depth; never throws. */
import { isNativeError } from 'node:util/types';

/** How much of one thing a line may hold; what is cut says so. */
const MOST_CHARACTERS = 2000;
const MOST_DEPTH = 8;
const MOST_PARTS = 100;
const MOST_VALUES = 1000;
const MOST_NAMES_KNOWN = 1000;
const LONGEST_NAME_KNOWN = 64;
/** No admin key is shorter, and no id of ours that stands under `key` is longer. */
const LEAST_ADMIN_KEY = 32;
const LEAST_HIDDEN = 8;

const BLOT = '[secret]';

/** Names, without case and punctuation, whose values are secret at any depth. */
const SECRET_NAME = new RegExp(
  [
    'secret|token|authori[sz]ation|passw|passphrase|pairingcode|signature|cookie|credential',
    '(admin|api|private|access)keys?$',
    '^(pass|pairing|xtiersig|sig|hmac)$',
  ].join('|'),
);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Secrets that stand inside a text, such as the message of somebody else's error. */
const SECRET_TEXTS: readonly (readonly [pattern: RegExp, shown: string])[] = [
  [/\b(mongodb(?:\+srv)?:\/\/)\S*@/gi, `$1${BLOT}@`],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"']*@/gi, `$1${BLOT}@`],
  [/\b(bearer)\s+[^\s"',]{8,}/gi, `$1 ${BLOT}`],
  [/\b(basic)\s+[a-z0-9+/]{12,}=*/gi, `$1 ${BLOT}`],
  [/\bSL1=[A-Za-z0-9+/]{43}=/g, `SL1=${BLOT}`],
  [/(?<![\w-])[A-Z0-9]{4}-[A-Z0-9]{12,}(?![\w-])/g, BLOT],
  [/([?&](?:\w{0,30}(?:token|key|secret)|password)=)[^&\s"'#]+/gi, `$1${BLOT}`],
];

/** A value as JSON can hold it, with every secret blotted out. */
type Shown = string | number | boolean | null | readonly Shown[] | ShownRecord;
export interface ShownRecord {
  readonly [name: string]: Shown;
}

/**
 * Turns log fields into what may be written. Secrets go by their name at any depth (`token`,
 * `authorization`, …), by their form inside texts (a bearer token, a password in an address), and
 * by value where they are among `hidden` (texts of at least 8 characters).
 */
export function createRedactor(hidden: readonly string[]): Redactor {
  const values = hidden.filter((value) => value.length >= LEAST_HIDDEN);
  const names = new Map<string, string>();
  const walk = (): Walk => ({ values, names, left: MOST_VALUES, above: [] });
  return {
    fields: (fields) => {
      const shown = show(fields, walk());
      return isRecord(shown) ? shown : { fields: shown };
    },
    text: (value) => text(value, walk()),
  };
}

export interface Redactor {
  readonly fields: (fields: object) => ShownRecord;
  readonly text: (value: string) => string;
}

interface Walk {
  readonly values: readonly string[];
  /** Names as they are shown: nearly all lines share them. */
  readonly names: Map<string, string>;
  /** Values that may still be shown in this line. */
  left: number;
  /** The objects around the present one: depth, and a guard against circles. */
  readonly above: object[];
}

function parts(entries: readonly (readonly [string, unknown])[], walk: Walk): ShownRecord {
  const shown = entries
    .filter(([, value]) => value !== undefined && typeof value !== 'function')
    .slice(0, MOST_PARTS)
    .map(([name, value]): [string, Shown] => [
      shownName(name, walk),
      isSecret(name, value) ? BLOT : show(value, walk),
    ]);
  const more = entries.length - MOST_PARTS;
  return Object.fromEntries(more > 0 ? [...shown, ['…', `${more} more`]] : shown);
}

function shownName(name: string, walk: Walk): string {
  const known = walk.names.get(name);
  if (known !== undefined) return known;
  const shown = text(name, walk);
  const isShort = name.length <= LONGEST_NAME_KNOWN;
  if (isShort && walk.names.size < MOST_NAMES_KNOWN) walk.names.set(name, shown);
  return shown;
}

/** A payer's `key` is a UUID and a box's is short; a long one may be an admin key. */
function isSecret(name: string, value: unknown): boolean {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return false;
  const plain = name.toLowerCase().replace(/[^a-z]/g, '');
  if (SECRET_NAME.test(plain)) return true;
  if (!/^keys?$/.test(plain)) return false;
  const keys: readonly unknown[] = Array.isArray(value) ? value : [value];
  return keys.some((key) => typeof key === 'string' && !isHarmlessKey(key));
}

function isHarmlessKey(key: string): boolean {
  return UUID.test(key) || key.length < LEAST_ADMIN_KEY;
}

function show(value: unknown, walk: Walk): Shown {
  if (walk.left <= 0) return '[cut]';
  walk.left -= 1;
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return text(value, walk);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object') return text(String(value), walk);
  if (walk.above.includes(value)) return '[circular]';
  if (walk.above.length >= MOST_DEPTH) return '[too deep]';
  walk.above.push(value);
  try {
    return showObject(value, walk);
  } catch {
    return '[unreadable]';
  } finally {
    walk.above.pop();
  }
}

function showObject(value: object, walk: Walk): Shown {
  if (isNativeError(value) || value instanceof Error) return parts(errorEntries(value), walk);
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) {
    return `[${value.byteLength} bytes]`;
  }
  if (value instanceof Map) return parts(named(value), walk);
  if (value instanceof Set) return list([...value], walk);
  if (Array.isArray(value)) return list(value, walk);
  if ('toJSON' in value && typeof value.toJSON === 'function') return show(value.toJSON(), walk);
  return parts(Object.entries(value), walk);
}

function list(values: readonly unknown[], walk: Walk): Shown {
  const shown = values.slice(0, MOST_PARTS).map((value) => show(value, walk));
  const more = values.length - MOST_PARTS;
  return more > 0 ? [...shown, `… ${more} more`] : shown;
}

function isRecord(shown: Shown): shown is ShownRecord {
  return typeof shown === 'object' && shown !== null && !Array.isArray(shown);
}

function named(map: ReadonlyMap<unknown, unknown>): [string, unknown][] {
  return [...map].map(([key, value]) => [String(key), value]);
}

/** What tells about an error, first to last; own properties such as `code` come along. */
function errorEntries(error: Error): [string, unknown][] {
  const { name, message, stack, cause } = error;
  const own = Object.entries(error).filter(([key]) => !['name', 'message', 'stack'].includes(key));
  const several = 'errors' in error ? [['errors', error.errors] as const] : [];
  return [...Object.entries({ name, message, stack }), ...own, ...several, ['cause', cause]].map(
    ([key, value]) => [String(key), value],
  );
}

/** Blots first and cuts afterwards, so that the cut leaves no half of a secret. */
function text(value: string, walk: Walk): string {
  let shown = value.slice(0, 2 * MOST_CHARACTERS);
  for (const secret of walk.values) shown = shown.replaceAll(secret, BLOT);
  for (const [pattern, blotted] of SECRET_TEXTS) shown = shown.replace(pattern, blotted);
  if (shown.length <= MOST_CHARACTERS && value.length <= 2 * MOST_CHARACTERS) return shown;
  return `${shown.slice(0, MOST_CHARACTERS)}… (${value.length} characters)`;
}
