/** Lets hours pass for an estate of fakes, settling each hour what is due, as the sweeps do. */
import type { ReportId, TxId } from '../../src/domain/ids';
import { HOUR_MS } from '../../src/domain/time';
import { settlePayments } from '../../src/flows/settle-payments';
import type { LookupResult } from '../../src/flows/settlement/batch';
import type { Estate } from './estate';

const MOST = 100;

/** @param looked what the provider answers about each payment that is looked up. */
export async function sweepFor(
  { deps, clock, transactions, reports }: Estate,
  { hours, looked }: { readonly hours: number; readonly looked?: LookupResult },
): Promise<void> {
  for (let hour = 0; hour < hours; hour += 1) {
    await clock.advance(HOUR_MS);
    const [txs, due] = await Promise.all([
      transactions.due(clock.now(), MOST),
      reports.due(clock.now(), MOST),
    ]);
    const answers = new Map<TxId | ReportId, LookupResult>();
    if (looked !== undefined) {
      for (const { id } of due) answers.set(id, looked);
      for (const { txId } of txs) answers.set(txId, looked);
    }
    await settlePayments(deps, {
      txIds: txs.map(({ txId }) => txId),
      reportIds: due.map(({ id }) => id),
      looked: answers,
    });
  }
}
