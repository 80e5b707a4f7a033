/**
 * A parcel to let: terms with their history, its unit and box, its tenancy and what is cached of
 * it.
 */
import type { BoxId, HoldId, RentalId, TenancyId, UnitId } from './ids';
import type { Terms } from './ledger/price';
import type { Agent } from './payments/transaction';
import type { Instant, Seconds } from './time';
import type { UnitStatus } from './unit';

/** A reason, with an author and an end, why a rental must not become overdue. */
export interface Hold {
  readonly id: HoldId;
  readonly reason: string;
  readonly author: string;
  readonly createdAt: Instant;
  readonly until: Instant;
  readonly releasedAt: Instant | null;
}

/** A copy of what the ledger and the unresolved payments fold to; a difference is a defect. */
export interface RentalCache {
  /** The tenancy that it was folded for; null where there was none. */
  readonly tenancyId: TenancyId | null;
  readonly startedAt: Instant | null;
  readonly seconds: Seconds;
  readonly throughSeq: number;
  /** As in `LedgerFold`. */
  readonly startsUnpaid?: true;
  readonly paidUntil: Instant | null;
  readonly possiblyPaidUntil: Instant | null;
  /** Payments seen, not yet credited. */
  readonly pending: number;
}

/**
 * False where one is stale: it says something else than ledger and unresolved payments do (law 6).
 * A payment that is wrongly thought unresolved protects for ever, one that is forgotten not at all.
 */
export function isSameCache(a: RentalCache | null, b: RentalCache | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.tenancyId === b.tenancyId &&
    a.startedAt === b.startedAt &&
    a.seconds === b.seconds &&
    a.throughSeq === b.throughSeq &&
    a.startsUnpaid === b.startsUnpaid &&
    a.paidUntil === b.paidUntil &&
    a.possiblyPaidUntil === b.possiblyPaidUntil &&
    a.pending === b.pending
  );
}

/** The provider's claim about the unit, kept beside the rental so that a standing is one read. */
export interface UnitClaim {
  readonly status: UnitStatus;
  readonly rentedUntil: Instant | null;
  readonly tenant: Agent | null;
  readonly version: number;
  readonly streamRank: number;
  /** When the word was heard. */
  readonly seenAt: Instant;
  /** The instant through which everything the provider did to this unit has been seen. */
  readonly currentThrough: Instant | null;
}

export interface Rental {
  readonly id: RentalId;
  readonly rev: number;
  readonly name: string;
  readonly region: string;
  readonly parcel: string;
  /** Null exactly when `verifiedBy` is `box`. */
  readonly unitId: UnitId | null;
  readonly verifiedBy: 'provider' | 'box';
  /** In order of `from`, never empty, at most 500. */
  readonly terms: readonly Terms[];
  readonly boxId: BoxId | null;
  readonly tenancy: { readonly id: TenancyId; readonly tenant: Agent } | null;
  readonly cache: RentalCache | null;
  /** Those that stand, and those that ended within the last 30 days; at most 100. */
  readonly holds: readonly Hold[];
  readonly claim: UnitClaim | null;
  /** The latest signed call of the box that said that its outbox is empty. */
  readonly boxClearAt: Instant | null;
  /** A break `no-usable-word` was resolved as `time-used-up` for the limit that lay before this. */
  readonly timeUsedUpAt: Instant | null;
  /** When the second key is due to be asked for; null when no tenancy runs out. */
  readonly secondKeyAt: Instant | null;
  /** Since when no usable word came although it was asked for. */
  readonly noWordSince: Instant | null;
  /** When a resync of this one rental is due; null when none is. */
  readonly resyncAt: Instant | null;
  readonly createdAt: Instant;
}

/** What a rental is from the beginning; everything else comes to it later. */
export type RentalBeginning = Pick<
  Rental,
  'id' | 'name' | 'region' | 'parcel' | 'unitId' | 'verifiedBy' | 'terms' | 'createdAt'
>;

/** A rental that nobody has taken, and of which nothing was heard. */
export function newRental(beginning: RentalBeginning): Rental {
  return {
    ...beginning,
    rev: 0,
    boxId: null,
    tenancy: null,
    cache: null,
    holds: [],
    claim: null,
    boxClearAt: null,
    timeUsedUpAt: null,
    secondKeyAt: null,
    noWordSince: null,
    resyncAt: null,
  };
}
