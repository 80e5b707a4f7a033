/** Differences that no rule could settle: the closed list of kinds, most urgent first. */
import type { BreakId } from './ids';
import type { Instant } from './time';

export const BREAK_KINDS = [
  'evicted-upstream',
  'failed-after-paid',
  'tenant-differs',
  'unconfirmed-report',
  'unlinked-upstream',
  'unlinked-entry',
  'credited-twice-upstream',
  'amount-differs',
  'time-differs',
  'reference-differs',
  'outside-tenancy',
  'opening-unclear',
  'version-fell',
  'unexplained-time',
  'expiry-by-hand',
  'lock-by-hand',
  'no-usable-word',
  'retired-box',
  'beyond-2038',
] as const;
export type BreakKind = (typeof BREAK_KINDS)[number];

export type BreakState = 'open' | 'proposed' | 'resolved';

/**
 * The last that is said of a payment for as long as nobody decides it: closed before that, it would
 * leave the payment in nothing (law 1).
 */
export const WAITS_FOR_DECISION: ReadonlySet<BreakKind> = new Set<BreakKind>([
  'tenant-differs',
  'unconfirmed-report',
  'unlinked-upstream',
  'outside-tenancy',
  'opening-unclear',
  'retired-box',
  'beyond-2038',
]);

/** A difference as it was found; `about` makes it one of a kind, so that it is opened once. */
export interface BreakDraft {
  readonly kind: BreakKind;
  /**
   * What it is about, such as a payment's or rental's id; with `kind` it identifies the
   * difference.
   */
  readonly about: string;
  /** What exactly differs now; a break that a person resolved stays so until this changes. */
  readonly fingerprint: string;
  /** Ids: the rental's always where there is one, the payment's where there is one. */
  readonly subjects: readonly string[];
  readonly amount: number | null;
  readonly seconds: number | null;
  /** A sentence for the person who will settle it: what differs, and what can be done. */
  readonly text: string;
}

export interface BreakComment {
  readonly at: Instant;
  readonly author: string;
  readonly text: string;
}

export interface Break extends BreakDraft {
  readonly id: BreakId;
  readonly rev: number;
  readonly state: BreakState;
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  readonly owner: string;
  /** At most 200; the API refuses more. */
  readonly comments: readonly BreakComment[];
  readonly resolution: string | null;
  readonly resolvedAt: Instant | null;
  readonly resolvedBy: string | null;
}

const DUE_DAYS: Record<'urgent' | 'money' | 'other', number> = { urgent: 1, money: 3, other: 7 };

/** Days from opening until somebody should have settled it: the more urgent, the sooner. */
export function daysToSettle(kind: BreakKind): number {
  const rank = BREAK_KINDS.indexOf(kind);
  if (rank <= BREAK_KINDS.indexOf('tenant-differs')) return DUE_DAYS.urgent;
  if (rank <= BREAK_KINDS.indexOf('credited-twice-upstream')) return DUE_DAYS.money;
  return DUE_DAYS.other;
}
