/**
 * One immutable ledger line that adds or takes time; corrections are new entries that point at it.
 */
import type { EntryId, PaymentId, TenancyId } from '../ids';
import type { Instant, Seconds } from '../time';

export const ENTRY_KINDS = [
  'opening',
  'paid',
  'granted',
  'bonus',
  'outage',
  'adjustment',
  'external',
  'refund',
  'reversal',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/**
 * What makes an entry one of a kind: unique within its tenancy, so that the same fact can be
 * entered once only, by whoever, however often.
 */
export type EntrySource =
  | `tx:${string}`
  | `bonus:${string}`
  | `report:${string}`
  | `returned:${string}`
  | `x:${string}`
  | `reverses:${string}`
  | `request:${string}`
  | 'opening';

/** An entry before its sequence number is known. */
export interface EntryDraft {
  readonly tenancyId: TenancyId;
  readonly kind: EntryKind;
  readonly source: EntrySource;
  /** Whole seconds; negative for reversals, refunds and some adjustments. */
  readonly seconds: Seconds;
  /** Whole L$, negative where L$ are taken back; null where no money is meant. */
  readonly amount: number | null;
  /** When the entry was made. */
  readonly at: Instant;
  /** When the L$ were given; null where none were. */
  readonly paidAt: Instant | null;
  readonly paymentId: PaymentId | null;
  readonly reverses: EntryId | null;
  /** `system`, or the name of the key whose holder decided. */
  readonly author: string;
  readonly reason: string;
  /** What the entry rests on: ids and versions, for people; at most 2,000 characters. */
  readonly evidence: string;
}

export interface Entry extends EntryDraft {
  readonly id: EntryId;
  /** From 1, gapless within the tenancy. */
  readonly seq: number;
}

export const SYSTEM = 'system';
