/** The provider's claim about one unit; a claim, never the truth about a rental. */
import type { ObjectKey, UnitId } from './ids';
import type { Agent } from './payments/transaction';
import type { Instant } from './time';

export const UNIT_STATUSES = ['available', 'rented', 'overdue', 'reserved', 'unreachable'] as const;
export type UnitStatus = (typeof UNIT_STATUSES)[number] | 'unknown';

/** One version of a unit, exactly as the provider stated it. */
export interface UnitWord {
  readonly unitId: UnitId;
  readonly version: number;
  readonly objectKey: ObjectKey | null;
  readonly name: string;
  readonly region: string;
  readonly parcel: string;
  readonly tenant: Agent | null;
  readonly rentedUntil: Instant | null;
  readonly status: UnitStatus;
  /** Whole L$ per term; null where the provider gives none. */
  readonly price: number | null;
  readonly term: 'day' | 'week' | 'month' | null;
  readonly locked: boolean;
  readonly updatedAt: Instant;
}
