/**
 * Folds every version ever stated of a transaction into what it amounts to, in any order of
 * arrival.
 */
import type { Position, Statement, Transaction, TransactionWord, TxState } from './transaction';
import { DAY_MS, earlier, parseInstant, plusMs, type Instant } from '../time';

/** More versions than any honest transaction has. */
const MAX_STATEMENTS = 500;
const MOST_AT_LENGTH = 10;
const BRIEF = 200;

export interface FoldedTransaction {
  /** The last word in the order of (stream ids as they appeared, version). */
  readonly highest: Statement;
  /** The state to go by: `completed` stays so under any lower word; only `reversed` undoes it. */
  readonly state: TxState;
  /** Some version says `completed` or `reversed`, so there is one paid entry. */
  readonly wasPaid: boolean;
  readonly highestCompleted: Statement | null;
  /** When the L$ were given: the provider's word, else the earliest `updatedAt`. */
  readonly paidAt: Instant;
  /** False where `paidAt` only stands in for one that the provider does not know. */
  readonly paidAtKnown: boolean;
  readonly failedAfterPaid: boolean;
  readonly versionFell: boolean;
}

/** No L$ were given in-world before; a provider that knows no time may say 1970. */
const FIRST_PAID: Instant = parseInstant('2003-01-01T00:00:00Z');
/** More than clocks and their zones may differ by. */
const MOST_AHEAD_MS = DAY_MS;

/** A time of payment that lies behind the word itself is as good as none. */
const isDated = ({ paidAt, updatedAt }: Statement): boolean =>
  paidAt !== null && paidAt >= FIRST_PAID && paidAt <= plusMs(updatedAt, MOST_AHEAD_MS);

/** @param statements not empty, in order as `addStatements` keeps them. */
export function foldStatements(statements: readonly Statement[]): FoldedTransaction {
  const highest = statements.at(-1);
  if (highest === undefined) throw new RangeError('A transaction has at least one statement.');
  const wasPaid = statements.some(saysPaid);
  const stated = statements.findLast(isDated)?.paidAt ?? null;
  const standIn = statements.map((one) => one.updatedAt).reduce(earlier);
  const versionFell = hasFallen(statements, highest);
  const lowered = wasPaid && !saysPaid(highest);
  return {
    highest,
    state: lowered ? stateBefore(statements) : highest.state,
    wasPaid,
    highestCompleted: statements.findLast((one) => one.state === 'completed') ?? null,
    paidAt: stated ?? standIn,
    paidAtKnown: stated !== null,
    failedAfterPaid: lowered && !versionFell,
    versionFell,
  };
}

/** The statements with `added` in their places; the same array when all were known. */
export function addStatements(
  known: readonly Statement[],
  added: readonly Statement[],
): readonly Statement[] {
  const fresh = added.filter(
    (one, i) =>
      !known.some((old) => isSameWord(old, one)) &&
      added.findIndex((other) => isSameWord(other, one)) === i,
  );
  return fresh.length === 0 ? known : briefed(thinned([...known, ...fresh].sort(inOrder)));
}

/** Of older words people need hardly more than that they were said; each may be thousands long. */
function briefed(inOrder: readonly Statement[]): readonly Statement[] {
  const older = inOrder.length - MOST_AT_LENGTH;
  return inOrder.map((one, place) =>
    place >= older || one.message.length <= BRIEF ? one : { ...one, message: cut(one.message) },
  );
}

/** Half of a surrogate pair, which no store can keep, is not left behind. */
const cut = (text: string): string => text.slice(0, BRIEF).replace(/[\ud800-\udbff]$/, '');

/**
 * Beyond the limit the oldest words go that say nothing of L$ taken; what was paid is kept
 * longest.
 */
function thinned(inOrder: readonly Statement[]): readonly Statement[] {
  const surplus = inOrder.length - MAX_STATEMENTS;
  if (surplus <= 0) return inOrder;
  const empty = inOrder.slice(0, -1).filter((one) => !saysPaid(one));
  const gone = new Set(empty.slice(0, surplus));
  return inOrder.filter((one) => !gone.has(one)).slice(-MAX_STATEMENTS);
}

export const positionOf = (statement: Statement): Position => ({
  streamRank: statement.streamRank,
  version: statement.version,
});

export const isAfter = (a: Position, b: Position): boolean =>
  a.streamRank !== b.streamRank ? a.streamRank > b.streamRank : a.version > b.version;

/**
 * Words under which a manager's decision no longer covers what the provider says. What it merely
 * says again under another numbering is no more.
 */
export function saysMoreThan(transaction: Transaction, upTo: Position): boolean {
  const { statements } = transaction;
  const covered = statements.filter((one) => !isAfter(one, upTo));
  return statements.some(
    (one) => isAfter(one, upTo) && saysPaid(one) && !covered.some((old) => isRestated(old, one)),
  );
}

const isRestated = (old: Statement, again: Statement): boolean =>
  old.version === again.version &&
  old.state === again.state &&
  old.amount === again.amount &&
  old.creditedSeconds === again.creditedSeconds;

/** A person's reversal stands until the provider itself reverses and completes again after it. */
export function handReversalStands(transaction: Transaction): boolean {
  const { reversedByHand, statements } = transaction;
  if (reversedByHand === null) return false;
  const undone = statements.findIndex(
    (one) => one.state === 'reversed' && isAfter(one, reversedByHand.upTo),
  );
  return undone < 0 || !statements.slice(undone).some((one) => one.state === 'completed');
}

function saysPaid(word: TransactionWord): boolean {
  return word.state === 'completed' || word.state === 'reversed';
}

function stateBefore(statements: readonly Statement[]): TxState {
  return statements.findLast(saysPaid)!.state;
}

/**
 * A lower version under a later stream id, about what was completed before: the provider came back
 * from a backup.
 */
function hasFallen(statements: readonly Statement[], highest: Statement): boolean {
  const before = statements.filter((one) => one.streamRank < highest.streamRank);
  return before.some(saysPaid) && before.some((one) => one.version > highest.version);
}

function isSameWord(a: Statement, b: Statement): boolean {
  return (
    a.streamRank === b.streamRank &&
    a.version === b.version &&
    a.state === b.state &&
    a.updatedAt === b.updatedAt
  );
}

/** A total order, so that the fold does not depend on who arrived first. */
function inOrder(a: Statement, b: Statement): number {
  return (
    a.streamRank - b.streamRank ||
    a.version - b.version ||
    a.updatedAt - b.updatedAt ||
    (a.state < b.state ? -1 : Number(a.state > b.state))
  );
}
