/** Turns what is asked of payments into filters that their indexes serve; reads no lists. */
import type { PaymentState } from '../../domain/payments/payment';
import type { EventId, ReportId, TxId } from '../../domain/ids';
import type { PaymentQuery, ReferenceStore } from '../../flows/ports/upkeep-ports';
import type { PaymentTables } from './payment-union';
import { COMMON_STATES } from './report-record';

/** By state, rental and payer, on fields that both kinds of record have. */
export function commonFilter({ state, rentalId, payer }: PaymentQuery): object {
  return {
    ...(rentalId !== null && { 'listed.of': rentalId }),
    ...(payer !== null && { 'listed.payer': payer.toLowerCase() }),
    ...(state !== null && inState(state)),
  };
}

const RESOLVED: PaymentState = 'credited';

/**
 * Nearly all payments are credited, so those are found in order of time. The few that are under way
 * are found among the unresolved, and the unusual ones in an index that ordinary payments never
 * enter.
 */
function inState(state: string): object {
  if (!COMMON_STATES.has(state as PaymentState)) return { 'unusual.state': state };
  if (state === RESOLVED) return { 'listed.state': state };
  return { openOf: { $gt: '' }, 'listed.state': state };
}

const MOST_NAMED = 200;

export interface Named {
  readonly txIds: readonly TxId[];
  readonly reportIds: readonly ReportId[];
}

/**
 * Every payment that has this event id, transaction id or outside reference, whole. A reference is
 * found by who claimed it: either side of a payment, so that the other is looked for as well.
 */
export async function namedBy(
  { reports }: PaymentTables,
  references: Pick<ReferenceStore, 'find'>,
  text: string,
): Promise<Named> {
  const holders = (await references.find(text)).map(({ by }) => by);
  const isTx = (by: string): boolean => by.startsWith(TX);
  const txIds = [text, ...holders.filter(isTx).map((by) => by.slice(TX.length))] as TxId[];
  const held = holders.filter((by) => !isTx(by)) as ReportId[];
  const filters = [
    { eventId: text.toLowerCase() as EventId },
    { txs: { $in: txIds } },
    ...(held.length > 0 ? [{ _id: { $in: held } }] : []),
  ];
  const found = await Promise.all(
    filters.map((filter) => reports.rows.find(filter).limit(MOST_NAMED).toArray()),
  );
  const named = found.flat();
  return {
    txIds: [...new Set([...txIds, ...named.flatMap(({ txs }) => txs ?? [])])],
    reportIds: [...new Set(named.map(({ _id }) => _id))],
  };
}

/** Payment ids of transactions begin so. */
const TX = 'tx:';
