/** The ledger's lines: inserted under gapless numbers and unique sources, never changed. */
import type { Connection } from 'mongoose';
import type { Entry } from '../../domain/ledger/entry';
import { entryId, type PaymentId, type TenancyId } from '../../domain/ids';
import type { EntryStore } from '../../flows/ports/money-ports';
import { appendEntries } from './append-entries';
import { entryTable, findEntries, findLines, type EntryRecord } from './entry-record';
import { storage } from '../storage-errors';
import { whereAny, type Table } from '../table';

interface Wanted {
  readonly tenancyId: TenancyId;
  readonly afterSeq: number;
}

export function createEntryStore(connection: Connection): EntryStore {
  const table = entryTable(connection);
  return {
    append: (drafts, endHint) => storage(() => appendEntries(table, drafts, endHint)),
    get: (ids) => storage(() => whereAny(ids, ($in) => findEntries(table, { _id: { $in } }))),
    ofPayments: (wanted) => storage(() => ofPayments(table, wanted)),
    ofTenancies: (wanted) => storage(() => ofTenancies(table, wanted)),
    linesOf: (tenancies) => storage(() => findLines(table, { tenancyId: { $in: [...tenancies] } })),
  };
}

async function ofPayments(
  table: Table<EntryRecord>,
  wanted: readonly { readonly tenancyId: TenancyId; readonly paymentId: PaymentId }[],
): Promise<Entry[]> {
  const tenanciesOf = new Map<PaymentId, Set<TenancyId>>();
  for (const { paymentId, tenancyId } of wanted) {
    const known = tenanciesOf.get(paymentId);
    if (known === undefined) tenanciesOf.set(paymentId, new Set([tenancyId]));
    else known.add(tenancyId);
  }
  const found = await findEntries(table, { paymentId: { $in: [...tenanciesOf.keys()] } });
  const ours = found.filter(
    ({ paymentId, tenancyId }) => paymentId !== null && tenanciesOf.get(paymentId)?.has(tenancyId),
  );
  return ours.sort(inOrder);
}

async function ofTenancies(table: Table<EntryRecord>, wanted: readonly Wanted[]): Promise<Entry[]> {
  const whole = wanted.filter(({ afterSeq }) => afterSeq <= 0).map(({ tenancyId }) => tenancyId);
  const later = wanted.filter(({ afterSeq }) => afterSeq > 0);
  const [all, added] = await Promise.all([
    whole.length === 0 ? [] : findEntries(table, { tenancyId: { $in: whole } }),
    readOn(table, later),
  ]);
  return [...all, ...added].sort(inOrder);
}

/** Usually nothing or one entry is new; who has more is asked for more each time. */
const FIRST_STEP = 2;
const STEP_GROWTH = 8;
const MOST_STEP = 128;

/**
 * Numbers have no gaps, so the entries after one are read by their ids, of many tenancies in one
 * round trip, until one is not there.
 */
async function readOn(table: Table<EntryRecord>, wanted: readonly Wanted[]): Promise<Entry[]> {
  const found: Entry[] = [];
  let left = wanted;
  for (let step = FIRST_STEP; left.length > 0; step = Math.min(step * STEP_GROWTH, MOST_STEP)) {
    const ids = left.flatMap(({ tenancyId, afterSeq }) =>
      Array.from({ length: step }, (_, i) => entryId(tenancyId, afterSeq + 1 + i)),
    );
    const added = await findEntries(table, { _id: { $in: ids } });
    for (const entry of added) found.push(entry);
    const there = new Set(added.map((entry) => entry.id));
    left = left
      .map(({ tenancyId, afterSeq }) => ({ tenancyId, afterSeq: afterSeq + step }))
      .filter(({ tenancyId, afterSeq }) => there.has(entryId(tenancyId, afterSeq)));
  }
  return found;
}

function inOrder(a: Entry, b: Entry): number {
  if (a.tenancyId !== b.tenancyId) return a.tenancyId < b.tenancyId ? -1 : 1;
  return a.seq - b.seq;
}
