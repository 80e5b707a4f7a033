/** The provider's claims about its units, the latest of each; says nothing of what is true. */
import type { Connection, Model } from 'mongoose';
import { parseRentalId, parseUnitId, type RentalId, type UnitId } from '../../domain/ids';
import type { UnitWord } from '../../domain/unit';
import type { KeptWord, Unit, UnitStore } from '../../flows/ports/upkeep-ports';
import { updateAll, type Operation } from '../save';
import { storage } from '../storage-errors';
import {
  againAfterRace,
  part,
  recordsOf,
  toDate,
  toDateOrNull,
  toInstant,
  toInstantOrNull,
  upsert,
} from '../stored-record';
import { WHOLE } from '../table';

type WordRecord = Omit<UnitWord, 'unitId' | 'rentedUntil' | 'updatedAt'> & {
  readonly rentedUntil: Date | null;
  readonly updatedAt: Date;
};

interface UnitRecord {
  _id: string;
  /** All but `rentalId` are missing while the unit is claimed and no word of it has come. */
  word?: WordRecord;
  streamRank?: number;
  seenAt?: Date;
  currentThrough?: Date | null;
  rentalId: string | null;
}

export function createUnitStore(connection: Connection): UnitStore {
  const units = unitRecords(connection);
  const get = async (ids: readonly UnitId[]): Promise<Unit[]> => {
    const found = await units.find({ _id: { $in: [...new Set(ids)] } }, null, WHOLE).lean();
    return found.flatMap(toDomain);
  };

  return {
    keep: (words) =>
      storage(async () => {
        await againAfterRace(() => updateAll(units, words.map(keeping)));
      }),
    get: (ids) => storage(() => get(ids)),
    claim: (unitId, rentalId) => storage(() => claim(units, unitId, rentalId)),
  };
}

/**
 * One write that compares with what is stored as it writes, so that racing words cannot lose the
 * highest. Within a rank `currentThrough` only rises, and not by a version below the one that is
 * kept: a provider that says less than it said before is no evidence for what it said before. Under
 * a later rank it begins anew, since the provider may have come back as it was before.
 */
function keeping(kept: KeptWord): Operation {
  const { version } = kept.word;
  const rank = kept.streamRank;
  const seenAt = toDate(kept.seenAt);
  const through = toDateOrNull(kept.currentThrough);
  const isLaterRank = { $gt: [rank, { $ifNull: ['$streamRank', -1] }] };
  const isSameRank = { $eq: [rank, '$streamRank'] };
  const isLaterVersion = { $gt: [version, '$word.version'] };
  const isHeardAgain = {
    $and: [{ $eq: [version, '$word.version'] }, { $gte: [seenAt, '$seenAt'] }],
  };
  const takes = {
    $or: [isLaterRank, { $and: [isSameRank, { $or: [isLaterVersion, isHeardAgain] }] }],
  };
  const isNoOlder = { $and: [isSameRank, { $gte: [version, '$word.version'] }] };
  const raised = { $cond: [isNoOlder, { $max: ['$currentThrough', through] }, '$currentThrough'] };
  const update = {
    $set: {
      word: { $cond: [takes, { $literal: wordRecord(kept.word) }, '$word'] },
      streamRank: { $cond: [takes, rank, '$streamRank'] },
      seenAt: { $cond: [takes, seenAt, '$seenAt'] },
      currentThrough: { $cond: [isLaterRank, through, raised] },
      rentalId: { $ifNull: ['$rentalId', null] },
    },
  };
  return { updateOne: { filter: { _id: kept.word.unitId }, update: [update], upsert: true } };
}

/** A rental once set is never changed, so what is read afterwards is what was decided. */
async function claim(
  units: Model<UnitRecord>,
  unitId: UnitId,
  rentalId: RentalId,
): Promise<boolean> {
  const rental = { $ifNull: ['$rentalId', { $literal: rentalId }] };
  await upsert(units, unitId, [{ $set: { rentalId: rental } }]);
  return (await units.findById(unitId).lean())?.rentalId === rentalId;
}

function unitRecords(connection: Connection): Model<UnitRecord> {
  return recordsOf<UnitRecord>(connection, 'units', {
    _id: String,
    word: part({
      version: Number,
      objectKey: String,
      name: String,
      region: String,
      parcel: String,
      tenant: part({ key: String, name: String }),
      rentedUntil: Date,
      status: String,
      price: Number,
      term: String,
      locked: Boolean,
      updatedAt: Date,
    }),
    streamRank: Number,
    seenAt: Date,
    currentThrough: Date,
    rentalId: String,
  });
}

function wordRecord({ unitId: _, ...word }: UnitWord): WordRecord {
  return {
    ...word,
    rentedUntil: toDateOrNull(word.rentedUntil),
    updatedAt: toDate(word.updatedAt),
  };
}

function toDomain(record: UnitRecord): Unit[] {
  const { _id, word, streamRank, seenAt, currentThrough, rentalId } = record;
  if (word === undefined || streamRank === undefined || seenAt === undefined) return [];
  return [
    {
      ...word,
      unitId: parseUnitId(_id),
      rentedUntil: toInstantOrNull(word.rentedUntil),
      updatedAt: toInstant(word.updatedAt),
      streamRank,
      seenAt: toInstant(seenAt),
      currentThrough: toInstantOrNull(currentThrough),
      rentalId: rentalId === null ? null : parseRentalId(rentalId),
    },
  ];
}
