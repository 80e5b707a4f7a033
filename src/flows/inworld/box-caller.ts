/**
 * A call at the in-world door as its headers tell it, and what can come of letting it in; believes
 * nothing.
 */
import type { Box } from '../../domain/box';
import type { InworldObject } from '../../domain/box-secrets';
import type { BoxId, ObjectKey } from '../../domain/ids';
import type { Instant } from '../../domain/time';

/** Every header has its pattern already; the body is behind `isSignedWith`, still unread. */
export interface BoxCaller extends InworldObject {
  /** A box id, or `pair_XXXX`. */
  readonly key: string;
  /** Null where the header was missing. */
  readonly shard: string | null;
  /** Unix seconds at sending, by the box's clock. */
  readonly sentAtUnix: number;
  /** Lower case. */
  readonly nonce: string;
  /**
   * True when one of these secrets made the signature; takes the same time for none as for four.
   */
  isSignedWith(secrets: readonly string[]): boolean;
}

/** Why a call is not let in; the words are those of the answer. */
export type Turned =
  | { readonly kind: 'signature' | 'clock' | 'shard' | 'rebind' | 'nonce' }
  | { readonly kind: 'busy'; readonly retryS: number };

/** A call that was let in. Times are the server's. */
export interface VerifiedCall {
  readonly kind: 'verified';
  readonly box: Box;
  readonly caller: BoxCaller;
  readonly now: Instant;
}

/**
 * Nonces whose calls may still be in time, in this process only: a first filter on which no safety
 * rests.
 */
export interface NonceMemory {
  /** Remembers it; false where it was remembered already. */
  isNew(call: { readonly key: string; readonly nonce: string; readonly now: Instant }): boolean;
}

/** How many calls an object may make; counts calls whose signature is right. */
export interface CallBudget {
  /** Null: go on. Otherwise the seconds after which it may call again. */
  spend(objectKey: ObjectKey, now: Instant): Promise<number | null>;
}

/** How often objects other than the registered one may call for a box; each call may be written. */
export interface StrangerBudget {
  /** As `CallBudget`. */
  spend(boxId: BoxId, now: Instant): Promise<number | null>;
}
