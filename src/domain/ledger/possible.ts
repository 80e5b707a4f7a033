/** Possibly paid until: paid-until with every unresolved payment counted as if it were credited. */
import { foldStatements } from '../payments/statements';
import { secondsBought, termsAt, type Terms } from './price';
import type { Report } from '../payments/report';
import type { Transaction } from '../payments/transaction';
import { earlier, END_OF_32_BIT, later, plusSeconds, type Instant } from '../time';

export interface Unresolved {
  readonly transactions: readonly Transaction[];
  /** Reports that are not linked; a linked one is counted with its transaction. */
  readonly reports: readonly Report[];
}

/**
 * Null where there is no paid-until to add to. Doubt protects until in-world clocks end and no
 * longer: nothing is credited beyond that, and whoever signs for a box may name any amount.
 */
export function possiblyPaidUntil(input: {
  readonly paidUntil: Instant | null;
  readonly unresolved: Unresolved;
  readonly terms: readonly Terms[];
  readonly zone: string;
}): Instant | null {
  const { paidUntil, unresolved, terms, zone } = input;
  if (paidUntil === null) return null;
  let seconds = 0;
  for (const { amount, at } of given(unresolved)) {
    seconds += secondsBought({ amount, price: termsAt(terms, at).price, at, zone });
  }
  return later(paidUntil, earlier(plusSeconds(paidUntil, seconds), END_OF_32_BIT));
}

function given(unresolved: Unresolved): { amount: number; at: Instant }[] {
  return [
    ...unresolved.transactions.map((tx) => {
      const { highest, paidAt } = foldStatements(tx.statements);
      return { amount: highest.amount, at: paidAt };
    }),
    ...unresolved.reports.map((report) => ({ amount: report.amount, at: report.paidAt })),
  ];
}
