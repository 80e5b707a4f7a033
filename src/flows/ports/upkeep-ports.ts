/**
 * What flows and jobs may ask of the stores that keep boxes, units, runs and access; conventions
 * as in money-ports.ts.
 */
import type { AccessKey, Audit } from '../../domain/access';
import type { Box, Snapshot } from '../../domain/box';
import type { BoxId, RentalId, ReportId, StreamId, SweepId, TxId, UnitId } from '../../domain/ids';
import type { PaymentState } from '../../domain/payments/payment';
import type { Repair, Sweep, SweepCounts, SweepKind, SweepStatus } from '../../domain/sweep';
import type { Instant } from '../../domain/time';
import type { UnitWord } from '../../domain/unit';
import type { Listing, ListInput } from './money-ports';

export interface BoxStore {
  /**
   * One by id; concurrent calls may share one read. Secrets come opened, and are kept sealed; one
   * that does not open is left out, here and in all that follows.
   */
  one(id: BoxId): Promise<Box | null>;
  get(ids: readonly BoxId[]): Promise<Box[]>;
  /** Boxes whose pairing has this key; at most 20. */
  byPairingKey(key: string): Promise<Box[]>;
  save(boxes: readonly Box[]): Promise<Set<BoxId>>;
  /** Later `lastSeenAt`, and the outbox where one was said; does not touch `rev`. */
  noteSeen(seen: readonly BoxSeen[]): Promise<void>;
  /** Keeps the snapshot unless one of the same or a later `at` is kept: then `known`. */
  keepSnapshot(id: BoxId, snapshot: Snapshot): Promise<'stored' | 'known'>;
  list(query: ListInput & { readonly regions: readonly string[] }): Promise<Listing<Box>>;
}

export interface BoxSeen {
  readonly id: BoxId;
  readonly at: Instant;
  readonly outbox: number | null;
}

export interface NonceStore {
  /** True for the first of all processes that names this nonce within `NONCE_HELD_MS`. */
  claim(boxId: BoxId, nonce: string, now: Instant): Promise<boolean>;
}

/** A unit as the provider last claimed it. */
export interface Unit extends UnitWord {
  readonly streamRank: number;
  readonly seenAt: Instant;
  readonly currentThrough: Instant | null;
  /** The rental that this unit is let as; claimed once. */
  readonly rentalId: RentalId | null;
}

export interface KeptWord {
  readonly word: UnitWord;
  readonly streamRank: number;
  readonly seenAt: Instant;
  /**
   * Everything the provider did to this unit up to here has been seen; null = nothing new known.
   */
  readonly currentThrough: Instant | null;
}

export interface UnitStore {
  /** Keeps each word unless one of a later (stream rank, version) is kept; `currentThrough` only
   * rises within a rank. */
  keep(words: readonly KeptWord[]): Promise<void>;
  get(ids: readonly UnitId[]): Promise<Unit[]>;
  /** Makes the unit this rental's; false where it is another's. */
  claim(unitId: UnitId, rentalId: RentalId): Promise<boolean>;
}

export interface ReferenceStore {
  /**
   * Claims `<type>:<reference>` for ever; true also when `by` itself holds it already.
   * @param by the id of the payment.
   */
  claim(type: string, reference: string, by: string): Promise<boolean>;
  /** Who holds it under any type, named with its type or without; at most 100. */
  find(reference: string): Promise<readonly { readonly type: string; readonly by: string }[]>;
}

/** Where the follower stands; `fence` is the highest lease number that ever wrote. */
export interface FollowerState {
  /** Stream ids in the order in which they appeared; the last is the current one. At most 1,000. */
  readonly streams: readonly StreamId[];
  readonly seq: number | null;
  readonly horizon: Instant | null;
}

export interface FollowerStore {
  read(): Promise<FollowerState>;
  /** False where a higher fence has written: the caller is no longer the follower. */
  write(state: FollowerState, fence: number): Promise<boolean>;
}

export interface LeaseStore {
  /** Takes or renews by the database's clock; null while another holder's lease runs. */
  take(name: string, holder: string, forMs: number): Promise<{ readonly fence: number } | null>;
  release(name: string, holder: string): Promise<void>;
}

/** A frame or row that could not be read: kept aside for a person. Bounded, the oldest go first. */
export interface AsideStore {
  put(rows: readonly Aside[]): Promise<void>;
  count(): Promise<number>;
}

export interface Aside {
  readonly at: Instant;
  readonly from: 'stream' | 'lookup';
  readonly seq: number | null;
  readonly fault: string;
  readonly excerpt: string;
}

