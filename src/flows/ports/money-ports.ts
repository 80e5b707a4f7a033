/**
 * What flows may ask of the money stores; implemented by mongo/, and by fakes in tests, under one
 * contract suite each. Conventions: `save` compares-and-sets on `rev` — a row with `rev` n is
 * written only where the stored one has n, and is stored as n + 1; `rev` 0 inserts and fails where
 * the id exists. It answers the ids that were written. Reads answer rows in any order unless said
 * otherwise, leave out what is not there, and accept at most 1,000 ids. A store that cannot answer
 * throws `StorageUnavailable`.
 */
import type { Break, BreakDraft, BreakKind, BreakState } from '../../domain/break';
import type { Entry, EntryDraft } from '../../domain/ledger/entry';
import type {
  AgentKey,
  BreakId,
  EntryId,
  PaymentId,
  RentalId,
  ReportId,
  TenancyId,
  TxId,
  UnitId,
} from '../../domain/ids';
import type { LedgerLine } from '../../domain/ledger/ledger';
import type { Rental, RentalCache, UnitClaim } from '../../domain/rental';
import type { Report, ReturnedWord } from '../../domain/payments/report';
import type { ListedRental } from '../../domain/resync';
import type { Tenancy } from '../../domain/ledger/tenancy';
import type { Instant } from '../../domain/time';
import type { Transaction } from '../../domain/payments/transaction';

export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable';
}

export interface Listing<Row> {
  readonly rows: readonly Row[];
  /** Opaque; null = the end. */
  readonly next: string | null;
}

export interface ListInput {
  /** 1–200. */
  readonly limit: number;
  readonly cursor: string | null;
}

/** Equal unit, payer and amount, within a span of time: where links are looked for. */
export interface GroupQuery {
  readonly unitId: UnitId;
  readonly payer: AgentKey;
  readonly amount: number;
  readonly from: Instant;
  readonly to: Instant;
}

export type Intake =
  | { readonly kind: 'stored' }
  /** The id is taken; `rival` is what is kept under it. */
  | { readonly kind: 'exists'; readonly rival: Report };

export interface ReportStore {
  /** One durable insert (w majority, j true); concurrent calls may share one write. */
  intake(report: Report): Promise<Intake>;
  get(ids: readonly ReportId[]): Promise<Report[]>;
  save(reports: readonly Report[]): Promise<Set<ReportId>>;
  /** `paidAt` in the span of any of the queries; at most 400 queries, 2,000 rows each. */
  inGroups(queries: readonly GroupQuery[]): Promise<Report[]>;
  /** Those that one of these concerns (`transactionsOf`); those of `known` may be left out. */
  concerning(txIds: readonly TxId[], known?: ReadonlySet<ReportId>): Promise<Report[]>;
  /** Not settled yet (`settledBy` null), or confirmed and not credited yet; at most 2,000. */
  unresolvedOf(rentalIds: readonly RentalId[]): Promise<Report[]>;
  /** `nextCheckAt` ≤ now, earliest first. */
  due(now: Instant, limit: number): Promise<Report[]>;
  /** Every report with this event id, of whichever box; at most 10. */
  byEvent(eventId: string): Promise<Report[]>;
  /** A rental's payments that are not linked, latest `paidAt` first. */
  latestOf(rentalId: RentalId, limit: number): Promise<Report[]>;
  insertReturned(word: ReturnedWord): Promise<'stored' | { readonly rival: ReturnedWord }>;
  returnedFor(reports: readonly ReportId[]): Promise<ReturnedWord[]>;
}

export interface TransactionStore {
  get(ids: readonly TxId[]): Promise<Transaction[]>;
  save(transactions: readonly Transaction[]): Promise<Set<TxId>>;
  /** By the highest statement's unit, payer and amount; `paidAt` (where null: `firstSeenAt` in the
   * 7 days around the span); at most 400 queries, 2,000 rows each. Those of `known` may be left
   * out. */
  inGroups(queries: readonly GroupQuery[], known?: ReadonlySet<TxId>): Promise<Transaction[]>;
  /** Neither credited, contained, taken, reversed nor decided; at most 2,000. */
  unresolvedOf(rentalIds: readonly RentalId[]): Promise<Transaction[]>;
  due(now: Instant, limit: number): Promise<Transaction[]>;
  /** Kept for a unit that was none of ours (`rentalId` null), in order of id. */
  ofForeignUnit(unitId: UnitId, after: TxId | null, limit: number): Promise<Transaction[]>;
  /** A rental's transactions, latest `paidAt` first. */
  latestOf(rentalId: RentalId, limit: number): Promise<Transaction[]>;
  countForeign(): Promise<number>;
}

export type Appended =
  | { readonly kind: 'added'; readonly entry: Entry }
  /** An entry of the same tenancy and source was there already. */
  | { readonly kind: 'known'; readonly entry: Entry };

