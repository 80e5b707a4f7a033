/** Looks at everything that a world has stored, and says in words which laws are broken there. */
import type { Break } from '../../src/domain/break';
import type { Entry } from '../../src/domain/ledger/entry';
import type { ReportId, TxId } from '../../src/domain/ids';
import type { Rental } from '../../src/domain/rental';
import type { Report } from '../../src/domain/payments/report';
import type { Tenancy } from '../../src/domain/ledger/tenancy';
import type { Transaction } from '../../src/domain/payments/transaction';
import type { Sums } from './model';
import { RENTAL_ID, type World } from './world';

export interface Stored {
  readonly rental: Rental;
  readonly tenancies: readonly Tenancy[];
  readonly entries: readonly Entry[];
  readonly transactions: readonly Transaction[];
  readonly reports: readonly Report[];
  readonly breaks: readonly Break[];
}

/** What is stored of these payments, read through the ports. */
export async function readAll(
  { stores }: World,
  ids: { readonly txIds: readonly TxId[]; readonly reportIds: readonly ReportId[] },
): Promise<Stored> {
  const [rental] = await stores.rentals.get([RENTAL_ID]);
  if (rental === undefined) throw new Error('The rental is gone.');
  const tenancies = await stores.tenancies.ofRentals([RENTAL_ID]);
  const query = { limit: 200, cursor: null, kind: null, owner: null, state: null, regions: [] };
  return {
    rental,
    tenancies,
    entries: await stores.entries.ofTenancies(
      tenancies.map(({ id }) => ({ tenancyId: id, afterSeq: 0 })),
    ),
    transactions: await stores.transactions.get(ids.txIds),
    reports: await stores.reports.get(ids.reportIds),
    breaks: (await stores.breaks.list(query)).rows,
  };
}

/** Whether an entry still counts: nothing that still counts takes it back. */
export function counts(entry: Entry, entries: readonly Entry[]): boolean {
  const taker = entries.find((one) => one.reverses === entry.id);
  return taker === undefined || !counts(taker, entries);
}

/** Net seconds by kind, each reversal under the kind of what it takes back, in the end. */
export function netByKind(entries: readonly Entry[]): Sums {
  const sums: Record<string, number> = {};
  for (const entry of entries.filter((one) => one.reverses === null && counts(one, entries))) {
    sums[entry.kind] = (sums[entry.kind] ?? 0) + entry.seconds;
  }
  return Object.fromEntries(Object.entries(sums).filter(([, s]) => s !== 0));
}

/** Credits of one payment, by its id, that count now. */
export const creditsOf = (paymentId: string, entries: readonly Entry[]): Entry[] =>
  entries.filter(
    (entry) =>
      entry.paymentId === paymentId &&
      (entry.kind === 'paid' || entry.kind === 'external') &&
      counts(entry, entries),
  );

/** Laws 1, 5, 6 and 8 on what is stored once a sweep has nothing left to do; empty = all kept. */
export function brokenLaws(stored: Stored): string[] {
  return [
    ...stored.transactions.flatMap((tx) => brokenOfTransaction(tx, stored)),
    ...stored.reports.flatMap((report) => brokenOfReport(report, stored)),
    ...brokenOfLedger(stored.entries),
    ...brokenOfCache(stored),
  ];
}

function brokenOfTransaction(tx: Transaction, { entries, breaks, reports }: Stored): string[] {
  if (tx.rentalId === null) return [];
  const name = `transaction ${tx.txId}`;
  const paymentId = `tx:${tx.txId}`;
  const ever = entries.filter((entry) => entry.source === `tx:${tx.txId}`);
  const credits = creditsOf(paymentId, entries);
  const decided = tx.decision?.as === 'refunded' || tx.decision?.as === 'dismissed';
  const reversed = ever.length === 1 && credits.length === 0;
  const ends = [
    ...(credits.length > 0 ? ['credited'] : []),
    ...(tx.takenBy !== null ? ['taken'] : []),
    ...(tx.containedIn !== null ? ['contained'] : []),
  ];
  const hasBreak = isOpenFor(paymentId, breaks);
  const hasEnd = ends.length > 0 || reversed || decided || tx.refundedInFull || hasBreak;
  const takers = reports.filter(({ takes }) => takes === tx.txId);
  return [
    ...(ever.length > 1 ? [`${name} was entered ${ever.length} times (law 1)`] : []),
    ...(ends.length > 1 ? [`${name} is ${ends.join(' and ')} (law 1)`] : []),
    ...(hasEnd || tx.nextCheckAt !== null ? [] : [`${name} ended in nothing (law 1)`]),
    ...(takers.length > 1 ? [`${name} was taken ${takers.length} times (law 1)`] : []),
    ...(takers.length === 1 && credits.length > 0 ? [`${name} was taken, and credited`] : []),
  ];
}

