/** Settles what the provider said of a unit before it was ours; moves no time of its own. */
import type { TxId, UnitId } from '../../domain/ids';
import { settlePayments } from '../settle-payments';
import type { SettleDeps } from '../settlement/batch';

const PAGE = 200;

/** Call it once the unit's rental is stored: settle gives each transaction to it. Repeatable. */
export async function adoptTransactions(
  deps: SettleDeps,
  { unitId }: { readonly unitId: UnitId },
): Promise<void> {
  let after: TxId | null = null;
  for (;;) {
    const rows = await deps.transactions.ofForeignUnit(unitId, after, PAGE);
    const last = rows.at(-1);
    if (last === undefined) return;
    await settlePayments(deps, { txIds: rows.map((row) => row.txId) });
    if (rows.length < PAGE) return;
    after = last.txId;
  }
}
