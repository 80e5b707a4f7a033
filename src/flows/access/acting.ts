/**
 * Who asks for something, and how far that reaches: goes with every call of a person; decides
 * nothing.
 */

/** Regions that a key is limited to; empty = all of them. */
export interface Scope {
  readonly regions: readonly string[];
}

/** A person's call that may change something. */
export interface Asking extends Scope {
  /**
   * Id under which the request is kept. Whatever it creates has a name derived from this, so that a
   * request that a crash left half-done finds what it made when it is sent again.
   */
  readonly requestId: string;
  /** The name of the key. */
  readonly author: string;
}

/** Law 10: a change has an author and a reason (3–500 characters). */
export interface Acting extends Asking {
  readonly reason: string;
}
