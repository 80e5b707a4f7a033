/** What flows and jobs may ask of the upstream provider; implemented by the provider room alone. */
import type { StreamId, TxId, UnitId } from '../../domain/ids';
import type { Agent, TransactionWord } from '../../domain/payments/transaction';
import type { Instant } from '../../domain/time';
import type { UnitWord } from '../../domain/unit';

/** One page of a list; `time` is the provider's clock when it answered. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
  readonly time: Instant;
  /** Rows that broke the schema: kept aside and counted, they do not stop the page. */
  readonly unreadable: readonly Unreadable[];
}

export interface Unreadable {
  /** The id where one could be read, so that it can be fetched alone. */
  readonly id: string | null;
  readonly fault: string;
  /** At most 2,000 characters of what was received. */
  readonly excerpt: string;
}

export interface TransactionQuery {
  readonly unitId?: UnitId;
  readonly updatedAfter?: Instant;
  readonly cursor?: string;
  /** 1–500. */
  readonly limit: number;
}

export interface UnitQuery {
  readonly updatedAfter?: Instant;
  readonly cursor?: string;
  readonly limit: number;
}

export interface ExpiryChange {
  readonly unitId: UnitId;
  readonly rentedUntil: Instant;
  readonly tenant: Agent | null;
  readonly reason: string;
  readonly ifVersion: number;
  readonly idempotencyKey: string;
}

export interface LockChange {
  readonly unitId: UnitId;
  readonly locked: boolean;
  readonly reason: string;
  readonly ifVersion: number;
}

/**
 * `stale`: 409, `ifVersion` is not current. `by-hand`: 501, the provider has no such call, or it
 * refuses this change (any other 4xx that is about the change): `refusal` is what it said.
 */
export type ChangeOutcome =
  | { readonly kind: 'changed'; readonly unit: UnitWord }
  | { readonly kind: 'stale' }
  | { readonly kind: 'by-hand'; readonly refusal?: string }
  | { readonly kind: 'no-such-unit' };

/**
 * The provider's REST API. Look-ups answer null for 404. Every call throws `ProviderUnavailable`
 * when time-outs (10 s), network errors, 429 or 5xx outlast the retries, or the answer is
 * unreadable.
 */
export interface ProviderApi {
  health(signal?: AbortSignal): Promise<{ status: string; seq: number; time: Instant }>;
  transaction(txId: TxId, signal?: AbortSignal): Promise<TransactionWord | null>;
  transactions(query: TransactionQuery, signal?: AbortSignal): Promise<Page<TransactionWord>>;
  unit(unitId: UnitId, signal?: AbortSignal): Promise<UnitWord | null>;
  units(query: UnitQuery, signal?: AbortSignal): Promise<Page<UnitWord>>;
  setExpiry(change: ExpiryChange, signal?: AbortSignal): Promise<ChangeOutcome>;
  setLock(change: LockChange, signal?: AbortSignal): Promise<ChangeOutcome>;
}

/** The provider could not be asked, or did not answer readably. `mayRetry` is false for 401. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable';
  constructor(
    message: string,
    readonly mayRetry: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface StreamCursor {
  readonly streamId: StreamId;
  readonly seq: number;
}

/** What one connection to the status stream yields, in the order in which it was read. */
export type StreamSignal =
  | {
      readonly kind: 'hello';
      readonly streamId: StreamId;
      readonly seq: number;
      readonly oldest: number;
      readonly heartbeatMs: number;
      readonly time: Instant;
    }
  | {
      readonly kind: 'transaction';
      readonly seq: number;
      readonly time: Instant;
      readonly word: TransactionWord;
    }
  | { readonly kind: 'unit'; readonly seq: number; readonly time: Instant; readonly word: UnitWord }
  /** A notice, or an event type that we do not know: carried, counted, covers its `seq`. */
  | {
      readonly kind: 'notice';
      readonly seq: number;
      readonly time: Instant;
      readonly type: string;
      readonly text: string;
    }
  | { readonly kind: 'heartbeat'; readonly seq: number; readonly time: Instant }
  | { readonly kind: 'gap'; readonly oldest: number }
  /** A frame that is no JSON, or breaks the schema. `seq` and the ids where they could be read. */
  | {
      readonly kind: 'unreadable';
      readonly seq: number | null;
      readonly time: Instant | null;
      readonly txId: TxId | null;
      readonly unitId: UnitId | null;
      readonly fault: string;
      readonly excerpt: string;
    }
  | { readonly kind: 'bye'; readonly reason: string; readonly retryMs: number };

/** Why a connection ended; `retry: never` for close code 4001 (bad token). */
export interface StreamEnd {
  readonly code: number | null;
  readonly reason: string;
  readonly retry: 'backoff' | 'never';
  /** From the server's `bye`, null when it gave none. */
  readonly retryMs: number | null;
}

/** One live connection; iterate `signals` until it ends, then read `end`. */
export interface StreamConnection {
  /**
   * Ends (never throws) when the link is closed, judged dead, or `close()` is called. Bounded: when
   * the reader falls behind, the socket is paused and the dead-link clock stands still. */
  readonly signals: AsyncIterable<readonly StreamSignal[]>;
  /** Settles after `signals` has ended. */
  readonly end: Promise<StreamEnd>;
  /** Optional word to the server that everything up to `seq` is stored. */
  ack(seq: number): void;
  /** Terminates the socket at once; idempotent. */
  close(): void;
}

export interface StatusStream {
  /** Opens one connection and subscribes after `cursor` (null: from now on). Never throws. */
  connect(cursor: StreamCursor | null): StreamConnection;
}
