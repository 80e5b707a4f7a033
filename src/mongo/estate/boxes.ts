/** The tierboxes, their secrets sealed at rest; decides nothing about who may sign or be paired. */
import type { Connection, Model } from 'mongoose';
import type { Box } from '../../domain/box';
import type { BoxId } from '../../domain/ids';
import type { Listing, ListInput } from '../../flows/ports/money-ports';
import type { BoxSeen, BoxStore } from '../../flows/ports/upkeep-ports';
import {
  boxFields,
  KEPT_BY_SAVE,
  snapshotRecord,
  toDomain,
  toRecord,
  type BoxRecord,
} from './box-record';
import { coalesceReads } from '../coalesce';
import { listing, readCursor, type Key } from '../cursor';
import { saveRecords, updateAll, type Operation } from '../save';
import { createSecretOpener, type Told } from './secret-opener';
import type { SecretSealing } from './secret-sealing';
import { storage } from '../storage-errors';
import { DURABLE, recordsOf, toDate } from '../stored-record';

const MOST_PER_PAIRING_KEY = 20;
const READS_TOGETHER = 200;
const READS_AT_ONCE = 2;
const RENTALS_AT_ONCE = 500;
const SAVE_SHAPE = { kept: KEPT_BY_SAVE, optional: [] } as const;

/**
 * `save` owns everything but `lastSeenAt`, `outbox` and `snapshot`: those it writes with a new box
 * only, so that a change of a box never takes back what was heard of it meanwhile. `noteSeen` and
 * `keepSnapshot` own them, and touch no `rev`. `list` goes in order of rental and box.
 *
 * A secret that does not open is kept as it is, and harms nobody else: the box waits until its key
 * is back, or is paired anew.
 */
export function createBoxStore(
  connection: Connection,
  sealing: SecretSealing,
  told: Told,
): BoxStore {
  const boxes = recordsOf<BoxRecord>(connection, 'boxes', boxFields);
  const opener = createSecretOpener(sealing, told);
  const open = (record: BoxRecord): Box => toDomain(record, opener);
  const read = (ids: readonly BoxId[]): Promise<BoxRecord[]> =>
    boxes
      .find({ _id: { $in: [...new Set(ids)] } })
      .lean<BoxRecord[]>()
      .exec();
  const one = coalesceReads<BoxId, BoxRecord, Box>({
    ...{ read, open },
    ...{ most: READS_TOGETHER, atOnce: READS_AT_ONCE },
  });

  return {
    one: (id) => storage(() => one(id)),
    get: (ids) => storage(async () => (await read(ids)).map(open)),
    byPairingKey: (key) =>
      storage(async () => {
        const found = boxes.find({ 'pairing.key': key }).limit(MOST_PER_PAIRING_KEY);
        return (await found.lean()).map(open);
      }),
    save: (changed) =>
      storage(async () => {
        const records = changed.map((box) => toRecord(box, sealing));
        const written = await saveRecords(boxes, records, SAVE_SHAPE);
        return new Set(changed.map(({ id }) => id).filter((id) => written.has(id)));
      }),
    noteSeen: (seen) => storage(() => updateAll(boxes, seen.map(noting))),
    keepSnapshot: (id, snapshot) =>
      storage(async () => {
        const at = toDate(snapshot.at);
        const kept = await boxes.updateOne(
          { _id: id, snapshotAt: { $lt: at } },
          { $set: { snapshot: snapshotRecord(snapshot), snapshotAt: at } },
          DURABLE,
        );
        return kept.matchedCount === 1 ? 'stored' : 'known';
      }),
    list: (query) => storage(() => list(boxes, query, open)),
  };
}

/** Later times only: a `null` that stands there sorts below every date. */
function noting({ id, at, outbox }: BoxSeen): Operation {
  const seenAt = toDate(at);
  const isSaidLater = { $gte: [seenAt, '$outboxAt'] };
  const said = {
    outbox: { $cond: [isSaidLater, outbox, '$outbox'] },
    outboxAt: { $max: ['$outboxAt', seenAt] },
  };
  const set = { lastSeenAt: { $max: ['$lastSeenAt', seenAt] }, ...(outbox !== null && said) };
  return { updateOne: { filter: { _id: id }, update: [{ $set: set }] } };
}

interface ListQuery extends ListInput {
  readonly regions: readonly string[];
}

async function list(
  boxes: Model<BoxRecord>,
  { limit, cursor, regions }: ListQuery,
  open: (record: BoxRecord) => Box,
): Promise<Listing<Box>> {
  const after = readCursor(cursor, 2);
  const found =
    regions.length === 0
      ? await inOrder(boxes, behind(after), limit + 1)
      : await inRegions(boxes, { regions, after, wanted: limit + 1 });
  return listing(found, limit, { row: open, key: ({ rentalId, _id }) => [rentalId, _id] });
}

interface InRegions {
  readonly regions: readonly string[];
  readonly after: Key | null;
  readonly wanted: number;
}

/** A box lies where its rental lies: walks the rentals of the regions, and takes their boxes. */
async function inRegions(
  boxes: Model<BoxRecord>,
  { regions, after, wanted }: InRegions,
): Promise<BoxRecord[]> {
  const found: BoxRecord[] = [];
  let from: object = after === null ? {} : { _id: { $gte: after[0] } };
  while (found.length < wanted) {
    const rentals = await boxes.db
      .collection<{ _id: string; region: string }>('rentals')
      .find({ region: { $in: [...regions] }, ...from }, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(RENTALS_AT_ONCE)
      .toArray();
    const ids = rentals.map(({ _id }) => _id);
    const filter = { $and: [{ rentalId: { $in: ids } }, behind(after)] };
    found.push(...(await inOrder(boxes, filter, wanted - found.length)));
    if (ids.length < RENTALS_AT_ONCE) break;
    from = { _id: { $gt: ids.at(-1) } };
  }
  return found;
}

function inOrder(boxes: Model<BoxRecord>, filter: object, most: number): Promise<BoxRecord[]> {
  return boxes.find(filter).sort({ rentalId: 1, _id: 1 }).limit(most).lean<BoxRecord[]>().exec();
}

function behind(after: Key | null): object {
  if (after === null) return {};
  const [rentalId = '', id = ''] = after;
  return {
    rentalId: { $gte: rentalId },
    $or: [{ rentalId: { $gt: rentalId } }, { _id: { $gt: id } }],
  };
}
