/** Reads the bodies of the calls that are no events: register and standing; decides nothing. */
import { z } from 'zod';
import type { Instant } from '../../domain/time';
import { MALFORMED, count, integer, unixTime, version, type Body } from './body-fields';
import { readJsonObject } from './json-object';

export interface RegisterBody {
  readonly shard: string;
  readonly region: string;
  readonly rezzedAt: Instant;
}

export function readRegister(bytes: Uint8Array): Body<RegisterBody> {
  const read = Register.safeParse(readJsonObject(bytes));
  if (!read.success) return MALFORMED;
  const { shard, region, rezzed } = read.data;
  return { kind: 'read', read: { shard, region, rezzedAt: rezzed } };
}

export interface StandingBody {
  /** Events waiting in the box; null where it did not say. */
  readonly outbox: number | null;
}

/** The body may be empty. */
export function readStandingBody(bytes: Uint8Array): Body<StandingBody> {
  if (bytes.length === 0) return { kind: 'read', read: { outbox: null } };
  const read = StandingCall.safeParse(readJsonObject(bytes));
  if (!read.success) return MALFORMED;
  return { kind: 'read', read: { outbox: read.data.outbox ?? null } };
}

const Register = z.object({
  v: version,
  shard: z.string().max(255),
  region: z.string().max(255),
  rezzed: unixTime,
});

const StandingCall = z.object({
  v: version.optional(),
  /** When the box last heard us, or 0 (or -1) for never: of no use here. */
  seen: integer.optional(),
  outbox: count.optional(),
});
