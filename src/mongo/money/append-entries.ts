/**
 * Appends drafts to their tenancies under gapless numbers and unique sources, in one insert where
 * nobody races; the one place where entries come to be.
 */
import type { Entry, EntryDraft } from '../../domain/ledger/entry';
import { entryId, type TenancyId } from '../../domain/ids';
import { StorageUnavailable, type Appended } from '../../flows/ports/money-ports';
import { findEntries, toEntryRecord, type EntryRecord } from './entry-record';
import { duplicatesOf, isDuplicate } from '../storage-errors';
import { DURABLE } from '../stored-record';
import type { Table } from '../table';

/** Each lost race means that somebody else's entry got in; more than these is no race. */
const MOST_TRIES = 1_000;

/** What is known of a tenancy's ledger: its last number, and entries by source as far as read. */
interface Ledger {
  end: number;
  readonly bySource: Map<string, Entry>;
}

interface Planned {
  readonly place: number;
  readonly entry: Entry;
}

/**
 * The insert is ordered: it stops at the first entry whose number or source was taken, so that what
 * has got in is always a beginning of what was asked for, and no tenancy has a gap, whoever races
 * and whenever the process dies. The tenancy that failed is then read anew; after a second failure
 * all that are left are, since then another process is at the same work.
 *
 * NOTE: a hint must be the number of an entry that was read; a lower one is found out, a higher one
 * would leave a gap.
 */
export async function appendEntries(
  table: Table<EntryRecord>,
  drafts: readonly EntryDraft[],
  endHint: ReadonlyMap<TenancyId, number>,
): Promise<Appended[]> {
  const answers = new Map<number, Appended>();
  const ledgers = new Map<TenancyId, Ledger>();
  for (const [tenancyId, end] of endHint) ledgers.set(tenancyId, { end, bySource: new Map() });
  let left = drafts.map((_, place) => place);
  for (let tries = 0; left.length > 0; tries += 1) {
    if (tries === MOST_TRIES) throw new StorageUnavailable('Others keep adding to this ledger.');
    await readLedgers(table, drafts, { left, ledgers });
    const planned = plan(drafts, { left, ledgers, answers });
    const stoppedAt = await insertInOrder(table, planned);
    for (const { place, entry } of planned.slice(0, stoppedAt ?? planned.length)) {
      answers.set(place, { kind: 'added', entry });
      note(ledgers.get(entry.tenancyId)!, entry);
    }
    if (stoppedAt !== null && tries === 0) ledgers.delete(planned[stoppedAt]!.entry.tenancyId);
    else if (stoppedAt !== null) ledgers.clear();
    left = left.filter((place) => !answers.has(place));
  }
  return drafts.map((_, place) => answers.get(place)!);
}

interface Work {
  /** Places of the drafts that have no answer yet. */
  readonly left: readonly number[];
  readonly ledgers: Map<TenancyId, Ledger>;
}

/** Reads the ledgers of which nothing is known, all in one round trip. */
async function readLedgers(
  table: Table<EntryRecord>,
  drafts: readonly EntryDraft[],
  { left, ledgers }: Work,
): Promise<void> {
  const tenancies = new Set(left.map((place) => drafts[place]!.tenancyId));
  const unread = [...tenancies].filter((tenancyId) => !ledgers.has(tenancyId));
  if (unread.length === 0) return;
  for (const tenancyId of unread) ledgers.set(tenancyId, { end: 0, bySource: new Map() });
  for (const entry of await findEntries(table, { tenancyId: { $in: unread } })) {
    note(ledgers.get(entry.tenancyId)!, entry);
  }
}

/**
 * Answers what is known already, and numbers the rest; of twins in one call the first goes first.
 */
function plan(
  drafts: readonly EntryDraft[],
  { left, ledgers, answers }: Work & { readonly answers: Map<number, Appended> },
): Planned[] {
  const planned: Planned[] = [];
  const ends = new Map<TenancyId, number>();
  const inThisPlan = new Set<string>();
  for (const place of left) {
    const draft = drafts[place]!;
    const { tenancyId, source } = draft;
    const ledger = ledgers.get(tenancyId)!;
    const known = ledger.bySource.get(source);
    if (known !== undefined) answers.set(place, { kind: 'known', entry: known });
    const name = `${tenancyId} ${source}`;
    if (known !== undefined || inThisPlan.has(name)) continue;
    inThisPlan.add(name);
    const seq = (ends.get(tenancyId) ?? ledger.end) + 1;
    ends.set(tenancyId, seq);
    planned.push({ place, entry: { ...draft, seq, id: entryId(tenancyId, seq) } });
  }
  return planned;
}

/** @returns where it stopped because a number or source was taken; null where all got in. */
async function insertInOrder(
  { rows }: Table<EntryRecord>,
  planned: readonly Planned[],
): Promise<number | null> {
  if (planned.length === 0) return null;
  const records = planned.map(({ entry }) => toEntryRecord(entry));
  try {
    await rows.insertMany(records, { ...DURABLE, ordered: true });
    return null;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return duplicatesOf(error)[0] ?? 0;
  }
}

function note(ledger: Ledger, entry: Entry): void {
  ledger.end = Math.max(ledger.end, entry.seq);
  ledger.bySource.set(entry.source, entry);
}
