/** Transactions in memory, as the contract of TransactionStore says. */
import type { TxId } from '../../../src/domain/ids';
import { isUnresolved, transactionState } from '../../../src/domain/payments/payment';
import { foldStatements } from '../../../src/domain/payments/statements';
import { DAY_MS } from '../../../src/domain/time';
import type { Transaction } from '../../../src/domain/payments/transaction';
import type { GroupQuery, TransactionStore } from '../../../src/flows/ports/money-ports';
import { binary } from './page-of';
import { savedRows } from './saved-rows';

export interface FakeTransactionStore extends TransactionStore {
  all(): Transaction[];
}

export function createFakeTransactionStore(): FakeTransactionStore {
  const kept = savedRows<TxId, Transaction>((tx) => tx.txId);
  const where = (wanted: (tx: Transaction) => boolean): Transaction[] => kept.all().filter(wanted);
  const paidAt = (tx: Transaction): number => foldStatements(tx.statements).paidAt;
  return {
    all: kept.all,
    get: async (ids) => kept.get(ids),
    save: async (transactions) => kept.save(transactions),
    inGroups: async (queries) => where((tx) => queries.some((query) => isIn(query, tx))),
    unresolvedOf: async (rentalIds) =>
      where(
        (tx) =>
          tx.rentalId !== null &&
          rentalIds.includes(tx.rentalId) &&
          isUnresolved(transactionState(tx)),
      ),
    due: async (now, limit) =>
      where((tx) => tx.nextCheckAt !== null && tx.nextCheckAt <= now)
        .sort((a, b) => a.nextCheckAt! - b.nextCheckAt!)
        .slice(0, limit),
    ofForeignUnit: async (unitId, after, limit) =>
      where((tx) => tx.rentalId === null && tx.unitId === unitId)
        .sort((a, b) => binary(a.txId, b.txId))
        .filter((tx) => after === null || tx.txId > after)
        .slice(0, limit),
    latestOf: async (rentalId, limit) =>
      where((tx) => tx.rentalId === rentalId)
        .sort((a, b) => paidAt(b) - paidAt(a))
        .slice(0, limit),
    countForeign: async () => where((tx) => tx.rentalId === null).length,
  };
}

function isIn(query: GroupQuery, tx: Transaction): boolean {
  const { highest, paidAt, paidAtKnown } = foldStatements(tx.statements);
  const same =
    highest.unitId === query.unitId &&
    highest.payer.key === query.payer &&
    highest.amount === query.amount;
  if (!same) return false;
  if (paidAtKnown) return paidAt >= query.from && paidAt <= query.to;
  return tx.firstSeenAt >= query.from - 7 * DAY_MS && tx.firstSeenAt <= query.to + 7 * DAY_MS;
}
