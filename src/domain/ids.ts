/** The identifiers of the domain and the parsers that refuse malformed ones; mints nothing. */
import { RefusedValue, type Branded } from './brand';

/** UUID of an avatar, lower case. Identity of an agent; names are display data. */
export type AgentKey = Branded<string, 'AgentKey'>;
/** UUID of an in-world object, lower case; changes at each rez. */
export type ObjectKey = Branded<string, 'ObjectKey'>;
/** UUID minted once in a box's `money()`, lower case; unique within its box only. */
export type EventId = Branded<string, 'EventId'>;
/** Ours, stable: `box_` + word characters. */
export type BoxId = Branded<string, 'BoxId'>;
/** Ours: `r_` + word characters. */
export type RentalId = Branded<string, 'RentalId'>;
/** `<rentalId>:<n>`, n from 1. */
export type TenancyId = Branded<string, 'TenancyId'>;
/** `<tenancyId>:<seq>`, seq from 1, gapless. */
export type EntryId = Branded<string, 'EntryId'>;
/** The provider's id of a unit: opaque ASCII, 1–128 printable characters. */
export type UnitId = Branded<string, 'UnitId'>;
/** The provider's id of a transaction: ASCII, 1–64 printable characters. */
export type TxId = Branded<string, 'TxId'>;
/** `<boxId>:<eventId>` for a payment, `<boxId>:<eventId>:returned` for a returned word. */
export type ReportId = Branded<string, 'ReportId'>;
/** Id of a stream numbering at the provider, opaque, 1–128 printable characters. */
export type StreamId = Branded<string, 'StreamId'>;
/** `tx:<txId>` where a transaction is known, else the report's id. */
export type PaymentId = Branded<string, 'PaymentId'>;
/** Ours: `brk_` + word characters. */
export type BreakId = Branded<string, 'BreakId'>;
/** Ours: `hold_` + word characters. */
export type HoldId = Branded<string, 'HoldId'>;
/** Ours: `swp_` + word characters, or `<kind>:<fire instant>` for a cron fire. */
export type SweepId = Branded<string, 'SweepId'>;

const BOX_ID = /^box_\w{1,40}$/;
const RENTAL_ID = /^r_\w{1,40}$/;
const BREAK_ID = /^brk_\w{1,40}$/;
const HOLD_ID = /^hold_\w{1,40}$/;
/** Printable ASCII, with nothing else said of it. */
const OPAQUE_64 = /^[\x21-\x7e]{1,64}$/;
const OPAQUE_128 = /^[\x21-\x7e]{1,128}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const NULL_KEY = '00000000-0000-0000-0000-000000000000';

export const parseAgentKey = (text: string): AgentKey => uuid(text, 'agent key') as AgentKey;
export const parseObjectKey = (text: string): ObjectKey => uuid(text, 'object key') as ObjectKey;
export const parseEventId = (text: string): EventId => uuid(text, 'event id') as EventId;
export const parseBoxId = (text: string): BoxId => matched(text, BOX_ID, 'box id') as BoxId;
export const parseRentalId = (text: string): RentalId =>
  matched(text, RENTAL_ID, 'rental id') as RentalId;
export const parseBreakId = (text: string): BreakId =>
  matched(text, BREAK_ID, 'break id') as BreakId;
export const parseHoldId = (text: string): HoldId => matched(text, HOLD_ID, 'hold id') as HoldId;
export const parseUnitId = (text: string): UnitId => matched(text, OPAQUE_128, 'unit id') as UnitId;
export const parseTxId = (text: string): TxId => matched(text, OPAQUE_64, 'transaction id') as TxId;
export const parseStreamId = (text: string): StreamId =>
  matched(text, OPAQUE_128, 'stream id') as StreamId;

export function parseSweepId(text: string): SweepId {
  return matched(text, /^(swp_\w{1,40}|(resync|settle):[\dTZ:.-]{10,30})$/, 'sweep id') as SweepId;
}

export function parseTenancyId(text: string): TenancyId {
  return matched(text, /^r_\w{1,40}:[1-9]\d{0,8}$/, 'tenancy id') as TenancyId;
}

export function parseEntryId(text: string): EntryId {
  return matched(text, /^r_\w{1,40}:[1-9]\d{0,8}:[1-9]\d{0,8}$/, 'entry id') as EntryId;
}

export function parseReportId(text: string): ReportId {
  return matched(text, /^box_\w{1,40}:[0-9a-f-]{36}(:returned)?$/, 'report id') as ReportId;
}

export function parsePaymentId(text: string): PaymentId {
  if (text.startsWith('tx:')) parseTxId(text.slice(3));
  else parseReportId(text);
  return text as PaymentId;
}

export const reportId = (boxId: BoxId, eventId: EventId): ReportId =>
  `${boxId}:${eventId}` as ReportId;
export const returnedId = (payment: ReportId): ReportId => `${payment}:returned` as ReportId;
export const tenancyId = (rentalId: RentalId, n: number): TenancyId =>
  `${rentalId}:${n}` as TenancyId;
export const entryId = (tenancy: TenancyId, seq: number): EntryId => `${tenancy}:${seq}` as EntryId;
export const txPaymentId = (txId: TxId): PaymentId => `tx:${txId}` as PaymentId;
export const reportPaymentId = (id: ReportId): PaymentId => id as string as PaymentId;

export function tenancyOfEntry(id: EntryId): TenancyId {
  return id.slice(0, id.lastIndexOf(':')) as TenancyId;
}

export function rentalOfTenancy(id: TenancyId): RentalId {
  return id.slice(0, id.lastIndexOf(':')) as RentalId;
}

function uuid(text: string, what: string): string {
  return matched(text.toLowerCase(), UUID, what);
}

function matched(text: string, pattern: RegExp, what: string): string {
  if (!pattern.test(text)) throw new RefusedValue(`This is not a well-formed ${what}.`);
  return text;
}
