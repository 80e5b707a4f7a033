/** Possibly paid until: paid-until with every unresolved payment counted as if it were credited. */
import { foldStatements } from './statements';
import { secondsBought, termsAt, type Terms } from './price';
import type { Report } from './report';
import type { Transaction } from './transaction';
import { plusSeconds, type Instant } from './time';

export interface Unresolved {
  readonly transactions: readonly Transaction[];
  /** Reports that are not linked; a linked one is counted with its transaction. */
  readonly reports: readonly Report[];
}

/** Null where there is no paid-until to add to. */
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
  return plusSeconds(paidUntil, seconds);
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
