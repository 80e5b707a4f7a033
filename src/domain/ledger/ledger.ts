/** The fold of a tenancy's entries: seconds, sums by kind, start and paid-until; stores nothing. */
import type { Entry, EntryKind } from './entry';
import type { EntryId } from '../ids';
import type { Tenancy } from './tenancy';
import { plusSeconds, type Instant, type Seconds } from '../time';

export interface LedgerFold {
  /** Null when the tenancy is void: nothing unreversed that could say when it began. */
  readonly startedAt: Instant | null;
  readonly seconds: Seconds;
  readonly paidUntil: Instant | null;
  /** The highest sequence number folded in; 0 when there is none. */
  readonly throughSeq: number;
  /** No payment stands, only time that was given: the next payment says when the tenancy began. */
  readonly startsUnpaid?: true;
}

/** The part of an entry that a fold rests on; the rest of it is for people. */
export type LedgerLine = Pick<
  Entry,
  'id' | 'tenancyId' | 'seq' | 'kind' | 'seconds' | 'at' | 'paidAt' | 'reverses'
>;

/** Law 6: paid-until is the start of the tenancy plus the sum of its entries' seconds. */
export function foldLedger(
  tenancy: Pick<Tenancy, 'start'>,
  entries: readonly LedgerLine[],
): LedgerFold {
  const total = entries.reduce((sum, entry) => sum + entry.seconds, 0) as Seconds;
  const startedAt = tenancyStart(tenancy, entries);
  return {
    startedAt,
    seconds: total,
    paidUntil: startedAt === null ? null : plusSeconds(startedAt, total),
    throughSeq: entries.reduce((high, entry) => Math.max(high, entry.seq), 0),
    ...(startedAt !== null && startsUnpaid(tenancy, entries) && { startsUnpaid: true }),
  };
}

/**
 * Where no manager or opening set it: the earliest `paidAt` of payments that are not reversed.
 * While none is left but granted time is, the tenancy is not void, and begins with that.
 */
export function tenancyStart(
  tenancy: Pick<Tenancy, 'start'>,
  entries: readonly LedgerLine[],
): Instant | null {
  if (tenancy.start.by !== 'payments') return tenancy.start.at;
  const standing = activeEntries(entries).filter((entry) => entry.kind !== 'refund');
  const paid = standing.flatMap(({ paidAt }) => (paidAt === null ? [] : [paidAt]));
  const given = paid.length > 0 ? paid : standing.map((entry) => entry.at);
  return given.length === 0 ? null : (Math.min(...given) as Instant);
}

function startsUnpaid(tenancy: Pick<Tenancy, 'start'>, entries: readonly LedgerLine[]): boolean {
  return (
    tenancy.start.by === 'payments' &&
    activeEntries(entries).every(({ kind, paidAt }) => kind === 'refund' || paidAt === null)
  );
}

/** Net seconds by kind; a reversal counts under the kind of what it takes back. */
export function sumsByKind(entries: readonly Entry[]): Partial<Record<EntryKind, number>> {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const sums: Partial<Record<EntryKind, number>> = {};
  for (const entry of entries) {
    const kind = rootOf(entry, byId).kind;
    const sum = (sums[kind] ?? 0) + entry.seconds;
    if (sum === 0) delete sums[kind];
    else sums[kind] = sum;
  }
  return sums;
}

/**
 * Entries that stand: reversed an even number of times along their chain. Reversals are left out.
 */
export function activeEntries<Line extends LedgerLine>(entries: readonly Line[]): Line[] {
  const reversalOf = indexReversals(entries);
  return entries.filter((entry) => entry.kind !== 'reversal' && stands(entry, reversalOf));
}

/** The last link of the chain of reversals that begins at `entry`: the one to reverse next. */
export function chainEnd(entry: Entry, entries: readonly Entry[]): Entry {
  const reversalOf = indexReversals(entries);
  let end = entry;
  for (let next = reversalOf.get(end.id); next !== undefined; next = reversalOf.get(end.id)) {
    end = next;
  }
  return end;
}

export function isStanding(entry: Entry, entries: readonly Entry[]): boolean {
  return stands(entry, indexReversals(entries));
}

function indexReversals<Line extends LedgerLine>(entries: readonly Line[]): Map<EntryId, Line> {
  const found = new Map<EntryId, Line>();
  for (const entry of entries) if (entry.reverses !== null) found.set(entry.reverses, entry);
  return found;
}

function stands(entry: LedgerLine, reversalOf: ReadonlyMap<EntryId, LedgerLine>): boolean {
  let standing = true;
  let end = entry;
  for (let next = reversalOf.get(end.id); next !== undefined; next = reversalOf.get(end.id)) {
    standing = !standing;
    end = next;
  }
  return standing;
}

function rootOf(entry: Entry, byId: ReadonlyMap<EntryId, Entry>): Entry {
  let root = entry;
  while (root.reverses !== null) {
    const target = byId.get(root.reverses);
    if (target === undefined) return root;
    root = target;
  }
  return root;
}
