/** A run over the rentals, and the repairs that it made or would make; plans nothing itself. */
import type { RentalId, SweepId } from './ids';
import type { Instant } from './time';

export const SWEEP_KINDS = ['resync', 'settle'] as const;
export type SweepKind = (typeof SWEEP_KINDS)[number];
export const SWEEP_STATUSES = ['running', 'complete', 'incomplete', 'failed'] as const;
export type SweepStatus = (typeof SWEEP_STATUSES)[number];

export interface SweepCounts {
  readonly compared: number;
  readonly repaired: number;
  /** Left to a person: found in this run, or still open in it. */
  readonly breaks: number;
  readonly failed: number;
}

export interface Sweep {
  readonly id: SweepId;
  readonly rev: number;
  readonly kind: SweepKind;
  readonly dryRun: boolean;
  readonly region: string | null;
  /** Regions that its author's key is limited to; empty = all. */
  readonly regions: readonly string[];
  /** The one rental that it is about; null = all that its regions hold. */
  readonly rentalId: RentalId | null;
  readonly status: SweepStatus;
  /** The instant for which the schedule wanted it; null = a person asked. */
  readonly dueAt: Instant | null;
  readonly author: string;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
  readonly counts: SweepCounts;
  /** Where to go on after an interruption; opaque to all but the sweep. */
  readonly cursor: string | null;
  /** Fencing number of the lease under which it runs. */
  readonly fence: number;
  readonly fault: string | null;
}

type Required = 'id' | 'kind' | 'startedAt' | 'author';
export type NewSweep = Pick<Sweep, Required> & Partial<Omit<Sweep, Required>>;

/** Over all rentals, about to begin, and asked for by a person, unless `given` says otherwise. */
export const newSweep = (given: NewSweep): Sweep => ({
  rev: 0,
  dryRun: false,
  region: null,
  regions: [],
  rentalId: null,
  status: 'running',
  dueAt: null,
  finishedAt: null,
  counts: { compared: 0, repaired: 0, breaks: 0, failed: 0 },
  cursor: null,
  fence: 0,
  fault: null,
  ...given,
});

/** Whether both are of one kind over the same rentals, and both repair or both only look. */
export function hasSameReach(one: Sweep, other: Sweep): boolean {
  return reachOf(one) === reachOf(other);
}

function reachOf({ kind, dryRun, region, regions, rentalId }: Sweep): string {
  return JSON.stringify([kind, dryRun, region, [...regions].sort(), rentalId]);
}

export const REPAIR_KINDS = [
  'expiry-set',
  'expiry-by-hand',
  'missed-transaction',
  'stale-cache',
  'unexplained-time',
  'evicted-upstream',
] as const;
export type RepairKind = (typeof REPAIR_KINDS)[number];

export interface Repair {
  /** `<sweepId>/<rentalId>/<kind>`: the same repair is recorded once in a run. */
  readonly id: string;
  readonly sweepId: SweepId;
  readonly rentalId: RentalId;
  readonly kind: RepairKind;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  readonly at: Instant;
}
