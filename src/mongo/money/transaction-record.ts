/** How transactions are kept, with the fields that queries go by; asks for nothing. */
import type { Connection } from 'mongoose';
import type { RentalId, TxId, UnitId } from '../../domain/ids';
import { isUnresolved, transactionState } from '../../domain/payments/payment';
import { foldStatements } from '../../domain/payments/statements';
import type { Statement, Transaction } from '../../domain/payments/transaction';
import { slotOf, type Group } from '../group-slots';
import { unusualOf, type Listed, type Unusual } from './report-record';
import { toDate, toDateOrNull, toInstant, toInstantOrNull } from '../stored-record';
import { tableOf, type Kept, type Table } from '../table';

/** Stands for the rental of an unresolved transaction whose unit is none of ours. */
const NO_RENTAL = '-';

/** Derived from the transaction whenever it is written, and by nothing else. */
interface TransactionIndex {
  /** Group and week of the highest statement. */
  slot: string;
  /** Its rental while it is unresolved. */
  openOf?: RentalId | typeof NO_RENTAL;
  /** Its unit and id while the unit is none of ours. */
  foreign?: string;
  listed: Listed<RentalId | null>;
  unusual?: Unusual;
}

export type TransactionRecord = Omit<Kept<Transaction>, 'txId' | 'nextCheckAt'> &
  TransactionIndex & { _id: TxId; nextCheckAt?: Date };

export function transactionTable(connection: Connection): Table<TransactionRecord> {
  return tableOf<TransactionRecord>(connection, 'transactions', {
    _id: String,
    rev: Number,
    slot: String,
    openOf: String,
    foreign: String,
    takenBy: String,
    nextCheckAt: Date,
    listed: { of: String, at: Date, payer: String, state: String },
    unusual: { state: String, at: Date },
  });
}

/** In order of unit, then id: neither has blanks. */
export const foreignText = (unitId: UnitId, txId: string): string => `${unitId} ${txId}`;

/** Where a transaction is looked for by reports: its group, and its time where that is known. */
export function groupOf(transaction: Transaction): {
  group: Group;
  at: Transaction['firstSeenAt'] | null;
} {
  const { highest, paidAt, paidAtKnown } = foldStatements(transaction.statements);
  const { unitId, payer, amount } = highest;
  return { group: { unitId, payer: payer.key, amount }, at: paidAtKnown ? paidAt : null };
}

export function toTransactionRecord(transaction: Transaction): TransactionRecord {
  const { txId, statements, decision, firstSeenAt, nextCheckAt, ...more } = transaction;
  const { unresolvedSince, steps, breaks, ...rest } = more;
  return {
    ...rest,
    _id: txId,
    statements: statements.map(toStatementRecord),
    decision: decision === null ? null : { ...decision, at: toDate(decision.at) },
    firstSeenAt: toDate(firstSeenAt),
    unresolvedSince: toDateOrNull(unresolvedSince),
    breaks: [...breaks],
    steps: steps.map((step) => ({ ...step, at: toDate(step.at) })),
    ...(nextCheckAt !== null && { nextCheckAt: toDate(nextCheckAt) }),
    ...indexOf(transaction),
  };
}

function indexOf(transaction: Transaction): TransactionIndex {
  const { txId, rentalId, unitId } = transaction;
  const { group, at: knownAt } = groupOf(transaction);
  const state = transactionState(transaction);
  const at = toDate(foldStatements(transaction.statements).paidAt);
  return {
    slot: slotOf(group, knownAt),
    ...(isUnresolved(state) && { openOf: rentalId ?? NO_RENTAL }),
    ...(rentalId === null && { foreign: foreignText(unitId, txId) }),
    listed: { of: rentalId, at, payer: group.payer, state },
    ...unusualOf(state, at),
  };
}

export function toTransaction(record: TransactionRecord): Transaction {
  const { _id, slot, openOf, foreign, listed, unusual, nextCheckAt, ...rest } = record;
  const { statements, decision, firstSeenAt, unresolvedSince, steps, ...same } = rest;
  return {
    ...same,
    txId: _id,
    statements: statements.map(toStatement),
    decision: decision === null ? null : { ...decision, at: toInstant(decision.at) },
    firstSeenAt: toInstant(firstSeenAt),
    nextCheckAt: toInstantOrNull(nextCheckAt),
    unresolvedSince: toInstantOrNull(unresolvedSince),
    steps: steps.map((step) => ({ ...step, at: toInstant(step.at) })),
  };
}

function toStatementRecord(statement: Statement): Kept<Statement> {
  const { paidAt, updatedAt, seenAt, ...rest } = statement;
  return {
    ...rest,
    paidAt: toDateOrNull(paidAt),
    updatedAt: toDate(updatedAt),
    seenAt: toDate(seenAt),
  };
}

function toStatement({ paidAt, updatedAt, seenAt, ...rest }: Kept<Statement>): Statement {
  return {
    ...rest,
    paidAt: toInstantOrNull(paidAt),
    updatedAt: toInstant(updatedAt),
    seenAt: toInstant(seenAt),
  };
}
