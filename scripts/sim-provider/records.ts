/** The shapes of what the simulator holds, and how they read on the wire; holds no state itself. */
import { toRfc3339, type Instant } from '../../src/domain/time';

export interface Agent {
  readonly key: string;
  readonly name: string;
}

export type TransactionState =
  'queued' | 'processing' | 'suspended' | 'failed' | 'completed' | 'reversed';
export type UnitStatus = 'available' | 'rented' | 'overdue' | 'reserved' | 'unreachable';
export type Term = 'day' | 'week' | 'month';

/** One version of a unit. Never changed in place: a change makes the next version. */
export interface UnitRecord {
  readonly kind: 'unit';
  readonly id: string;
  readonly version: number;
  /** Place in the order of all changes; rises together with `updatedAt`. */
  readonly ordinal: number;
  readonly objectKey: string;
  readonly name: string;
  readonly region: string;
  readonly parcel: string;
  readonly tenant: Agent | null;
  readonly rentedUntil: Instant | null;
  readonly status: UnitStatus;
  /** Whole L$ per term. */
  readonly price: number;
  readonly term: Term;
  readonly locked: boolean;
  readonly updatedAt: Instant;
}

/** One version of a transaction. Never changed in place. */
export interface TransactionRecord {
  readonly kind: 'transaction';
  readonly id: string;
  /** Which payment it is, from 1: the key to its chances, the same in each run of a seed. */
  readonly n: number;
  readonly version: number;
  readonly ordinal: number;
  readonly unit: string;
  readonly payer: Agent;
  readonly tenant: Agent | null;
  readonly amount: number;
  readonly paidAt: Instant | null;
  readonly state: TransactionState;
  readonly message: string;
  readonly creditedSeconds: number | null;
  readonly unitVersion: number | null;
  readonly updatedAt: Instant;
}

/** A word to everybody, with no state behind it. */
export interface Notice {
  readonly kind: 'notice';
  /** The event's type: `notice`, or a word that no client knows yet. */
  readonly type: string;
  readonly text: string;
}

/** What the book itself gives to each version. */
export type Stamp = Pick<UnitRecord, 'version' | 'ordinal' | 'updatedAt'>;
export type NewUnit = Omit<UnitRecord, 'kind' | keyof Stamp>;
export type NewTransaction = Omit<TransactionRecord, 'kind' | keyof Stamp>;
export type UnitFields = Partial<Omit<NewUnit, 'id'>>;
export type TransactionFields = Partial<
  Pick<TransactionRecord, 'tenant' | 'state' | 'message' | 'creditedSeconds' | 'unitVersion'>
>;

/** Field by field: a million units fit into memory only while all have one shape. */
export function unitVersion(unit: NewUnit, change: UnitFields, stamp: Stamp): UnitRecord {
  return {
    kind: 'unit',
    id: unit.id,
    version: stamp.version,
    ordinal: stamp.ordinal,
    objectKey: change.objectKey ?? unit.objectKey,
    name: change.name ?? unit.name,
    region: change.region ?? unit.region,
    parcel: change.parcel ?? unit.parcel,
    tenant: change.tenant === undefined ? unit.tenant : change.tenant,
    rentedUntil: change.rentedUntil === undefined ? unit.rentedUntil : change.rentedUntil,
    status: change.status ?? unit.status,
    price: change.price ?? unit.price,
    term: change.term ?? unit.term,
    locked: change.locked ?? unit.locked,
    updatedAt: stamp.updatedAt,
  };
}

/** Only what comes of a payment changes in its transaction, never the payment itself. */
export function transactionVersion(
  transaction: NewTransaction,
  change: TransactionFields,
  stamp: Stamp,
): TransactionRecord {
  const { tenant, creditedSeconds, unitVersion: contained } = transaction;
  return {
    kind: 'transaction',
    id: transaction.id,
    n: transaction.n,
    version: stamp.version,
    ordinal: stamp.ordinal,
    unit: transaction.unit,
    payer: transaction.payer,
    tenant: change.tenant === undefined ? tenant : change.tenant,
    amount: transaction.amount,
    paidAt: transaction.paidAt,
    state: change.state ?? transaction.state,
    message: change.message ?? transaction.message,
    creditedSeconds:
      change.creditedSeconds === undefined ? creditedSeconds : change.creditedSeconds,
    unitVersion: change.unitVersion === undefined ? contained : change.unitVersion,
    updatedAt: stamp.updatedAt,
  };
}

export function toWireUnit(unit: UnitRecord) {
  return {
    id: unit.id,
    version: unit.version,
    objectKey: unit.objectKey,
    name: unit.name,
    region: unit.region,
    parcel: unit.parcel,
    tenant: unit.tenant,
    rentedUntil: instantOrNull(unit.rentedUntil),
    status: unit.status,
    price: unit.price,
    term: unit.term,
    locked: unit.locked,
    updatedAt: toRfc3339(unit.updatedAt),
  };
}

export function toWireTransaction(transaction: TransactionRecord) {
  return {
    id: transaction.id,
    version: transaction.version,
    unit: transaction.unit,
    payer: transaction.payer,
    tenant: transaction.tenant,
    amount: transaction.amount,
    paidAt: instantOrNull(transaction.paidAt),
    state: transaction.state,
    message: transaction.message,
    creditedSeconds: transaction.creditedSeconds,
    unitVersion: transaction.unitVersion,
    updatedAt: toRfc3339(transaction.updatedAt),
  };
}

export const instantOrNull = (at: Instant | null): string | null =>
  at === null ? null : toRfc3339(at);
