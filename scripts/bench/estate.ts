/** An estate made up for the bench: rentals, tenancies, boxes and their secrets; writes nothing. */
import { createHash } from 'node:crypto';
import { newBox, type Box } from '../../src/domain/box';
import type { EntryDraft } from '../../src/domain/ledger/entry';
import {
  parseAgentKey,
  parseBoxId,
  parseObjectKey,
  parseRentalId,
  parseUnitId,
  tenancyId,
} from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import type { Price } from '../../src/domain/ledger/price';
import { newRental, type Rental, type UnitClaim } from '../../src/domain/rental';
import type { Tenancy } from '../../src/domain/ledger/tenancy';
import { DAY_MS, SECOND_MS, plusMs, type Instant, type Seconds } from '../../src/domain/time';
import type { Agent } from '../../src/domain/payments/transaction';

/** What a box needs to sign, and what the service knows it by. */
export interface BoxKeys {
  readonly id: string;
  readonly objectKey: string;
  readonly ownerKey: string;
  readonly secret: string;
  readonly rentalId: string;
}

/** The same for the same number, so that whoever signs needs no list. */
export function boxKeys(n: number): BoxKeys {
  return {
    id: `box_bench${n}`,
    objectKey: uuidOf(`object ${n}`),
    ownerKey: uuidOf('owner'),
    secret: createHash('sha256').update(`secret ${n}`).digest('base64url'),
    rentalId: rentalIdOf(n),
  };
}

export function boxOf(n: number, now: Instant): Box {
  const { id, objectKey, ownerKey, secret, rentalId } = boxKeys(n);
  return {
    ...newBox(parseBoxId(id), parseRentalId(rentalId), now),
    state: 'paired',
    objectKey: parseObjectKey(objectKey),
    ownerKey: parseAgentKey(ownerKey),
    secrets: [{ text: secret, since: now, until: null }],
    rezzedAt: now,
  };
}

/** The unit that a rental is let as, as far as the bench cares. */
export interface LetUnit {
  readonly id: string;
  readonly version: number;
  readonly tenant: Agent | null;
  readonly rentedUntil: Instant | null;
  readonly price: Price;
}

export interface LetRental {
  readonly rental: Rental;
  readonly tenancy: Tenancy | null;
  /** In order; their seconds reach from the tenancy's start to the unit's expiry. */
  readonly entries: readonly EntryDraft[];
}

/** One opening and these many payments: most tenancies are young or have been imported. */
export const ENTRIES_OF_A_TENANCY = 3;
const STARTED_BEFORE_MS = 60 * DAY_MS;

/** Rental number `n`, in step with its unit. */
export function letRental(n: number, unit: LetUnit, now: Instant): LetRental {
  const bare = bareRental(n, unit, now);
  const { tenant, rentedUntil } = unit;
  if (tenant === null || rentedUntil === null) return { rental: bare, tenancy: null, entries: [] };
  const id = tenancyId(bare.id, 1);
  const startedAt = plusMs(now, -STARTED_BEFORE_MS - (now % SECOND_MS) + (rentedUntil % SECOND_MS));
  const seconds = (rentedUntil - startedAt) / SECOND_MS;
  const start = { by: 'opening', at: startedAt, unitVersion: 1, streamRank: 1 } as const;
  const tenancy: Tenancy = {
    id,
    rentalId: bare.id,
    n: 1,
    tenant,
    start: { ...start, importedAt: startedAt },
    endedAt: null,
    rev: 0,
  };
  const rental: Rental = {
    ...bare,
    tenancy: { id, tenant },
    cache: {
      tenancyId: id,
      startedAt,
      seconds: seconds as Seconds,
      throughSeq: ENTRIES_OF_A_TENANCY,
      paidUntil: rentedUntil,
      possiblyPaidUntil: rentedUntil,
      pending: 0,
    },
  };
  return { rental, tenancy, entries: entriesOf(tenancy, startedAt, seconds) };
}

function bareRental(n: number, unit: LetUnit, now: Instant): Rental {
  const from = plusMs(now, -365 * DAY_MS);
  const fresh = newRental({
    id: parseRentalId(rentalIdOf(n)),
    name: `Rental ${n}`,
    region: `Region ${n % 100}`,
    parcel: `Parcel ${n}`,
    unitId: parseUnitId(unit.id),
    verifiedBy: 'provider',
    terms: [{ from, price: unit.price, minimum: null, graceHours: null }],
    createdAt: now,
  });
  const claim: UnitClaim = {
    status: unit.tenant === null ? 'available' : 'rented',
    rentedUntil: unit.rentedUntil,
    tenant: unit.tenant,
    version: unit.version,
    streamRank: 0,
    seenAt: now,
    currentThrough: null,
  };
  return { ...fresh, boxId: parseBoxId(boxKeys(n).id), claim };
}

function entriesOf(tenancy: Tenancy, startedAt: Instant, seconds: number): EntryDraft[] {
  const each = Math.floor(seconds / ENTRIES_OF_A_TENANCY);
  return Array.from({ length: ENTRIES_OF_A_TENANCY }, (_, i): EntryDraft => {
    const rest = seconds - each * (ENTRIES_OF_A_TENANCY - 1);
    const txId = `tx-before-${tenancy.rentalId}-${i}`;
    return {
      tenancyId: tenancy.id,
      kind: i === 0 ? 'opening' : 'paid',
      source: i === 0 ? 'opening' : `tx:${txId}`,
      seconds: (i === 0 ? rest : each) as Seconds,
      amount: i === 0 ? null : 250,
      at: startedAt,
      paidAt: i === 0 ? null : startedAt,
      paymentId: i === 0 ? null : (`tx:${txId}` as EntryDraft['paymentId']),
      reverses: null,
      author: 'system',
      reason: i === 0 ? 'Imported.' : 'The provider completed the payment.',
      evidence: i === 0 ? 'unit, version 1' : `transaction ${txId}, version 3, stream 1`,
    };
  });
}

export const agentOf = (n: number): Agent => ({
  key: parseAgentKey(uuidOf(`agent ${n}`)),
  name: `Resident ${n}`,
});

export const WEEKLY: Price = { amount: lindens(250), term: 'week' };

export const unitIdOf = (n: number): string => `unit-${String(n).padStart(7, '0')}`;

/** Padded, so that ids are in the order of numbers. */
const rentalIdOf = (n: number): string => `r_bench${String(n).padStart(7, '0')}`;

/** A well-formed key for each text. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [8, 12, 16, 20, 32]
    .map((end, i, ends) => hex.slice(i === 0 ? 0 : ends[i - 1], end))
    .join('-');
}
