/**
 * An estate in memory for tests of flows: fakes of the stores, a clock that the test moves,
 * builders.
 */
import type { SettleDeps } from '../../src/flows/settlement/batch';
import type { Settings } from '../../src/flows/ports/settings';
import {
  parseAgentKey,
  parseBoxId,
  parseEventId,
  parseRentalId,
  parseTxId,
  parseUnitId,
  reportId,
} from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import type { Price } from '../../src/domain/ledger/price';
import { newRental, type Rental } from '../../src/domain/rental';
import type { Report } from '../../src/domain/payments/report';
import { later, parseInstant, plusMs, type Instant } from '../../src/domain/time';
import type { Agent, Statement } from '../../src/domain/payments/transaction';
import { createFakeBreakStore } from './fakes/break-store';
import { createFakeEntryStore } from './fakes/entry-store';
import { createFakeRentalStore } from './fakes/rental-store';
import { createFakeReportStore } from './fakes/report-store';
import { createFakeTenancyStore } from './fakes/tenancy-store';
import { createFakeTransactionStore } from './fakes/transaction-store';
import { createManualClock } from './manual-clock';
import { noHints } from './no-hints';
import { quietLog } from './quiet-log';

export const START: Instant = parseInstant('2026-03-02T12:00:00Z');

export const SETTINGS: Settings = {
  zone: 'America/Los_Angeles',
  graceHours: 72,
  dueDays: 3,
  holdDays: 14,
  matchWindowS: 900,
  breakOwner: 'estate',
  lookupMinutes: [1, 5, 15, 60],
  lookupDays: 3,
  gridShard: 'Production',
};

/** The stores of one estate, and the deps that settle takes. */
export function createEstate() {
  const clock = createManualClock(START);
  const stores = {
    transactions: createFakeTransactionStore(),
    reports: createFakeReportStore(),
    entries: createFakeEntryStore(),
    tenancies: createFakeTenancyStore(),
    rentals: createFakeRentalStore(),
    breaks: createFakeBreakStore(),
  };
  const deps: SettleDeps = { ...stores, clock, settings: SETTINGS, log: quietLog, hints: noHints };
  return { ...stores, clock, deps };
}

export type Estate = ReturnType<typeof createEstate>;

/** A well-known agent for each small number. */
export function agent(n: number): Agent {
  const key = `a2e76fcd-9360-4f6d-a924-${String(n).padStart(12, '0')}`;
  return { key: parseAgentKey(key), name: `Resident ${n}` };
}

export const weekly = (amount: number): Price => ({ amount: lindens(amount), term: 'week' });

/** A vacant rental, let as `unit-<n>` of the provider; `over` says what is different. */
export function rentalOf(n: number, over: Partial<Rental> = {}): Rental {
  const fresh = newRental({
    id: parseRentalId(`r_${n}`),
    name: `Parcel ${n}`,
    region: 'Dream Bay',
    parcel: `Parcel ${n}`,
    unitId: parseUnitId(`unit-${n}`),
    verifiedBy: 'provider',
    terms: [
      {
        from: plusMs(START, -365 * 86_400_000),
        price: weekly(700),
        minimum: null,
        graceHours: null,
      },
    ],
    createdAt: START,
  });
  return { ...fresh, ...over };
}

/** The provider's word: transaction `tx-<n>` of L$ 700 for unit 1, completed, in version 1. */
export function statementOf(n: number, over: Partial<Statement> = {}): Statement {
  const state = over.state ?? 'completed';
  return {
    txId: parseTxId(`tx-${n}`),
    version: 1,
    unitId: parseUnitId('unit-1'),
    payer: agent(1),
    tenant: null,
    amount: lindens(700),
    paidAt: START,
    stateWord: state,
    message: '',
    creditedSeconds: null,
    unitVersion: null,
    // A word comes no earlier than what it tells of.
    updatedAt: later(over.paidAt ?? START, START),
    streamRank: 1,
    witness: 'stream',
    seenAt: START,
    ...over,
    state,
  };
}

/** A box's report of L$ 700 for rental 1, not settled yet, as intake stores it. */
export function reportOf(n: number, over: Partial<Report> = {}): Report {
  const boxId = over.boxId ?? parseBoxId('box_1');
  const eventId = parseEventId(`0b9f3c1e-5a2d-4c77-9f0e-${String(n).padStart(12, '0')}`);
  return {
    id: reportId(boxId, eventId),
    rev: 1,
    boxId,
    eventId,
    rentalId: parseRentalId('r_1'),
    unitId: parseUnitId('unit-1'),
    payer: agent(1),
    amount: lindens(700),
    at: START,
    paidAt: START,
    receivedAt: START,
    ref: null,
    settledBy: null,
    takes: null,
    tenancyId: null,
    creditedBy: null,
    reversedByHand: null,
    refundedInFull: false,
    breaks: [],
    decision: null,
    fromRetiredBox: false,
    unknownUpstream: false,
    nextCheckAt: START,
    checks: 0,
    steps: [],
    ...over,
  };
}
