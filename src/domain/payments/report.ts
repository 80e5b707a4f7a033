/** What a box said about a payment, and what settled it; says nothing of time. */
import type { BreakKind } from '../break';
import type { BoxId, EntryId, EventId, RentalId, ReportId, TenancyId, TxId, UnitId } from '../ids';
import type { Lindens } from '../money';
import type { OutsideReference } from './outside-reference';
import type { Agent, Step } from './transaction';
import type { Instant } from '../time';

/** What closed a report; a link and a manager's decision exclude each other. */
export type SettledBy =
  | { readonly by: 'link'; readonly txId: TxId; readonly basis: 'named' | 'paired' | 'person' }
  /** Verified by its own box: the signed report confirms at once. */
  | { readonly by: 'self' }
  /** Confirmed by hand, under an outside reference. */
  | { readonly by: 'hand'; readonly type: string; readonly reference: string }
  | { readonly by: 'refunded' }
  | { readonly by: 'dismissed' };

/** A manager's words that go with a decision by hand. */
export interface ReportDecision {
  readonly author: string;
  readonly reason: string;
  readonly at: Instant;
  /** The outside reference that it was made under; missing where it named none. */
  readonly reference?: OutsideReference;
}

export interface Report {
  readonly id: ReportId;
  readonly rev: number;
  readonly boxId: BoxId;
  readonly eventId: EventId;
  /** The box's rental at intake. */
  readonly rentalId: RentalId;
  /** The rental's unit, null for rentals that their box verifies. */
  readonly unitId: UnitId | null;
  readonly payer: Agent;
  readonly amount: Lindens;
  /** As the box sent it, whole seconds. */
  readonly at: Instant;
  /** `at`, or the time of receipt where `at` lay more than 10 minutes ahead. */
  readonly paidAt: Instant;
  readonly receivedAt: Instant;
  /** The provider's transaction id where the box knows it. */
  readonly ref: TxId | null;
  readonly settledBy: SettledBy | null;
  /** The transaction that a report confirmed or refunded by hand has taken. */
  readonly takes: TxId | null;
  /** For reports that are credited themselves: set once. */
  readonly tenancyId: TenancyId | null;
  readonly creditedBy: EntryId | null;
  /** A person reversed that entry, or marked as refunded what has none yet. */
  readonly reversedByHand: {
    readonly author: string;
    readonly reason: string;
    readonly as: 'reversed' | 'refunded';
  } | null;
  /** Kinds of breaks that settle has opened about it and that still stand. */
  readonly breaks: readonly BreakKind[];
  /** The box gave the whole amount back. */
  readonly refundedInFull: boolean;
  readonly decision: ReportDecision | null;
  /** True where the box was retired when it sent this. */
  readonly fromRetiredBox: boolean;
  /** The provider was asked and does not know it. */
  readonly unknownUpstream: boolean;
  readonly nextCheckAt: Instant | null;
  readonly checks: number;
  readonly steps: readonly Step[];
}

/** The box gave L$ back: a report of its own about the payment with the same event id. */
export interface ReturnedWord {
  /** `<boxId>:<eventId>:returned`. */
  readonly id: ReportId;
  readonly paymentReport: ReportId;
  readonly boxId: BoxId;
  readonly amount: Lindens;
  readonly at: Instant;
  readonly receivedAt: Instant;
}

export const isSettledByLink = (
  settled: SettledBy,
): settled is Extract<SettledBy, { readonly by: 'link' }> => settled.by === 'link';

/** The transaction through which it speaks. */
export const linkedTx = ({ settledBy }: Report): TxId | null =>
  settledBy?.by === 'link' ? settledBy.txId : null;

/** Whether two closings say the same thing. */
export function sameSettlement(a: SettledBy | null, b: SettledBy | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.by === 'link' && b.by === 'link') return a.txId === b.txId && a.basis === b.basis;
  if (a.by === 'hand' && b.by === 'hand') return a.type === b.type && a.reference === b.reference;
  return a.by === b.by;
}

/**
 * The transactions that it concerns: is linked to, has taken, or may be linked to by its name. One
 * that named a transaction in vain concerns it no more until it is looked at by itself: however
 * often boxes name one, settling it stays as cheap.
 */
export function transactionsOf(report: Report): ReadonlySet<TxId> {
  const { ref, takes, breaks } = report;
  const named = breaks.includes('reference-differs') ? null : ref;
  return new Set([named, linkedTx(report), takes].filter((txId) => txId !== null));
}
