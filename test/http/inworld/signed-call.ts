/**
 * A box's call as its headers and bytes, signed as a box signs; tests bend it where they want to.
 */
import { signBoxCall } from '../../../src/http/box-signature';
import { BOX_ID, NOW_UNIX, OBJECT, OWNER, SECRET } from './sample-estate';

export const EVENTS = '/api/inworld/v1/events';
export const STANDING = '/api/inworld/v1/standing';
export const REGISTER = '/api/inworld/v1/register';

export interface CallInput {
  readonly path: string;
  readonly method: string;
  readonly key: string;
  readonly secret: string;
  readonly objectKey: string;
  readonly ownerKey: string;
  readonly shard: string | null;
  readonly time: string;
  readonly nonce: string;
  readonly body: Buffer;
}

export interface SignedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** A body is taken as bytes, as text, or as a value to be written as JSON. */
export interface CallOptions extends Partial<Omit<CallInput, 'body'>> {
  readonly body?: unknown;
}

let calls = 0;

export function nextNonce(): string {
  calls += 1;
  return `5d0c2a44-1b7e-4c31-8a56-${calls.toString(16).padStart(12, '0')}`;
}

export function signedCall(options: CallOptions = {}): SignedCall {
  const call: CallInput = {
    path: STANDING,
    method: 'POST',
    key: BOX_ID,
    secret: SECRET,
    objectKey: OBJECT,
    ownerKey: OWNER,
    shard: 'Production',
    time: String(NOW_UNIX),
    nonce: nextNonce(),
    ...options,
    body: bytesOf(options.body),
  };
  const { method, path, time, nonce, key, objectKey, ownerKey, body, shard } = call;
  const signed = { method, path, time, nonce, key, objectKey, ownerKey, body };
  return {
    method,
    path,
    body,
    headers: {
      'content-type': 'application/json',
      'x-tier-key': key,
      'x-tier-time': time,
      'x-tier-nonce': nonce,
      'x-tier-sig': signBoxCall(signed, call.secret),
      'x-secondlife-object-key': objectKey,
      'x-secondlife-owner-key': ownerKey,
      ...(shard === null ? {} : { 'x-secondlife-shard': shard }),
    },
  };
}

export function bytesOf(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
