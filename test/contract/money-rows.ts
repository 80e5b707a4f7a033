/** Rows for the contracts of the money stores: whole ones, every field filled, and bare ones. */
import type { EntryDraft, EntrySource } from '../../src/domain/ledger/entry';
import {
  entryId,
  parseBoxId,
  parseHoldId,
  parseRentalId,
  parseTxId,
  parseUnitId,
  tenancyId,
  txPaymentId,
  type TenancyId,
} from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import type { Rental, UnitClaim } from '../../src/domain/rental';
import type { Report } from '../../src/domain/payments/report';
import type { Tenancy } from '../../src/domain/ledger/tenancy';
import { plusMs, type Instant, type Seconds } from '../../src/domain/time';
import type { Statement, Transaction } from '../../src/domain/payments/transaction';
import { agent, rentalOf, reportOf, START, statementOf, weekly } from '../support/estate';

/** `minutes` after the start of all tests' time. */
export const at = (minutes: number): Instant => plusMs(START, minutes * 60_000);

export const tenancyOne: TenancyId = tenancyId(parseRentalId('r_1'), 1);
const name = '$ünï "🏝" .x';

/** As settle makes one of a first statement: nothing decided yet; for rental 1. */
export function transactionOf(
  n: number,
  { word = {}, ...over }: Partial<Transaction> & { word?: Partial<Statement> } = {},
): Transaction {
  return {
    txId: parseTxId(`tx-${n}`),
    rev: 0,
    statements: [statementOf(n, word)],
    unitId: parseUnitId('unit-1'),
    rentalId: parseRentalId('r_1'),
    tenancyId: null,
    containedIn: null,
    takenBy: null,
    reportId: null,
    decision: null,
    firstSeenAt: START,
    nextCheckAt: null,
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

export function wholeTransaction(n: number): Transaction {
  const queued = statementOf(n, { state: 'queued', paidAt: null, creditedSeconds: null });
  const done = statementOf(n, {
    version: 2,
    tenant: { ...agent(2), name },
    message: 'Something bad happened :(',
    creditedSeconds: 604_800 as Seconds,
    unitVersion: 3,
    witness: 'lookup',
  });
  return transactionOf(n, {
    statements: [queued, done],
    tenancyId: tenancyOne,
    containedIn: entryId(tenancyOne, 1),
    takenBy: reportOf(n).id,
    reportId: reportOf(n).id,
    decision: {
      as: 'assign',
      upTo: { streamRank: 1, version: 2 },
      author: name,
      reason: 'By hand.',
      at: at(3),
    },
    nextCheckAt: at(9),
    checks: 4,
    unresolvedSince: at(1),
    creditedBy: entryId(tenancyOne, 2),
    reversedByHand: { upTo: { streamRank: 1, version: 2 }, author: name, reason: 'Twice.' },
    breaks: ['time-differs', 'amount-differs'],
    refundedInFull: true,
    steps: [{ code: 'confirmed', at: at(2) }],
  });
}

export function wholeReport(n: number, over: Partial<Report> = {}): Report {
  return reportOf(n, {
    payer: { ...agent(3), name },
    paidAt: at(1),
    receivedAt: at(2),
    ref: parseTxId(`tx-${n}`),
    settledBy: { by: 'hand', type: 'manual', reference: `$ref ${n}` },
    takes: parseTxId(`tx-${n + 1000}`),
    tenancyId: tenancyOne,
    creditedBy: entryId(tenancyOne, 3),
    reversedByHand: { author: name, reason: 'Wrong.', as: 'refunded' },
    breaks: ['retired-box'],
    refundedInFull: true,
    decision: { author: name, reason: 'Seen on the statement.', at: at(4) },
    fromRetiredBox: true,
    unknownUpstream: true,
    nextCheckAt: at(5),
    checks: 2,
    steps: [{ code: 'stored', at: at(2) }],
    ...over,
  });
}

export function claimOf(over: Partial<UnitClaim> = {}): UnitClaim {
  return {
    status: 'rented',
    rentedUntil: at(1000),
    tenant: { ...agent(2), name },
    version: 3,
    streamRank: 1,
    seenAt: at(1),
    currentThrough: at(1),
    ...over,
  };
}

export function wholeRental(n: number): Rental {
  const tenancy = tenancyId(parseRentalId(`r_${n}`), 1);
  const price = weekly(196);
  return rentalOf(n, {
    terms: [
      { from: at(-100), price, minimum: lindens(20), graceHours: 1.5 },
      { from: at(0), price: { ...price, term: 'month' }, minimum: null, graceHours: null },
    ],
    boxId: parseBoxId(`box_${n}`),
    tenancy: { id: tenancy, tenant: { ...agent(2), name } },
    cache: {
      tenancyId: tenancy,
      startedAt: at(-50),
      seconds: 604_800 as Seconds,
      throughSeq: 7,
      paidUntil: at(900),
      possiblyPaidUntil: at(950),
      pending: 1,
    },
    holds: [
      {
        id: parseHoldId('hold_1'),
        reason: name,
        author: 'Ann',
        createdAt: at(1),
        until: at(500),
        releasedAt: at(2),
      },
    ],
    claim: claimOf(),
    boxClearAt: at(3),
    timeUsedUpAt: at(4),
    secondKeyAt: at(5),
    noWordSince: at(6),
    resyncAt: at(7),
  });
}

export function tenancyOf(n: number, over: Partial<Tenancy> = {}): Tenancy {
  const rentalId = parseRentalId(`r_${n}`);
  return {
    id: tenancyId(rentalId, 1),
    rentalId,
    n: 1,
    tenant: { ...agent(2), name },
    start: { by: 'payments' },
    endedAt: null,
    rev: 0,
    ...over,
  };
}

export function draftOf(source: EntrySource, over: Partial<EntryDraft> = {}): EntryDraft {
  return {
    tenancyId: tenancyOne,
    kind: 'paid',
    source,
    seconds: 604_800 as Seconds,
    amount: 700,
    at: at(1),
    paidAt: at(0),
    paymentId: txPaymentId(parseTxId('tx-1')),
    reverses: null,
    author: 'system',
    reason: name,
    evidence: 'tx-1 version 2',
    ...over,
  };
}
