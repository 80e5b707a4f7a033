/** Differences that wait for a person, each kept once under its kind and what it is about. */
import { createHash } from 'node:crypto';
import type { Connection, mongo } from 'mongoose';
import type { Break, BreakComment, BreakKind } from '../../domain/break';
import { openBreak, reopenBreak, settleBreak } from '../../domain/break-life';
import { parseBreakId, type BreakId } from '../../domain/ids';
import {
  StorageUnavailable,
  type BreakQuery,
  type BreakStore,
  type Listing,
  type OpenBreak,
  type SettledBreak,
} from '../../flows/ports/money-ports';
import { listing, readTimeCursor } from '../cursor';
import { narrowWanted } from '../narrow-wanted';
import { saveRecords, type SaveShape } from '../save';
import { storage } from '../storage-errors';
import { toDate, toDateOrNull, toInstant, toInstantOrNull } from '../stored-record';
import { tableOf, WHOLE, type Kept, type Table } from '../table';

type BreakRecord = Omit<Kept<Break>, 'id'> & {
  _id: BreakId;
  /** Of its rental when it was opened, for keys that are limited to regions. */
  region: string | null;
  /** Its subjects while it is not resolved. */
  unsettled?: string[];
};

const SHAPE: SaveShape = { kept: ['region'], optional: ['unsettled'] };
const MOST_AT_ONCE = 500;
/** Open breaks about one rental or payment: far beyond any. */
const MOST_FOR_ONE = 10_000;
/** Each lost race means that somebody else changed the same break. */
const MOST_TRIES = 20;

export function createBreakStore(connection: Connection): BreakStore {
  const table = tableOf<BreakRecord>(connection, 'breaks', {
    _id: String,
    rev: Number,
    kind: String,
    owner: String,
    state: String,
    region: String,
    openedAt: Date,
    unsettled: [String],
  });
  const { model, rows } = table;
  const find = (
    filter: mongo.Filter<BreakRecord>,
    options: mongo.FindOptions = {},
  ): Promise<Break[]> =>
    storage(async () => (await rows.find(filter, { ...WHOLE, ...options }).toArray()).map(toBreak));
  return {
    open: (drafts) => storage(() => open(table, drafts)),
    settle: (gone) => storage(() => settle(table, gone)),
    get: async (id) => (await find({ _id: id }))[0] ?? null,
    find: (wanted) => find({ _id: { $in: wanted.map(breakIdOf) } }),
    openFor: async (subjects, kinds) => {
      const read: ReadSubjects = (some, limit) =>
        find({ unsettled: { $in: [...some] } }, { limit });
      const open = await storage(() => narrowWanted(rows, 'unsettled', subjects));
      return (await openFor(open, read)).filter(({ kind }) => kinds.includes(kind));
    },
    save: (one) =>
      storage(async () =>
        (await saveRecords(model, [toBreakRecord(one, null)], SHAPE)).has(one.id),
      ),
    list: (query) => storage(() => list(table, query)),
    countOpen: () => storage(() => countOpen(table)),
  };
}

type ReadSubjects = (some: readonly string[], limit: number) => Promise<Break[]>;

/**
 * A full answer may have been cut short: it is asked for again in halves. Kinds are told apart by
 * the caller, since not every engine serves two lists in one filter from an index.
 */
async function openFor(subjects: readonly string[], read: ReadSubjects): Promise<Break[]> {
  const [first, ...more] = subjects;
  if (first === undefined) return [];
  if (more.length === 0) return read([first], MOST_FOR_ONE);
  const found = await read(subjects, MOST_AT_ONCE);
  if (found.length < MOST_AT_ONCE) return found;
  const half = Math.ceil(subjects.length / 2);
  const front = await openFor(subjects.slice(0, half), read);
  const back = await openFor(subjects.slice(half), read);
  return [...new Map([...front, ...back].map((one) => [one.id, one])).values()];
}

/**
 * Made of what it is the break of, so that it is opened once by whoever finds it, on every cluster.
 */
function breakIdOf({ kind, about }: { kind: BreakKind; about: string }): BreakId {
  const hash = createHash('sha256').update(`${kind} ${about}`).digest('hex');
  return parseBreakId(`brk_${hash.slice(0, 32)}`);
}

/** Reads, decides, saves by compare-and-set; what a rival changed meanwhile is decided again. */
async function open(table: Table<BreakRecord>, drafts: readonly OpenBreak[]): Promise<Break[]> {
  const byId = new Map(drafts.map((one) => [breakIdOf(one.draft), one]));
  return change(table, [...byId.keys()], (id, kept) => {
    const { draft, region, owner, now } = byId.get(id)!;
    if (kept !== null) return { next: reopenBreak(kept, { draft, now }), region };
    return { next: openBreak({ id, draft, owner, now }), region };
  });
}

