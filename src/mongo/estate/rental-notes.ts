/**
 * What is heard of rentals from outside, each word one atomic update that compares as it writes.
 */
import type { RentalId, UnitId } from '../../domain/ids';
import type { Rental, UnitClaim } from '../../domain/rental';
import type { Instant } from '../../domain/time';
import { toClaim, toClaimRecord, type RentalRecord } from './rental-record';
import { updateAll, type Operation } from '../save';
import { DURABLE, toDate } from '../stored-record';
import { WHOLE, type Kept, type Table } from '../table';

type Claimed = Pick<Rental, 'id' | 'unitId' | 'claim'>;

/**
 * Looks first which claims are news, so that what is known already costs no write; the update
 * itself then compares once more with what stands there, so that racing words cannot lose the
 * latest.
 */
export async function noteClaims(
  table: Table<RentalRecord>,
  claims: ReadonlyMap<UnitId, UnitClaim>,
  known?: readonly Claimed[],
): Promise<void> {
  const found = known ?? (await readClaims(table, [...claims.keys()]));
  const updates = found.flatMap(({ id, unitId, claim }) => {
    const heard = unitId === null ? undefined : claims.get(unitId);
    if (heard === undefined) return [];
    return claim === null || isNews(heard, claim) ? [noting(id, toClaimRecord(heard))] : [];
  });
  await updateAll(table.model, updates);
}

async function readClaims(
  { rows }: Table<RentalRecord>,
  units: readonly UnitId[],
): Promise<Claimed[]> {
  const found = await rows
    .find({ unitId: { $in: [...units] } }, WHOLE)
    .project<Pick<RentalRecord, '_id' | 'unitId' | 'claim'>>({ unitId: 1, claim: 1 })
    .toArray();
  return found.map(({ _id, unitId = null, claim }) => ({
    id: _id,
    unitId,
    claim: claim === null ? null : toClaim(claim),
  }));
}

/**
 * The earliest wish counts; the latest is kept beside it, so that its end is not taken for both.
 */
export async function askResync(
  { model }: Table<RentalRecord>,
  ids: readonly RentalId[],
  at: Instant,
): Promise<void> {
  const wish = toDate(at);
  const update = { $min: { resyncAt: wish }, $max: { latestWishAt: wish } };
  await updateAll(
    model,
    ids.map((_id): Operation => ({ updateOne: { filter: { _id }, update } })),
  );
}

/** A later wish than the one that was met becomes due in its place. */
export async function resyncDone(
  { rows }: Table<RentalRecord>,
  _id: RentalId,
  askedAt: Instant,
): Promise<void> {
  const met = toDate(askedAt);
  const isEarliestLater = { $gt: ['$resyncAt', met] };
  const isLatestLater = { $gt: ['$latestWishAt', met] };
  const unmet = { $cond: [isEarliestLater, '$resyncAt', '$latestWishAt'] };
  const isUnmet = { $or: [isEarliestLater, isLatestLater] };
  // A field that is set to `$$REMOVE` goes.
  const $set = {
    resyncAt: { $cond: [isUnmet, unmet, '$$REMOVE'] },
    latestWishAt: { $cond: [isUnmet, '$latestWishAt', '$$REMOVE'] },
  };
  await rows.updateOne({ _id }, [{ $set }], DURABLE);
}

/** Never moves back: a null that stands there sorts below every date. */
export async function noteBoxClear(
  { rows }: Table<RentalRecord>,
  id: RentalId,
  at: Instant,
): Promise<void> {
  await rows.updateOne({ _id: id }, { $max: { boxClearAt: toDate(at) } }, DURABLE);
}

type ClaimRecord = Kept<UnitClaim>;

/** As `noting` decides, on what was read. */
function isNews(heard: UnitClaim, stood: UnitClaim): boolean {
  if (heard.streamRank !== stood.streamRank) return heard.streamRank > stood.streamRank;
  if (heard.version !== stood.version) return heard.version > stood.version;
  if ((heard.currentThrough ?? -1) > (stood.currentThrough ?? -1)) return true;
  return heard.seenAt > stood.seenAt;
}

/**
 * A claim is later by stream rank, then version, then when it was heard. Within a rank
 * `currentThrough` only rises, and not by a lower version; under a later rank it begins anew.
 */
function noting(_id: RentalId, heard: ClaimRecord): Operation {
  const { version, streamRank: rank, seenAt, currentThrough } = heard;
  const isLaterRank = { $gt: [rank, { $ifNull: ['$claim.streamRank', -1] }] };
  const isSameRank = { $eq: [rank, '$claim.streamRank'] };
  const isHeardAgain = {
    $and: [{ $eq: [version, '$claim.version'] }, { $gte: [seenAt, '$claim.seenAt'] }],
  };
  const isLaterWord = { $or: [{ $gt: [version, '$claim.version'] }, isHeardAgain] };
  const takes = { $or: [isLaterRank, { $and: [isSameRank, isLaterWord] }] };
  const isNoOlder = { $gte: [version, '$claim.version'] };
  const highest = { $max: ['$claim.currentThrough', currentThrough] };
  const raised = { currentThrough: { $cond: [isNoOlder, highest, '$claim.currentThrough'] } };
  const merged = {
    $cond: [
      isLaterRank,
      { $literal: heard },
      { $mergeObjects: [{ $cond: [takes, { $literal: heard }, '$claim'] }, raised] },
    ],
  };
  const claim = { $cond: [{ $or: [isLaterRank, isSameRank] }, merged, '$claim'] };
  return { updateOne: { filter: { _id }, update: [{ $set: { claim } }] } };
}
