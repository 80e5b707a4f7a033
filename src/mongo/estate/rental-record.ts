/** How rentals are kept, with the fields that queries go by, and which writes own which of them. */
import type { Connection } from 'mongoose';
import type { Terms } from '../../domain/ledger/price';
import type { RentalId, UnitId } from '../../domain/ids';
import type { Hold, Rental, RentalCache, UnitClaim } from '../../domain/rental';
import type { ListedRental } from '../../domain/resync';
import type { SaveShape } from '../save';
import { toDate, toDateOrNull, toInstant, toInstantOrNull } from '../stored-record';
import { tableOf, type Kept, type Table } from '../table';

/** Derived from the rental whenever it is saved, and by nothing else. */
interface RentalIndex {
  /** Its own id where no unit is let as it. */
  withoutUnit?: RentalId;
  /** All that a list searches, in lower case. */
  search: string;
}

/** Asked for, perhaps more than once: `resyncAt` is the earliest wish, this the latest. */
interface Wishes {
  latestWishAt?: Date;
}

/** Null in the domain, and missing here, so that indexes hold only what is due. */
interface Due {
  unitId?: UnitId;
  secondKeyAt?: Date;
  resyncAt?: Date;
}

export type RentalRecord = Omit<Kept<Rental>, 'id' | keyof Due> &
  Due &
  Wishes &
  RentalIndex & { _id: RentalId };

/**
 * What is heard of a rental from outside has writers of its own, which touch no `rev`: a save
 * neither takes back what was heard meanwhile nor fails because of it.
 */
export const RENTAL_SHAPE: SaveShape = {
  kept: ['claim', 'boxClearAt', 'resyncAt'],
  optional: ['unitId', 'secondKeyAt', 'withoutUnit'],
};

export function rentalTable(connection: Connection): Table<RentalRecord> {
  return tableOf<RentalRecord>(connection, 'rentals', {
    _id: String,
    rev: Number,
    region: String,
    unitId: String,
    withoutUnit: String,
    secondKeyAt: Date,
    resyncAt: Date,
    search: String,
  });
}

export const searchText = (text: string): string => text.toLowerCase();

export function toRentalRecord(rental: Rental): RentalRecord {
  const { id, unitId, secondKeyAt, resyncAt, terms, cache, holds, claim, ...more } = rental;
  const { boxClearAt, timeUsedUpAt, noWordSince, createdAt, ...rest } = more;
  const searched = [rental.name, rental.region, rental.parcel, unitId ?? ''];
  const tenant = rental.tenancy?.tenant;
  return {
    ...rest,
    _id: id,
    terms: terms.map(toTermsRecord),
    cache: cache === null ? null : toCacheRecord(cache),
    holds: holds.map(toHoldRecord),
    claim: claim === null ? null : toClaimRecord(claim),
    boxClearAt: toDateOrNull(boxClearAt),
    timeUsedUpAt: toDateOrNull(timeUsedUpAt),
    noWordSince: toDateOrNull(noWordSince),
    createdAt: toDate(createdAt),
    search: searchText([...searched, tenant?.name ?? '', tenant?.key ?? ''].join('\n')),
    ...(unitId === null ? { withoutUnit: id } : { unitId }),
    ...(secondKeyAt !== null && { secondKeyAt: toDate(secondKeyAt) }),
    ...(resyncAt !== null && { resyncAt: toDate(resyncAt) }),
  };
}

/** Field by field: a drain makes very many of these, and a rest of fields is made slowly. */
export function toRental(record: RentalRecord): Rental {
  const { cache, claim } = record;
  return {
    id: record._id,
    rev: record.rev,
    name: record.name,
    region: record.region,
    parcel: record.parcel,
    unitId: record.unitId ?? null,
    verifiedBy: record.verifiedBy,
    terms: record.terms.map(toTerms),
    boxId: record.boxId,
    tenancy: record.tenancy,
    cache: cache === null ? null : toCache(cache),
    holds: record.holds.map(toHold),
    claim: claim === null ? null : toClaim(claim),
    boxClearAt: toInstantOrNull(record.boxClearAt),
    timeUsedUpAt: toInstantOrNull(record.timeUsedUpAt),
    secondKeyAt: toInstantOrNull(record.secondKeyAt),
    noWordSince: toInstantOrNull(record.noWordSince),
    resyncAt: toInstantOrNull(record.resyncAt),
    createdAt: toInstant(record.createdAt),
  };
}

/** The fields that `toListed` reads, and the keys of the pages; a sweep over all needs no more. */
export const LISTED = {
  unitId: 1,
  withoutUnit: 1,
  region: 1,
  tenancy: 1,
  cache: 1,
} as const satisfies Partial<Record<keyof RentalRecord, 1>>;

export type ListedRecord = Pick<RentalRecord, '_id' | keyof typeof LISTED>;

export function toListed({ _id, unitId, region, tenancy, cache }: ListedRecord): ListedRental {
  const shown = cache === null ? null : toCache(cache);
  return { id: _id, unitId: unitId ?? null, region, tenancy, cache: shown };
}

export function toCacheRecord(cache: RentalCache): Kept<RentalCache> {
  const { startedAt, paidUntil, possiblyPaidUntil, ...rest } = cache;
  return {
    ...rest,
    startedAt: toDateOrNull(startedAt),
    paidUntil: toDateOrNull(paidUntil),
    possiblyPaidUntil: toDateOrNull(possiblyPaidUntil),
  };
}

function toCache(record: Kept<RentalCache>): RentalCache {
  return {
    tenancyId: record.tenancyId,
    startedAt: toInstantOrNull(record.startedAt),
    seconds: record.seconds,
    throughSeq: record.throughSeq,
    ...(record.startsUnpaid === true && { startsUnpaid: true }),
    paidUntil: toInstantOrNull(record.paidUntil),
    possiblyPaidUntil: toInstantOrNull(record.possiblyPaidUntil),
    pending: record.pending,
  };
}

export function toClaimRecord(claim: UnitClaim): Kept<UnitClaim> {
  const { rentedUntil, seenAt, currentThrough, ...rest } = claim;
  return {
    ...rest,
    rentedUntil: toDateOrNull(rentedUntil),
    seenAt: toDate(seenAt),
    currentThrough: toDateOrNull(currentThrough),
  };
}

export function toClaim(record: Kept<UnitClaim>): UnitClaim {
  return {
    status: record.status,
    rentedUntil: toInstantOrNull(record.rentedUntil),
    tenant: record.tenant,
    version: record.version,
    streamRank: record.streamRank,
    seenAt: toInstant(record.seenAt),
    currentThrough: toInstantOrNull(record.currentThrough),
  };
}

const toTermsRecord = ({ from, ...rest }: Terms): Kept<Terms> => ({ ...rest, from: toDate(from) });

const toTerms = ({ from, ...rest }: Kept<Terms>): Terms => ({ ...rest, from: toInstant(from) });

const toHoldRecord = ({ createdAt, until, releasedAt, ...rest }: Hold): Kept<Hold> => ({
  ...rest,
  createdAt: toDate(createdAt),
  until: toDate(until),
  releasedAt: toDateOrNull(releasedAt),
});

const toHold = ({ createdAt, until, releasedAt, ...rest }: Kept<Hold>): Hold => ({
  ...rest,
  createdAt: toInstant(createdAt),
  until: toInstant(until),
  releasedAt: toInstantOrNull(releasedAt),
});
