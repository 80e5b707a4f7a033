/** What a manager says about a payment, and what one attempt at writing it comes to. */
import type { TenancyId, TxId } from '../../domain/ids';
import { conflict, type Conflict, type NotFound, type Refused } from '../access/refusal';
import type { SettleDeps } from '../settlement/batch';
import type { ReferenceStore } from '../ports/upkeep-ports';

export interface DecideDeps extends SettleDeps {
  readonly references: ReferenceStore;
}

export interface Decision {
  /** Any name by which a payment is found. */
  readonly paymentId: string;
  readonly as: 'link' | 'confirm' | 'assign' | 'refunded' | 'dismissed';
  readonly txId?: TxId | null;
  /** Of the outside reference; default `manual`. */
  readonly type?: string | null;
  readonly reference?: string | null;
  readonly tenancyId?: TenancyId | null;
  readonly author: string;
  readonly reason: string;
}

export type Step =
  | { readonly kind: 'done'; readonly txIds: readonly TxId[] }
  /** Somebody else wrote first: read and decide anew. */
  | { readonly kind: 'again' }
  | NotFound
  | Conflict
  | Refused;

export const again: Step = { kind: 'again' };
export const done = (...txIds: TxId[]): Step => ({ kind: 'done', txIds });

export const UNKNOWN_TRANSACTION = conflict(
  'No such transaction is known here yet. Ask the provider for it first.',
);
