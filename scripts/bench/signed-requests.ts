/** Box calls as the bytes that go over the wire, each freshly signed; sends none. */
import { randomUUID } from 'node:crypto';
import { signBoxCall } from '../../src/http/box-signature';
import { agentOf, boxKeys, type BoxKeys } from './estate';

export type BoxCallName = 'events' | 'standing';

export interface RequestsInput {
  readonly call: BoxCallName;
  /** `bare`: the same bytes, to the bare route of the same call. */
  readonly to: 'service' | 'bare';
  readonly count: number;
  /** Calls go round among these, so that no object spends its budget. */
  readonly boxes: number;
}

/** Each with a nonce of its own, and a payment with an event id of its own. */
export function signedRequests({ call, to, count, boxes }: RequestsInput): Buffer[] {
  const keys = Array.from({ length: Math.min(boxes, count) }, (_, n) => boxKeys(n + 1));
  const first = Math.floor(Math.random() * keys.length);
  return Array.from({ length: count }, (_, i) => {
    const box = keys[(first + i) % keys.length];
    if (box === undefined) throw new RangeError('No box can call.');
    return requestOf(box, { call, to });
  });
}

function requestOf(box: BoxKeys, { call, to }: Pick<RequestsInput, 'call' | 'to'>): Buffer {
  const path = `/api/inworld/v1/${call}`;
  const body = Buffer.from(call === 'events' ? paymentBody() : '{"v":1,"seen":0,"outbox":0}');
  const time = String(Math.floor(Date.now() / 1000));
  const nonce = randomUUID();
  const { id: key, objectKey, ownerKey, secret, rentalId } = box;
  const signed = { method: 'POST', path, time, nonce, key, objectKey, ownerKey, body };
  const target = to === 'service' ? path : `/${call}/${call === 'events' ? key : rentalId}`;
  const head = [
    `POST ${target} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${body.length}`,
    'X-SecondLife-Shard: Production',
    `X-SecondLife-Object-Key: ${objectKey}`,
    `X-SecondLife-Owner-Key: ${ownerKey}`,
    `X-Tier-Key: ${key}`,
    `X-Tier-Time: ${time}`,
    `X-Tier-Nonce: ${nonce}`,
    `X-Tier-Sig: ${signBoxCall(signed, secret)}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

/** One of a thousand residents pays the usual price, now. */
function paymentBody(): string {
  const payer = agentOf(Math.floor(Math.random() * 1000));
  return JSON.stringify({
    v: 1,
    type: 'payment',
    id: randomUUID(),
    payer: payer.key,
    name: payer.name,
    amount: 250,
    at: Math.floor(Date.now() / 1000),
  });
}