export interface EntryStore {
  /**
   * Inserts each draft under the next gapless `seq` of its tenancy and its unique source; on a
   * duplicate id reads the end and tries again. Answers in the order of the drafts. Drafts of one
   * call may share a tenancy. `endHint` of a tenancy (from a cache) saves a read; it may be stale.
   */
  append(
    drafts: readonly EntryDraft[],
    endHint: ReadonlyMap<TenancyId, number>,
  ): Promise<Appended[]>;
  get(ids: readonly EntryId[]): Promise<Entry[]>;
  /** The entries of these payments, reversals included, in order of tenancy and `seq`. */
  ofPayments(
    wanted: readonly { readonly tenancyId: TenancyId; readonly paymentId: PaymentId }[],
  ): Promise<Entry[]>;
  /** All entries of these tenancies with `seq` above `afterSeq` (0 = all), in order. */
  ofTenancies(
    wanted: readonly { readonly tenancyId: TenancyId; readonly afterSeq: number }[],
  ): Promise<Entry[]>;
  /** What folds rest on, of all entries of these tenancies, in any order. */
  linesOf(tenancies: readonly TenancyId[]): Promise<LedgerLine[]>;
}

export interface TenancyStore {
  ofRentals(ids: readonly RentalId[]): Promise<Tenancy[]>;
  get(ids: readonly TenancyId[]): Promise<Tenancy[]>;
  save(tenancies: readonly Tenancy[]): Promise<Set<TenancyId>>;
}

export interface RentalQuery extends ListInput {
  /** Empty = all. */
  readonly regions: readonly string[];
  /** Part of name, region, parcel, unit or tenant; case does not count. */
  readonly text: string | null;
}

export interface RentalStore {
  get(ids: readonly RentalId[]): Promise<Rental[]>;
  /** One by id; concurrent calls may share one read. */
  one(id: RentalId): Promise<Rental | null>;
  byUnits(ids: readonly UnitId[]): Promise<Rental[]>;
  save(rentals: readonly Rental[]): Promise<Set<RentalId>>;
  /** Sets caches and the second key's due time by compare-and-set on `rev`; `rev` rises. */
  refresh(rows: readonly CacheRow[]): Promise<Set<RentalId>>;
  /**
   * Copies a claim beside the rental of its unit unless a later one stands there. `rentals`: those
   * of these units, as they were just read; saves reading them.
   */
  noteClaims(
    claims: ReadonlyMap<UnitId, UnitClaim>,
    rentals?: readonly Pick<Rental, 'id' | 'unitId' | 'claim'>[],
  ): Promise<void>;
  /** Asks for a resync of these rentals at `at`, unless an earlier one is asked for. */
  askResync(ids: readonly RentalId[], at: Instant): Promise<void>;
  /** Clears `resyncAt` unless it was asked for anew since `askedAt`. */
  resyncDone(id: RentalId, askedAt: Instant): Promise<void>;
  /** A box of a box-verified rental said at `at` that its outbox is empty; never moves back. */
  noteBoxClear(id: RentalId, at: Instant): Promise<void>;
  secondKeysDue(now: Instant, limit: number): Promise<Rental[]>;
  resyncsDue(now: Instant, limit: number): Promise<Rental[]>;
  list(query: RentalQuery): Promise<Listing<Rental>>;
  /** With a unit after `after`, up to and with `through` (null: all), in binary order of its id. */
  pageByUnit(after: UnitId | null, through: UnitId | null, limit: number): Promise<ListedRental[]>;
  /** Rentals without a provider, in order of id. */
  pageWithoutUnit(after: RentalId | null, limit: number): Promise<ListedRental[]>;
}

export interface CacheRow {
  readonly id: RentalId;
  readonly rev: number;
  readonly cache: RentalCache | null;
  readonly secondKeyAt: Instant | null;
}

export interface BreakQuery extends ListInput {
  readonly kind: BreakKind | null;
  readonly owner: string | null;
  readonly state: BreakState | null;
  readonly regions: readonly string[];
}

export interface BreakStore {
  /**
   * Opens each difference once under (kind, about). A resolved or proposed one is reopened when the
   * same difference comes back: always where `system` had closed it, and where a person had, only
   * with another `fingerprint`.
   */
  open(drafts: readonly OpenBreak[]): Promise<Break[]>;
  /** Closes differences that are gone, as `system`; unknown or closed ones are passed over. */
  settle(gone: readonly SettledBreak[]): Promise<void>;
  get(id: BreakId): Promise<Break | null>;
  find(wanted: readonly { readonly kind: BreakKind; readonly about: string }[]): Promise<Break[]>;
  /** All that are not resolved, of these kinds, for any of these; of one: at most 10,000. */
  openFor(subjects: readonly string[], kinds: readonly BreakKind[]): Promise<Break[]>;
  save(one: Break): Promise<boolean>;
  list(query: BreakQuery): Promise<Listing<Break>>;
  countOpen(): Promise<Partial<Record<BreakKind, number>>>;
}

export interface OpenBreak {
  readonly draft: BreakDraft;
  readonly region: string | null;
  readonly owner: string;
  readonly now: Instant;
}

export interface SettledBreak {
  readonly kind: BreakKind;
  readonly about: string;
  readonly resolution: string;
  /** `proposed`: a person has the last word. */
  readonly as: 'proposed' | 'resolved';
  readonly now: Instant;
}
