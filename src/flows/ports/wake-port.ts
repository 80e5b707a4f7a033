/**
 * Wakes work early, in this process only; never the only path: sweeps find what a lost wake-up
 * left.
 */
import type { BoxId, RentalId, ReportId, TxId } from '../../domain/ids';

export interface Wake {
  /** Settle these soon; dropped without harm when too much is waiting. */
  settle(subjects: {
    readonly txIds?: readonly TxId[];
    readonly reportIds?: readonly ReportId[];
  }): void;
  /** Resync this rental soon: its box or the provider shows less time than our ledger. */
  resync(rentalIds: readonly RentalId[]): void;
  /** A box was heard; batched into one write now and then. */
  seen(box: { readonly id: BoxId; readonly at: number; readonly outbox: number | null }): void;
}