async function settle(table: Table<BreakRecord>, gone: readonly SettledBreak[]): Promise<void> {
  const byId = new Map(gone.map((one) => [breakIdOf(one), one]));
  await change(table, [...byId.keys()], (id, kept) => ({
    next: kept === null ? null : settleBreak(kept, byId.get(id)!),
    region: null,
  }));
}

interface Decision {
  /** Null where nothing changes. */
  readonly next: Break | null;
  /** Kept with a new break; a save leaves what is stored. */
  readonly region: string | null;
}

/** @returns the breaks as they are kept afterwards, those that are not there left out. */
async function change(
  { model, rows }: Table<BreakRecord>,
  ids: readonly BreakId[],
  decide: (id: BreakId, kept: Break | null) => Decision,
): Promise<Break[]> {
  const settled: Break[] = [];
  let left = ids;
  for (let tries = 0; left.length > 0; tries += 1) {
    if (tries === MOST_TRIES) throw new StorageUnavailable('Others keep changing these breaks.');
    const stored = await rows.find({ _id: { $in: [...left] } }, WHOLE).toArray();
    const kept = new Map(stored.map((record) => [record._id, toBreak(record)]));
    const changed = new Map<BreakId, BreakRecord>();
    for (const id of left) {
      const before = kept.get(id) ?? null;
      const { next, region } = decide(id, before);
      if (next !== null) changed.set(id, toBreakRecord(next, region));
      else if (before !== null) settled.push(before);
    }
    const saved = await saveRecords(model, [...changed.values()], SHAPE);
    for (const id of saved) {
      const record = changed.get(id)!;
      settled.push(toBreak({ ...record, rev: record.rev + 1 }));
    }
    left = [...changed.keys()].filter((id) => !saved.has(id));
  }
  return settled;
}

/** The latest opened first. */
async function list(
  { rows }: Table<BreakRecord>,
  { limit, cursor, kind, owner, state, regions }: BreakQuery,
): Promise<Listing<Break>> {
  const after = readTimeCursor(cursor);
  const behind = after !== null && {
    openedAt: { $lte: after.at },
    $or: [{ openedAt: { $lt: after.at } }, { _id: { $lt: after.id as BreakId } }],
  };
  const filter: mongo.Filter<BreakRecord> = {
    ...(kind !== null && { kind }),
    ...(owner !== null && { owner }),
    ...(state !== null && { state }),
    ...(regions.length > 0 && { region: { $in: [...regions] } }),
    ...behind,
  };
  const found = await rows
    .find(filter)
    .sort({ openedAt: -1, _id: -1 })
    .limit(limit + 1)
    .toArray();
  return listing(found, limit, {
    row: toBreak,
    key: ({ openedAt, _id }) => [openedAt.toISOString(), _id],
  });
}

/** Open and proposed ones, by kind. */
async function countOpen({
  rows,
}: Table<BreakRecord>): Promise<Partial<Record<BreakKind, number>>> {
  const counted = await rows
    .aggregate<{ _id: BreakKind; count: number }>([
      { $match: { state: { $in: ['open', 'proposed'] } } },
      { $group: { _id: '$kind', count: { $sum: 1 } } },
    ])
    .toArray();
  return Object.fromEntries(counted.map(({ _id, count }) => [_id, count]));
}

function toBreakRecord(one: Break, region: string | null): BreakRecord {
  const { id, subjects, openedAt, dueAt, comments, resolvedAt, ...rest } = one;
  return {
    ...rest,
    _id: id,
    subjects: [...subjects],
    openedAt: toDate(openedAt),
    dueAt: toDate(dueAt),
    comments: comments.map((comment) => ({ ...comment, at: toDate(comment.at) })),
    resolvedAt: toDateOrNull(resolvedAt),
    region,
    ...(one.state !== 'resolved' && { unsettled: [...subjects] }),
  };
}

function toBreak(record: BreakRecord): Break {
  const { _id, region, unsettled, openedAt, dueAt, comments, resolvedAt, ...rest } = record;
  return {
    ...rest,
    id: _id,
    openedAt: toInstant(openedAt),
    dueAt: toInstant(dueAt),
    comments: comments.map((one): BreakComment => ({ ...one, at: toInstant(one.at) })),
    resolvedAt: toInstantOrNull(resolvedAt),
  };
}