function brokenOfReport(report: Report, { entries, breaks, transactions, reports }: Stored) {
  const name = `report ${report.id}`;
  const { settledBy } = report;
  const credits = creditsOf(report.id, entries);
  const hasBreak = isOpenFor(report.id, breaks);
  if (settledBy === null) {
    const isWatched = report.nextCheckAt !== null || hasBreak || report.refundedInFull;
    return [
      ...(isWatched ? [] : [`${name} fell silent (law 8)`]),
      ...(credits.length > 0 ? [`${name} is credited and not settled`] : []),
    ];
  }
  if (settledBy.by === 'link') {
    const tx = transactions.find(({ txId }) => txId === settledBy.txId);
    const rivals = reports.filter(
      (one) => one.settledBy?.by === 'link' && one.settledBy.txId === settledBy.txId,
    );
    return [
      ...(tx?.reportId === report.id
        ? []
        : [`${name} is linked to ${settledBy.txId} one way only`]),
      ...(rivals.length > 1 ? [`${settledBy.txId} is linked to ${rivals.length} reports`] : []),
      ...(credits.length > 0 ? [`${name} is credited besides its transaction (law 1)`] : []),
    ];
  }
  if (settledBy.by === 'hand' || settledBy.by === 'self') {
    const isDone = credits.length === 1 || report.reversedByHand !== null || report.refundedInFull;
    const isOpen = hasBreak || report.nextCheckAt !== null;
    return isDone || isOpen ? [] : [`${name} is confirmed, and ${credits.length} times credited`];
  }
  return credits.length > 0 ? [`${name} is ${settledBy.by} and credited`] : [];
}

const isOpenFor = (subject: string, breaks: readonly Break[]): boolean =>
  breaks.some(({ state, subjects }) => state !== 'resolved' && subjects.includes(subject));

/** Law 5: gapless, each source once, each correction points at what it corrects, each once. */
export function brokenOfLedger(entries: readonly Entry[]): string[] {
  const found: string[] = [];
  for (const tenancyId of new Set(entries.map((entry) => entry.tenancyId))) {
    const ledger = entries.filter((entry) => entry.tenancyId === tenancyId);
    const seqs = ledger.map(({ seq }) => seq).sort((a, b) => a - b);
    if (seqs.some((seq, i) => seq !== i + 1)) found.push(`${tenancyId} has gaps: ${seqs.join()}`);
    const sources = new Set(ledger.map(({ source }) => source));
    if (sources.size !== ledger.length) found.push(`${tenancyId} has a source twice`);
    for (const entry of ledger.filter(({ reverses }) => reverses !== null)) {
      const whole = ledger.find(({ id }) => id === entry.reverses);
      if (whole?.seconds !== 0 - entry.seconds) found.push(`${entry.id} takes back something else`);
      const twins = ledger.filter(({ reverses }) => reverses === entry.reverses);
      if (twins.length > 1) found.push(`${entry.reverses} was taken back ${twins.length} times`);
    }
  }
  return found;
}

/** Law 6: what is cached is the fold of the current tenancy's entries, and nothing else. */
export function brokenOfCache({ rental, tenancies, entries }: Stored): string[] {
  const current = tenancies.find(({ id }) => id === rental.tenancy?.id);
  if (rental.tenancy === null || current === undefined) {
    const isLet = tenancies.some(
      ({ id, endedAt }) =>
        endedAt === null && entries.some((one) => one.tenancyId === id && counts(one, entries)),
    );
    return isLet ? ['the rental is let, and shows no tenancy'] : [];
  }
  const ledger = entries.filter((entry) => entry.tenancyId === current.id);
  const seconds = ledger.reduce((sum, entry) => sum + entry.seconds, 0);
  const standing = ledger.filter((entry) => entry.reverses === null && counts(entry, ledger));
  const paid = standing.flatMap(({ paidAt, kind }) =>
    paidAt === null || kind === 'refund' ? [] : [paidAt],
  );
  const { start } = current;
  const startedAt =
    start.by === 'payments' ? (paid.length > 0 ? Math.min(...paid) : null) : start.at;
  const paidUntil = startedAt === null ? null : startedAt + seconds * 1_000;
  const fold = { tenancyId: current.id, seconds, paidUntil, throughSeq: ledger.length };
  const { cache } = rental;
  const isSame =
    cache?.tenancyId === fold.tenancyId &&
    cache.seconds === seconds &&
    cache.paidUntil === paidUntil &&
    cache.throughSeq === ledger.length;
  return isSame ? [] : [`cached ${JSON.stringify(cache)}, folded ${JSON.stringify(fold)} (law 6)`];
}
