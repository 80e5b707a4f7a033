/**
 * How reports and returned words are kept, with the fields that queries go by; asks for nothing.
 */
import type { Connection } from 'mongoose';
import type { AgentKey, RentalId, ReportId, TxId } from '../../domain/ids';
import { isOpenReport, reportState, type PaymentState } from '../../domain/payments/payment';
import {
  linkedTx,
  transactionsOf,
  type Report,
  type ReturnedWord,
} from '../../domain/payments/report';
import { slotOf } from '../group-slots';
import type { OptionalOf, SaveShape } from '../save';
import { toDate, toInstant, toInstantOrNull } from '../stored-record';
import { tableOf, type Kept, type Table } from '../table';

/** How a payment stands in lists; missing where another record stands there for it. */
export interface Listed<Of> {
  of: Of;
  at: Date;
  payer: AgentKey;
  state: PaymentState;
}

/** Payments in states that few are in, to be found among the many without looking at each. */
export interface Unusual {
  state: PaymentState;
  at: Date;
}

/** Derived from the report whenever it is written, and by nothing else. */
interface ReportIndex {
  /** Group and week, where a link may be looked for. */
  slot?: string;
  /** Transactions that it names, is linked to, or has taken. */
  txs?: TxId[];
  /** Its rental while it is not settled, or confirmed and not credited. */
  openOf?: RentalId;
  /** Missing while it is linked: the transaction stands for both. */
  listed?: Listed<RentalId>;
  unusual?: Unusual;
}

export type ReportRecord = Omit<Kept<Report>, 'id' | 'nextCheckAt'> &
  ReportIndex & { _id: ReportId; nextCheckAt?: Date };

type Optional = Record<OptionalOf<ReportRecord>, 0>;
const OPTIONAL: Optional = { nextCheckAt: 0, slot: 0, txs: 0, openOf: 0, listed: 0, unusual: 0 };
export const REPORT_SHAPE: SaveShape = { kept: [], optional: Object.keys(OPTIONAL) };

export type ReturnedRecord = Omit<Kept<ReturnedWord>, 'id'> & { _id: ReportId };

export type AnyReportRecord = ReportRecord | ReturnedRecord;

export const COMMON_STATES: ReadonlySet<PaymentState> = new Set([
  'reported',
  'in-progress',
  'confirmed',
  'credited',
]);

export function reportTable(connection: Connection): Table<ReportRecord> {
  return tableOf<ReportRecord>(connection, 'reports', {
    _id: String,
    rev: Number,
    eventId: String,
    slot: String,
    txs: [String],
    openOf: String,
    nextCheckAt: Date,
    listed: { of: String, at: Date, payer: String, state: String },
    unusual: { state: String, at: Date },
  });
}

/**
 * Returned words stand in the same collection: a repeat of one is found under the same unique id.
 */
export function returnedTable(connection: Connection): Table<ReturnedRecord> {
  const { model } = reportTable(connection);
  return tableOf<ReturnedRecord>(connection, model.modelName, {});
}

export const isPayment = (record: AnyReportRecord): record is ReportRecord =>
  !('paymentReport' in record);

export function unusualOf(state: PaymentState, at: Date): { unusual?: Unusual } {
  return COMMON_STATES.has(state) ? {} : { unusual: { state, at } };
}

// Field by field, here and below: a drain makes very many of these, and a rest of fields is slow.
export function toReportRecord(report: Report): ReportRecord {
  const { decision, nextCheckAt, steps } = report;
  return {
    _id: report.id,
    rev: report.rev,
    boxId: report.boxId,
    eventId: report.eventId,
    rentalId: report.rentalId,
    unitId: report.unitId,
    payer: report.payer,
    amount: report.amount,
    at: toDate(report.at),
    paidAt: toDate(report.paidAt),
    receivedAt: toDate(report.receivedAt),
    ref: report.ref,
    settledBy: report.settledBy,
    takes: report.takes,
    tenancyId: report.tenancyId,
    creditedBy: report.creditedBy,
    reversedByHand: report.reversedByHand,
    breaks: [...report.breaks],
    refundedInFull: report.refundedInFull,
    decision: decision === null ? null : { ...decision, at: toDate(decision.at) },
    fromRetiredBox: report.fromRetiredBox,
    unknownUpstream: report.unknownUpstream,
    checks: report.checks,
    steps: steps.map(({ code, at }) => ({ code, at: toDate(at) })),
    ...(nextCheckAt !== null && { nextCheckAt: toDate(nextCheckAt) }),
    ...indexOf(report),
  };
}

function indexOf(report: Report): ReportIndex {
  const { unitId, payer, amount, paidAt, rentalId } = report;
  const state = reportState(report);
  const isLinked = linkedTx(report) !== null;
  const txs = transactionsOf(report);
  const at = toDate(paidAt);
  return {
    ...(unitId !== null && { slot: slotOf({ unitId, payer: payer.key, amount }, paidAt) }),
    ...(txs.size > 0 && { txs: [...txs] }),
    ...(isOpenReport(report) && { openOf: rentalId }),
    ...(!isLinked && { listed: { of: rentalId, at, payer: payer.key, state } }),
    ...(!isLinked && unusualOf(state, at)),
  };
}

export function toReport(record: ReportRecord): Report {
  const { decision, steps } = record;
  return {
    id: record._id,
    rev: record.rev,
    boxId: record.boxId,
    eventId: record.eventId,
    rentalId: record.rentalId,
    unitId: record.unitId,
    payer: record.payer,
    amount: record.amount,
    at: toInstant(record.at),
    paidAt: toInstant(record.paidAt),
    receivedAt: toInstant(record.receivedAt),
    ref: record.ref,
    settledBy: record.settledBy,
    takes: record.takes,
    tenancyId: record.tenancyId,
    creditedBy: record.creditedBy,
    reversedByHand: record.reversedByHand,
    breaks: record.breaks,
    refundedInFull: record.refundedInFull,
    decision: decision === null ? null : { ...decision, at: toInstant(decision.at) },
    fromRetiredBox: record.fromRetiredBox,
    unknownUpstream: record.unknownUpstream,
    nextCheckAt: toInstantOrNull(record.nextCheckAt),
    checks: record.checks,
    steps: steps.map(({ code, at }) => ({ code, at: toInstant(at) })),
  };
}

export function toReturnedRecord({ id, at, receivedAt, ...rest }: ReturnedWord): ReturnedRecord {
  return { ...rest, _id: id, at: toDate(at), receivedAt: toDate(receivedAt) };
}

export function toReturned({ _id, at, receivedAt, ...rest }: ReturnedRecord): ReturnedWord {
  return { ...rest, id: _id, at: toInstant(at), receivedAt: toInstant(receivedAt) };
}
