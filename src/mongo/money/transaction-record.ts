/** How transactions are kept, with the fields that queries go by; asks for nothing. */
import type { Connection } from 'mongoose';
import type { RentalId, TxId, UnitId } from '../../domain/ids';
import { isUnresolved, transactionState } from '../../domain/payments/payment';
import { foldStatements } from '../../domain/payments/statements';
import type { Statement, Transaction } from '../../domain/payments/transaction';
import { slotOf, type Group } from '../group-slots';
import { unusualOf, type Listed, type Unusual } from './report-record';
import type { OptionalOf, SaveShape } from '../save';
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

type Optional = Record<OptionalOf<TransactionRecord>, 0>;
const OPTIONAL: Optional = { nextCheckAt: 0, openOf: 0, foreign: 0, unusual: 0 };
export const TRANSACTION_SHAPE: SaveShape = { kept: [], optional: Object.keys(OPTIONAL) };

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

// Field by field, here and below: a drain makes very many of these, and a rest of fields is slow.
export function toTransactionRecord(transaction: Transaction): TransactionRecord {
  const { decision, nextCheckAt, steps } = transaction;
  return {
    _id: transaction.txId,
    rev: transaction.rev,
    statements: transaction.statements.map(toStatementRecord),
    unitId: transaction.unitId,
    rentalId: transaction.rentalId,
    tenancyId: transaction.tenancyId,
    containedIn: transaction.containedIn,
    takenBy: transaction.takenBy,
    reportId: transaction.reportId,
    decision: decision === null ? null : { ...decision, at: toDate(decision.at) },
    firstSeenAt: toDate(transaction.firstSeenAt),
    checks: transaction.checks,
    unresolvedSince: toDateOrNull(transaction.unresolvedSince),
    creditedBy: transaction.creditedBy,
    reversedByHand: transaction.reversedByHand,
    breaks: [...transaction.breaks],
    refundedInFull: transaction.refundedInFull,
    steps: steps.map(({ code, at }) => ({ code, at: toDate(at) })),
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
  const { decision, steps } = record;
  return {
    txId: record._id,
    rev: record.rev,
    statements: record.statements.map(toStatement),
    unitId: record.unitId,
    rentalId: record.rentalId,
    tenancyId: record.tenancyId,
    containedIn: record.containedIn,
    takenBy: record.takenBy,
    reportId: record.reportId,
    decision: decision === null ? null : { ...decision, at: toInstant(decision.at) },
    firstSeenAt: toInstant(record.firstSeenAt),
    nextCheckAt: toInstantOrNull(record.nextCheckAt),
    checks: record.checks,
    unresolvedSince: toInstantOrNull(record.unresolvedSince),
    creditedBy: record.creditedBy,
    reversedByHand: record.reversedByHand,
    breaks: record.breaks,
    refundedInFull: record.refundedInFull,
    steps: steps.map(({ code, at }) => ({ code, at: toInstant(at) })),
  };
}

function toStatementRecord(statement: Statement): Kept<Statement> {
  return {
    txId: statement.txId,
    version: statement.version,
    unitId: statement.unitId,
    payer: statement.payer,
    tenant: statement.tenant,
    amount: statement.amount,
    paidAt: toDateOrNull(statement.paidAt),
    state: statement.state,
    stateWord: statement.stateWord,
    message: statement.message,
    creditedSeconds: statement.creditedSeconds,
    unitVersion: statement.unitVersion,
    updatedAt: toDate(statement.updatedAt),
    streamRank: statement.streamRank,
    witness: statement.witness,
    seenAt: toDate(statement.seenAt),
  };
}

function toStatement(record: Kept<Statement>): Statement {
  return {
    txId: record.txId,
    version: record.version,
    unitId: record.unitId,
    payer: record.payer,
    tenant: record.tenant,
    amount: record.amount,
    paidAt: toInstantOrNull(record.paidAt),
    state: record.state,
    stateWord: record.stateWord,
    message: record.message,
    creditedSeconds: record.creditedSeconds,
    unitVersion: record.unitVersion,
    updatedAt: toInstant(record.updatedAt),
    streamRank: record.streamRank,
    witness: record.witness,
    seenAt: toInstant(record.seenAt),
  };
}
