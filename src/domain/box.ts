/** A tierbox as we know it: who it is, what it signs with, when it was heard; makes no secrets. */
import type { AgentKey, BoxId, ObjectKey, RentalId } from './ids';
import type { Instant } from './time';

export const BOX_STATES = ['unpaired', 'paired', 'retired'] as const;
export type BoxState = (typeof BOX_STATES)[number];

/** One secret that a box may sign with; `until` null = no end set. */
export interface BoxSecret {
  readonly text: string;
  readonly since: Instant;
  readonly until: Instant | null;
}

/** A secret as it is stored, which none of our keys opens: nobody can be verified by it. */
export interface UnopenedSecret {
  readonly sealed: string;
  readonly since: Instant;
  readonly until: Instant | null;
}

/** One-use pairing: the code signs the registration, and names its box by `key` (`pair_XXXX`). */
export interface Pairing {
  readonly key: string;
  readonly code: string;
  readonly expiresAt: Instant;
  /** The object that used it, which alone may repeat the call; null = nobody yet. */
  readonly usedBy: { readonly objectKey: ObjectKey; readonly ownerKey: AgentKey } | null;
}

export interface Box {
  readonly id: BoxId;
  readonly rev: number;
  readonly rentalId: RentalId;
  readonly state: BoxState;
  readonly objectKey: ObjectKey | null;
  readonly ownerKey: AgentKey | null;
  /** One or two valid at a time; at most 4 kept. */
  readonly secrets: readonly BoxSecret[];
  /** Kept as they are stored, should their key come back. */
  readonly unopened: readonly UnopenedSecret[];
  /** Offered in standing answers until the box first signs with it. */
  readonly nextSecret: BoxSecret | null;
  readonly pairing: Pairing | null;
  /** Object keys that were, newest last; at most 100. */
  readonly keyHistory: readonly { readonly objectKey: ObjectKey; readonly until: Instant }[];
  /** Object keys that asked with a valid signature and the same owner; at most 20. */
  readonly rebindAsked: readonly { readonly objectKey: ObjectKey; readonly at: Instant }[];
  readonly lastSeenAt: Instant | null;
  /** Events waiting in the box, as it said last. */
  readonly outbox: number | null;
  readonly version: string | null;
  /** HTTP-in address from a signed hello. */
  readonly url: string | null;
  readonly rezzedAt: Instant | null;
  readonly snapshot: Snapshot | null;
  readonly createdAt: Instant;
}

/** What the provider's box says in-world about its rental. */
export interface Snapshot {
  readonly at: Instant;
  /** Seconds, may be negative. */
  readonly left: number;
  /** Null for the null UUID. */
  readonly renter: AgentKey | null;
  readonly locked: boolean | null;
  readonly reserved: string | null;
  readonly pricePerWeek: number | null;
  readonly prims: number | null;
  readonly over: boolean | null;
  readonly rezzed: Instant | null;
  readonly tenants: readonly AgentKey[];
}

/** Seconds between two polls of a box; it is unreachable after three that it missed. */
export const POLL_SECONDS = 300;

export function isReachable(box: Pick<Box, 'lastSeenAt'>, now: Instant): boolean {
  return box.lastSeenAt !== null && now - box.lastSeenAt < 3 * POLL_SECONDS * 1000;
}

/** A box that was never paired, nor heard. */
export function newBox(id: BoxId, rentalId: RentalId, createdAt: Instant): Box {
  return {
    id,
    rev: 0,
    rentalId,
    state: 'unpaired',
    objectKey: null,
    ownerKey: null,
    secrets: [],
    unopened: [],
    nextSecret: null,
    pairing: null,
    keyHistory: [],
    rebindAsked: [],
    lastSeenAt: null,
    outbox: null,
    version: null,
    url: null,
    rezzedAt: null,
    snapshot: null,
    createdAt,
  };
}
