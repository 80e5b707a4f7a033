/**
 * Until when a unit was rightfully paid at a past instant, told from the simulator's truth alone.
 */
import type { RealPayment } from '../sim-provider/truth';

export interface Rightful {
  /**
   * Milliseconds UTC until which the unit was paid, by what had been paid before `at`; null where
   * nobody had. A payment that came when the time was used up already counts for nothing here: that
   * a rental was shown as overdue before anybody could know of such a payment is no fault.
   */
  before(unit: string, at: number): number | null;
}

/** @param openings what each unit came with, in milliseconds UTC; vacant ones are left out. */
export function createRightful(given: {
  readonly payments: () => readonly RealPayment[];
  readonly openings: ReadonlyMap<string, number>;
  readonly isReversed: (txId: string) => boolean;
}): Rightful {
  return {
    before(unit, at) {
      let until = given.openings.get(unit) ?? null;
      for (const payment of given.payments()) {
        const { unit: of, takenAt, paidAt, seconds, txId } = payment;
        if (of !== unit || takenAt >= at || given.isReversed(txId)) continue;
        if (until !== null && until < takenAt) continue;
        until = (until ?? paidAt) + seconds * 1_000;
      }
      return until;
    },
  };
}
