/** Rows of the domain for tests that need no store; each says only what the test cares about. */
import type { Entry, EntryKind } from '../../src/domain/ledger/entry';
import { entryId, parseRentalId, parseTenancyId, tenancyId } from '../../src/domain/ids';
import type { Tenancy, TenancyStart, TenancyView } from '../../src/domain/ledger/tenancy';
import { instant, seconds, type Instant } from '../../src/domain/time';
import type { Statement, Transaction } from '../../src/domain/payments/transaction';
import { agent, START, statementOf } from '../support/estate';

export const RENTAL = parseRentalId('r_1');
export const TENANCY = parseTenancyId('r_1:1');

/** Instant of a UTC text such as `2026-03-02T12:00:00Z`, read by the platform itself. */
export const at = (text: string): Instant => instant(Date.parse(text));

export const daysAfter = (start: Instant, days: number): Instant =>
  instant(start + Math.round(days * 86_400_000));

/** A transaction as it is kept once these statements were heard, in their order. */
export function transactionOf(
  statements: readonly Statement[],
  over: Partial<Transaction> = {},
): Transaction {
  const [first] = statements;
  if (first === undefined) throw new Error('A transaction has at least one statement.');
  return {
    txId: first.txId,
    rev: 1,
    statements,
    unitId: first.unitId,
    rentalId: RENTAL,
    tenancyId: null,
    containedIn: null,
    takenBy: null,
    reportId: null,
    decision: null,
    firstSeenAt: first.seenAt,
    nextCheckAt: START,
    checks: 0,
    unresolvedSince: null,
    creditedBy: null,
    reversedByHand: null,
    breaks: [],
    refundedInFull: false,
    steps: [],
    ...over,
  };
}

export const txOf = (n: number, over: Partial<Statement> = {}): Transaction =>
  transactionOf([statementOf(n, over)]);

/** The `seq`-th entry of tenancy 1: `lengthS` seconds, given L$ `amount` at `paidAt`. */
export function entryOf(
  seq: number,
  kind: EntryKind,
  lengthS: number,
  over: Partial<Entry> = {},
): Entry {
  return {
    id: entryId(TENANCY, seq),
    seq,
    tenancyId: TENANCY,
    kind,
    source: `request:${seq}`,
    seconds: seconds(lengthS),
    amount: kind === 'paid' || kind === 'external' ? 700 : null,
    at: START,
    paidAt: kind === 'paid' || kind === 'external' ? START : null,
    paymentId: null,
    reverses: null,
    author: 'system',
    reason: '',
    evidence: '',
    ...over,
  };
}

/** The entry, `seq`-th in its tenancy, that takes `entry` back. */
export function reversalOf(seq: number, entry: Entry): Entry {
  return entryOf(seq, 'reversal', -entry.seconds, {
    source: `reverses:${entry.id}`,
    reverses: entry.id,
    amount: entry.amount === null ? null : -entry.amount,
    paymentId: entry.paymentId,
  });
}

/** The n-th tenancy of rental 1, of agent `n`. */
export function tenancyOf(n: number, start: TenancyStart, over: Partial<Tenancy> = {}): Tenancy {
  return {
    id: tenancyId(RENTAL, n),
    rentalId: RENTAL,
    n,
    tenant: agent(n),
    start,
    endedAt: null,
    rev: 1,
    ...over,
  };
}

export const viewOf = (
  tenancy: Tenancy,
  startedAt: Instant | null,
  limit: Instant | null,
): TenancyView => ({ ...tenancy, startedAt, limit });