export interface SweepStore {
  /** Inserts; false where the id exists (another instance took this fire). */
  begin(sweep: Sweep): Promise<boolean>;
  get(id: SweepId): Promise<Sweep | null>;
  /** Refused (false) where a higher fence has written. */
  progress(id: SweepId, fence: number, change: SweepProgress): Promise<boolean>;
  /**
   * Runs of a kind that are `running` or `incomplete`: those that a schedule wanted, then those
   * that a person asked for, each oldest first; at most 50 of either: neither hides the other.
   */
  unfinished(kind: SweepKind): Promise<Sweep[]>;
  /** Of those over a whole estate or regions; not of those about a single rental. */
  latest(kind: SweepKind): Promise<Sweep | null>;
  /** Newest first. */
  list(query: ListInput & { readonly regions: readonly string[] }): Promise<Listing<Sweep>>;
  /**
   * Keeps a repair that is about to be made, in place of one that was planned under its id; one
   * that is recorded stays.
   */
  plan(repair: Repair): Promise<void>;
  /** Takes back what was planned and came to nothing; one that is recorded stays. */
  unplan(id: string): Promise<void>;
  /** Keeps each as it was first recorded; one that was only planned gives way. */
  record(repairs: readonly Repair[]): Promise<void>;
  repairs(id: SweepId, query: ListInput): Promise<Listing<Repair>>;
  /** The instant at which a schedule next wants to run, as last noted. */
  nextFire(job: string): Promise<Instant | null>;
  noteNextFire(job: string, at: Instant): Promise<void>;
}

export interface SweepProgress {
  readonly status?: SweepStatus;
  readonly counts?: SweepCounts;
  readonly cursor?: string | null;
  readonly finishedAt?: Instant | null;
  readonly fault?: string | null;
}

export interface AuditStore {
  write(rows: readonly Audit[]): Promise<void>;
  list(
    query: ListInput & { readonly subject: string | null; readonly regions: readonly string[] },
  ): Promise<Listing<Audit>>;
}

/** What a request with an `Idempotency-Key` came to. */
export interface KeptRequest {
  /** `<key id>:<Idempotency-Key>`. */
  readonly id: string;
  /** Hash of method, path and body. */
  readonly content: string;
  readonly startedAt: Instant;
  /** Null while it runs, or was left half-done by a crash. */
  readonly answer: { readonly status: number; readonly body: unknown } | null;
}

export interface RequestStore {
  /**
   * `mine`: run it (new, or left half-done longer than `staleMs` ago, then with the same `id`, so
   * that what it made under unique names is found again). `running`: a twin is at work.
   */
  begin(input: {
    readonly id: string;
    readonly content: string;
    readonly now: Instant;
    readonly staleMs: number;
  }): Promise<
    | { readonly kind: 'mine' }
    | { readonly kind: 'running' }
    | { readonly kind: 'other-content' }
    | { readonly kind: 'answered'; readonly status: number; readonly body: unknown }
  >;
  /** Keeps the answer for 7 days; secrets in it must be null already. */
  finish(id: string, answer: { readonly status: number; readonly body: unknown }): Promise<void>;
  /** Forgets a request that came to nothing, so that it may be sent again. */
  drop(id: string): Promise<void>;
}

export interface KeyStore {
  byHash(hash: string): Promise<AccessKey | null>;
  get(id: string): Promise<AccessKey | null>;
  /**
   * True for the first `madeBy` that names this id, and for its repeats until the key is revoked: a
   * repeat puts its own hash in place of the first one's.
   */
  create(key: AccessKey, madeBy: string): Promise<boolean>;
  save(key: AccessKey): Promise<void>;
  list(query: ListInput): Promise<Listing<AccessKey>>;
  count(): Promise<number>;
}

/** Payments in order of time: transactions and unlinked reports, latest `paidAt` first. */
export interface PaymentStore {
  list(query: PaymentQuery): Promise<Listing<PaymentRef>>;
  /** For metrics. */
  summary(): Promise<PaymentSummary>;
}

export interface PaymentSummary {
  readonly unresolved: number;
  /** The earliest `paidAt` of an unresolved payment. */
  readonly oldestUnresolvedAt: Instant | null;
  /**
   * Payments by state; a state that no payment is in may be left out. Those credited may be off by
   * the few that were settled by hand.
   */
  readonly byState: Partial<Record<PaymentState, number>>;
}

export type PaymentRef =
  | { readonly kind: 'transaction'; readonly txId: TxId }
  | { readonly kind: 'report'; readonly id: ReportId };

export interface PaymentQuery extends ListInput {
  readonly state: string | null;
  readonly rentalId: RentalId | null;
  readonly payer: string | null;
  /** Event id, txId or outside reference, whole. */
  readonly text: string | null;
  readonly regions: readonly string[];
}
