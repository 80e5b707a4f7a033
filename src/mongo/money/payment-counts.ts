/** Counts payments by state without reading them all; the credited ones are what is left over. */
import type { PaymentState } from '../../domain/payments/payment';
import type { PaymentTables } from './payment-union';
import { COMMON_STATES } from './report-record';

interface Counted {
  readonly _id: PaymentState;
  readonly count: number;
}

type Count = (stages: object[]) => Promise<Counted[]>;

/**
 * What is unresolved or unusual is counted through its sparse index. Whatever else there is was
 * credited: transactions by the collection's own count (those that a report has taken included),
 * unlinked reports by the index that lists them.
 */
export async function countByState({
  transactions,
  reports,
}: PaymentTables): Promise<Partial<Record<PaymentState, number>>> {
  const counts: Count[] = [
    (stages) => transactions.rows.aggregate<Counted>(stages).toArray(),
    (stages) => reports.rows.aggregate<Counted>(stages).toArray(),
  ];
  const [unusual, open, allTransactions, allReports] = await Promise.all([
    Promise.all(counts.map((count) => count(UNUSUAL))),
    Promise.all(counts.map((count) => count(OPEN))),
    transactions.rows.estimatedDocumentCount(),
    reports.rows.countDocuments({ 'listed.of': { $gte: FIRST_RENTAL } }),
  ]);
  const common = open.flat().filter(({ _id }) => COMMON_STATES.has(_id));
  const byState: Partial<Record<PaymentState, number>> = {};
  let rest = allTransactions + allReports;
  for (const { _id, count } of [...unusual.flat(), ...common]) {
    byState[_id] = (byState[_id] ?? 0) + count;
    rest -= count;
  }
  return { ...byState, credited: Math.max(0, rest) };
}

const UNUSUAL = [
  { $match: { 'unusual.state': { $gt: '' } } },
  { $group: { _id: '$unusual.state', count: { $sum: 1 } } },
];

/** Unusual states among them are counted above. */
const OPEN = [
  { $match: { openOf: { $gt: '' } } },
  { $group: { _id: '$listed.state', count: { $sum: 1 } } },
];

/** Ids of rentals begin so. */
const FIRST_RENTAL = 'r_';
