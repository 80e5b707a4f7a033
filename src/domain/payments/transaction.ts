/** The provider's word about one transaction, as stated and as folded; decides no credit. */
import type { BreakKind } from '../break';
import type { AgentKey, EntryId, RentalId, ReportId, TenancyId, TxId, UnitId } from '../ids';
import type { Lindens } from '../money';
import type { OutsideReference } from './outside-reference';
import type { Instant, Seconds } from '../time';

/** A name with its identity; `name` is display data and may be empty. */
export interface Agent {
  readonly key: AgentKey;
  readonly name: string;
}

/** State words of `tier-provider/1`; any other word is carried as it stands and means `unknown`. */
export const TX_STATES = [
  'queued',
  'processing',
  'suspended',
  'failed',
  'completed',
  'reversed',
] as const;
export type TxState = (typeof TX_STATES)[number] | 'unknown';

/** One version of a transaction, exactly as the provider stated it. */
export interface TransactionWord {
  readonly txId: TxId;
  readonly version: number;
  readonly unitId: UnitId;
  readonly payer: Agent;
  readonly tenant: Agent | null;
  readonly amount: Lindens;
  readonly paidAt: Instant | null;
  readonly state: TxState;
  /** The provider's own state word, kept where it is none of ours. */
  readonly stateWord: string;
  readonly message: string;
  readonly creditedSeconds: Seconds | null;
  readonly unitVersion: number | null;
  readonly updatedAt: Instant;
}

export type Witness = 'stream' | 'lookup';

/** A word with the numbering it came under and who heard it. */
export interface Statement extends TransactionWord {
  /** Rank of the stream id in the order in which ids appeared, from 1; 0 = before any was known. */
  readonly streamRank: number;
  readonly witness: Witness;
  readonly seenAt: Instant;
}

/** A manager's decision about a transaction; it covers the statements known when it was made. */
export interface TxDecision {
  readonly as: 'assign' | 'refunded' | 'dismissed';
  /** Position of the highest statement known to the manager. */
  readonly upTo: Position;
  readonly author: string;
  readonly reason: string;
  readonly at: Instant;
  /** The outside reference that it was made under; missing where it named none. */
  readonly reference?: OutsideReference;
}

/** Place of a statement in the order of (stream ids as they appeared, version). */
export interface Position {
  readonly streamRank: number;
  readonly version: number;
}

/** A manager's reversal of a credit, with the highest statement known to the manager. */
export interface HandReversal {
  readonly upTo: Position;
  readonly author: string;
  readonly reason: string;
}

/** What happened to a payment, for people; `code` is a short stable word. */
export interface Step {
  readonly code: string;
  readonly at: Instant;
}

/** Everything known of one transaction. */
export interface Transaction {
  readonly txId: TxId;
  /** Rises by one with each write; a save names the one it read. */
  readonly rev: number;
  /** Every version ever stated, in order of position; never empty; at most 500. */
  readonly statements: readonly Statement[];
  readonly unitId: UnitId;
  /** Null while the unit is none of ours. */
  readonly rentalId: RentalId | null;
  /** Set once, never changed; `none` = decided by a person to be credited to nobody. */
  readonly tenancyId: TenancyId | 'none' | null;
  /** The opening entry that already contains this payment. */
  readonly containedIn: EntryId | null;
  /** The report, confirmed or refunded by hand, that has taken this transaction. */
  readonly takenBy: ReportId | null;
  /** The linked report, a copy for readers; the report's `settledBy` is what counts. */
  readonly reportId: ReportId | null;
  readonly decision: TxDecision | null;
  readonly firstSeenAt: Instant;
  /** When settle must look at it again; null = finished. */
  readonly nextCheckAt: Instant | null;
  /** Look-ups made at the provider since the last change of state. */
  readonly checks: number;
  /** Since when it has been unresolved, for the schedule of look-ups. */
  readonly unresolvedSince: Instant | null;
  /** The paid entry; null until there is one. */
  readonly creditedBy: EntryId | null;
  /** A person reversed the paid entry; covers the statements known then. */
  readonly reversedByHand: HandReversal | null;
  /** Kinds of breaks that settle has opened about it and that still stand. */
  readonly breaks: readonly BreakKind[];
  /** The box gave the whole amount back. */
  readonly refundedInFull: boolean;
  /** At most 50; the oldest are kept, then the newest. */
  readonly steps: readonly Step[];
}

/** More steps than a person reads; the first and the latest are kept. */
const MAX_STEPS = 50;

export function addStep(steps: readonly Step[], step: Step): readonly Step[] {
  if (steps.at(-1)?.code === step.code) return steps;
  if (steps.length < MAX_STEPS) return [...steps, step];
  return [...steps.slice(0, MAX_STEPS / 2), ...steps.slice(1 - MAX_STEPS / 2), step];
}
