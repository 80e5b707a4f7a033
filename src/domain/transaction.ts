/** The provider's word about one transaction, as stated and as folded; decides no credit. */
import type { AgentKey, TxId, UnitId } from './ids';
import type { Lindens } from './money';
import type { Instant, Seconds } from './time';

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
