/** Reads the body of an event, one of four types, into the domain's words; stores nothing. */
import { z } from 'zod';
import type { Snapshot } from '../../domain/box';
import { isLindens } from '../../domain/money';
import type { PaymentWord } from '../../flows/accept-payment';
import type { HelloWord } from '../../flows/inworld/accept-hello';
import type { ReturnedInput } from '../../flows/inworld/accept-returned';
import {
  MALFORMED,
  REFUSED,
  agentKey,
  agentKeyOrNone,
  agentKeys,
  anyNumber,
  count,
  displayName,
  eventId,
  flag,
  integer,
  txId,
  unixTime,
  version,
  word,
  type Body,
} from './body-fields';
import { readJsonObject } from './json-object';

export type BoxEvent =
  | { readonly type: 'payment'; readonly payment: PaymentWord }
  | { readonly type: 'returned'; readonly returned: ReturnedInput['returned'] }
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'hello'; readonly hello: HelloWord };

/** Unknown fields are ignored; an amount that the grid cannot carry is refused, not malformed. */
export function readEvent(bytes: Uint8Array): Body<BoxEvent> {
  const read = Event.safeParse(readJsonObject(bytes));
  if (!read.success) return MALFORMED;
  const event = read.data;
  switch (event.type) {
    case 'payment': {
      const { id, payer, name, amount, at, ref } = event;
      if (!isLindens(amount)) return REFUSED;
      const agent = { key: payer, name };
      const payment = { eventId: id, payer: agent, amount, at, ref: ref ?? null };
      return { kind: 'read', read: { type: 'payment', payment } };
    }
    case 'returned': {
      const { id, amount, at } = event;
      if (!isLindens(amount)) return REFUSED;
      return { kind: 'read', read: { type: 'returned', returned: { eventId: id, amount, at } } };
    }
    case 'snapshot':
      return { kind: 'read', read: { type: 'snapshot', snapshot: toSnapshot(event) } };
    case 'hello': {
      const { at, rezzed, version: said, url, outbox } = event;
      const hello = { at, rezzedAt: rezzed, version: said, url: url ?? null, outbox };
      return { kind: 'read', read: { type: 'hello', hello } };
    }
  }
}

const v = version.optional();

const Payment = z.object({
  v,
  type: z.literal('payment'),
  id: eventId,
  payer: agentKey,
  name: displayName,
  amount: anyNumber,
  at: unixTime,
  ref: txId.optional(),
});

const Returned = z.object({
  v,
  type: z.literal('returned'),
  id: eventId,
  amount: anyNumber,
  at: unixTime,
});

const SnapshotBody = z.object({
  v,
  type: z.literal('snapshot'),
  at: unixTime,
  left: integer,
  renter: agentKeyOrNone,
  locked: flag.optional(),
  reserved: word.optional(),
  price: integer.optional(),
  prims: integer.optional(),
  over: flag.optional(),
  rezzed: unixTime.optional(),
  tenants: agentKeys.optional(),
});

const Hello = z.object({
  v,
  type: z.literal('hello'),
  at: unixTime,
  rezzed: unixTime,
  version: word,
  url: z
    .url({ protocol: /^https?$/ })
    .max(1_024)
    .optional(),
  outbox: count,
});

const Event = z.discriminatedUnion('type', [Payment, Returned, SnapshotBody, Hello]);

function toSnapshot(event: z.infer<typeof SnapshotBody>): Snapshot {
  return {
    at: event.at,
    left: event.left,
    renter: event.renter,
    locked: event.locked ?? null,
    reserved: event.reserved ?? null,
    pricePerWeek: event.price ?? null,
    prims: event.prims ?? null,
    over: event.over ?? null,
    rezzed: event.rezzed ?? null,
    tenants: event.tenants ?? [],
  };
}
