/** How a box signs a call and how we check it, side by side; knows no box, clock or nonce. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** One call as it came over the wire. Texts are taken as sent, neither lower-cased nor decoded. */
export interface BoxCall {
  readonly method: string;
  /** Without host and query; see `pathAsSent`. */
  readonly path: string;
  /** Unix seconds at sending. */
  readonly time: string;
  /** A UUID per attempt. */
  readonly nonce: string;
  /** The box's id, or `pair_XXXX` while it is being paired. */
  readonly key: string;
  readonly objectKey: string;
  readonly ownerKey: string;
  /** The raw bytes; empty if there is no body. */
  readonly body: Uint8Array;
}

/** The nine lines that a box signs, joined by LF with none at the end. */
export function stringToSign(call: BoxCall): string {
  return [
    SCHEME,
    call.method.toUpperCase(),
    call.path,
    call.time,
    call.nonce,
    call.key,
    call.objectKey,
    call.ownerKey,
    createHash('sha256').update(call.body).digest('hex'),
  ].join('\n');
}

/** `SL1=` and the Base64 HMAC-SHA256 of those lines; the secret is UTF-8 text, never decoded. */
export function signBoxCall(call: BoxCall, secret: string): string {
  return signature(stringToSign(call), secret);
}

export interface SignatureCheck {
  readonly call: BoxCall;
  /** The header as sent, `SL1=…`. */
  readonly signature: string;
  /** Every secret that is valid for the key now; none for an unknown key. */
  readonly secrets: readonly string[];
}

/**
 * True when one of the secrets made the signature. Takes the same time for an unknown key, a wrong
 * signature and a right one, and whatever the number of secrets up to four (a box never holds
 * more). An empty secret is no secret.
 */
export function isRightSignature({ call, signature: given, secrets }: SignatureCheck): boolean {
  const text = stringToSign(call);
  const candidates = secrets.filter((secret) => secret !== '');
  const slots = Math.max(candidates.length, SECRET_SLOTS);
  let matches = 0;
  for (let slot = 0; slot < slots; slot += 1) {
    const isReal = Number(slot < candidates.length);
    matches |= isReal & Number(isEqual(given, signature(text, candidates[slot] ?? DUMMY_SECRET)));
  }
  return matches === 1;
}

/** The headers of a signed call, in lower case as Node gives them, with the form of each. */
const PATTERNS = {
  key: ['x-tier-key', /^(?:box_\w{1,40}|pair_[A-Z0-9]{4})$/],
  time: ['x-tier-time', /^\d{1,12}$/],
  nonce: ['x-tier-nonce', /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i],
  signature: ['x-tier-sig', /^SL1=[A-Za-z0-9+/]{43}=$/],
  objectKey: ['x-secondlife-object-key', /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i],
  ownerKey: ['x-secondlife-owner-key', /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i],
} as const satisfies Record<string, readonly [header: string, form: RegExp]>;

export type BoxHeaders = { readonly [Field in keyof typeof PATTERNS]: string };

/** The six headers that a signature rests on; null if one is missing, repeated or malformed. */
export function readBoxHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): BoxHeaders | null {
  const read: Partial<Record<keyof BoxHeaders, string>> = {};
  for (const field of FIELDS) {
    const [name, form] = PATTERNS[field];
    const value = headers[name];
    if (typeof value !== 'string' || !form.test(value)) return null;
    read[field] = value;
  }
  return read as BoxHeaders;
}

/** The path that was signed, from a request target: without host and query, not decoded. */
export function pathAsSent(requestTarget: string): string {
  const path = requestTarget.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
  return path === '' ? '/' : path;
}

const SCHEME = 'SL1';
const FIELDS = Object.keys(PATTERNS) as (keyof BoxHeaders)[];

/** How many secrets each check tries at least, with dummies in the empty places. */
const SECRET_SLOTS = 4;

/** Signs in place of a secret that is not there; nobody knows it, and a match would not count. */
const DUMMY_SECRET = randomBytes(48).toString('base64');

function signature(text: string, secret: string): string {
  return `${SCHEME}=${createHmac('sha256', secret).update(text, 'utf8').digest('base64')}`;
}

/** Compares all bytes of the right one's length, whatever was given; its length is no secret. */
function isEqual(given: string, right: string): boolean {
  const expected = Buffer.from(right);
  const candidate = Buffer.alloc(expected.length);
  candidate.write(given);
  return timingSafeEqual(candidate, expected) && Buffer.byteLength(given) === expected.length;
}
