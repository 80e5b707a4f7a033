/** The provider's transactions as they were stated, and what became of them; credits nothing. */
import type { Connection, mongo } from 'mongoose';
import type { RentalId, TxId } from '../../domain/ids';
import { DAY_MS } from '../../domain/time';
import type { Transaction } from '../../domain/payments/transaction';
import type { GroupQuery, TransactionStore } from '../../flows/ports/money-ports';
import { spanFilter } from '../group-slots';
import { narrowWanted } from '../narrow-wanted';
import { readSlots } from '../read-slots';
import { saveRecords } from '../save';
import { storage } from '../storage-errors';
import { toDate } from '../stored-record';
import { whereAny, WHOLE, type Table } from '../table';
import {
  foreignText,
  groupOf,
  toTransaction,
  TRANSACTION_SHAPE,
  toTransactionRecord,
  transactionTable,
  type TransactionRecord,
} from './transaction-record';

/** Above every id, which is printable ASCII. */
const PAST_IDS = '\x7f';
const MOST_UNRESOLVED = 2_000;
/** How far around a span a transaction without a known time is looked for. */
const UNTIMED_REACH_MS = 7 * DAY_MS;

export function createTransactionStore(connection: Connection): TransactionStore {
  const table = transactionTable(connection);
  const { model, rows } = table;
  const find = async (
    filter: mongo.Filter<TransactionRecord>,
    options: mongo.FindOptions = {},
  ): Promise<Transaction[]> =>
    (await rows.find(filter, { ...WHOLE, ...options }).toArray()).map(toTransaction);

  return {
    get: (ids) => storage(() => whereAny(ids, ($in) => find({ _id: { $in } }))),
    save: (transactions) =>
      storage(() => saveRecords(model, transactions.map(toTransactionRecord), TRANSACTION_SHAPE)),
    inGroups: (queries, known) => storage(() => inGroups(table, queries, known)),
    unresolvedOf: (ids: readonly RentalId[]) =>
      storage(async () => {
        const open = await narrowWanted(rows, 'openOf', ids);
        if (open.length === 0) return [];
        return find({ openOf: { $in: [...open] } }, { limit: MOST_UNRESOLVED });
      }),
    due: (now, limit) =>
      storage(() =>
        find({ nextCheckAt: { $lte: toDate(now) } }, { sort: { nextCheckAt: 1 }, limit }),
      ),
    ofForeignUnit: (unitId, after, limit) =>
      storage(() => {
        const foreign = {
          $gt: foreignText(unitId, after ?? ''),
          $lt: foreignText(unitId, PAST_IDS),
        };
        return find({ foreign }, { sort: { foreign: 1 }, limit });
      }),
    latestOf: (rentalId, limit) =>
      storage(() => find({ 'listed.of': rentalId }, { sort: { 'listed.at': -1 }, limit })),
    // A range, since no engine asks an index whether a field exists; every text is above it.
    countForeign: () => storage(() => rows.countDocuments({ foreign: { $gt: '' } })),
  };
}

async function inGroups(
  { rows }: Table<TransactionRecord>,
  queries: readonly GroupQuery[],
  known: ReadonlySet<TxId> = new Set(),
): Promise<Transaction[]> {
  const asked = spanFilter(queries);
  const found = await readSlots(rows, queries, { untimed: 'with', known });
  return found.map(toTransaction).filter((transaction) => {
    const { group, at } = groupOf(transaction);
    if (at !== null) return asked(group, at, 0);
    return asked(group, transaction.firstSeenAt, UNTIMED_REACH_MS);
  });
}
