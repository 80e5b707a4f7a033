/**
 * What was really paid and what faults really did, for whoever judges; no fault ever touches it.
 */
import { plusTime } from './terms';
import type { Instant } from '../../src/domain/time';
import type { Agent } from './records';

/** One real payment. A restored backup forgets what came of it, never that it was made. */
export interface RealPayment {
  /** From 1, in the order in which the box took them. */
  readonly n: number;
  readonly txId: string;
  readonly unit: string;
  readonly payer: Agent;
  readonly amount: number;
  /** When the box took the L$, also where the transaction does not show it. */
  readonly paidAt: Instant;
  /** What it buys at the terms in force when it was taken. */
  readonly seconds: number;
  /** The provider's clock when the payment was put in. */
  readonly takenAt: Instant;
}

/** A change of a unit's time or status that no payment explains. */
export interface Effect {
  readonly fault:
    | 'resetOverdue'
    | 'resetOverdueOnPayment'
    | 'partialReset'
    | 'editExpiry'
    | 'doubleCredit'
    | 'restoreBackup';
  readonly at: Instant;
  /** Null: the whole book (`restoreBackup`). */
  readonly unit: string | null;
  readonly txId: string | null;
  readonly from: Instant | null;
  readonly to: Instant | null;
}

const MOST_EFFECTS = 1_000_000;

export class Truth {
  readonly payments: RealPayment[] = [];
  readonly effects: Effect[] = [];
  readonly #byTxId = new Map<string, RealPayment>();
  readonly #byUnit = new Map<string, RealPayment[]>();
  readonly #openings = new Map<string, Instant>();

  payment(txId: string): RealPayment | undefined {
    return this.#byTxId.get(txId);
  }

  take(payment: RealPayment): void {
    this.payments.push(payment);
    this.#byTxId.set(payment.txId, payment);
    const ofUnit = this.#byUnit.get(payment.unit);
    if (ofUnit === undefined) this.#byUnit.set(payment.unit, [payment]);
    else ofUnit.push(payment);
  }

  /** The time that a unit came with. */
  open(unit: string, rentedUntil: Instant | null): void {
    if (rentedUntil !== null) this.#openings.set(unit, rentedUntil);
  }

  note(effect: Effect): void {
    if (this.effects.length < MOST_EFFECTS) this.effects.push(effect);
  }

  /**
   * Until when a unit is rightfully paid: what it came with (else its earliest payment) plus what
   * all its payments bought, processed or not. Null where nobody has paid. `isReversed` tells which
   * payments a person took back.
   */
  rightfulUntil(unit: string, isReversed: (txId: string) => boolean): Instant | null {
    const paid = (this.#byUnit.get(unit) ?? []).filter(({ txId }) => !isReversed(txId));
    const earliest = paid.reduce((least, { paidAt }) => Math.min(least, paidAt), Infinity);
    const from = this.#openings.get(unit) ?? (paid.length > 0 ? (earliest as Instant) : null);
    if (from === null) return null;
    return plusTime(
      from,
      paid.reduce((sum, payment) => sum + payment.seconds, 0),
    );
  }
}
