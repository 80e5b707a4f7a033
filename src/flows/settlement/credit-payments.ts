/** Brings the ledger to what each assigned payment ought to come to; decides no assignment. */
import { planCredit, type CreditTarget } from '../../domain/ledger/credit';
import { reportTarget, transactionTarget } from '../../domain/ledger/credit-target';
import type { Entry, EntryDraft, EntryKind } from '../../domain/ledger/entry';
import { groupedBy } from '../../domain/grouping';
import type { PaymentId, ReportId, TenancyId, TxId } from '../../domain/ids';
import type { Rental } from '../../domain/rental';
import { END_OF_32_BIT, SECOND_MS } from '../../domain/time';
import { subjectReports, subjectTxs, type Batch, type SettleDeps } from './batch';

export interface Credited {
  /** The payment's own paid or external entry, by transaction or report. */
  readonly main: ReadonlyMap<TxId | ReportId, Entry>;
  /** Payments that wait because the time would reach beyond what boxes can show. */
  readonly beyond2038: ReadonlySet<TxId | ReportId>;
  /** Payments that this round made entries for, on what it had read of them. */
  readonly entered: ReadonlySet<TxId | ReportId>;
}

interface Work {
  readonly id: TxId | ReportId;
  readonly target: CreditTarget;
  readonly rental: Rental;
  entries: Entry[];
}

/** More rounds than any history of one payment needs: credit, reversal, bonus, refund, and back. */
const MOST_ROUNDS = 12;

/** Step 4 of settle: entries under unique sources, in rounds, until every target is met. */
export async function creditPayments(deps: SettleDeps, batch: Batch): Promise<Credited> {
  const works = [...txWorks(deps, batch), ...reportWorks(deps, batch)];
  await readEntries(deps, batch, works);
  const beyond2038 = new Set<TxId | ReportId>();
  const entered = new Set<TxId | ReportId>();
  const ends = endHints(works);
  let open = works;
  for (let round = 0; open.length > 0; round += 1) {
    if (round === MOST_ROUNDS) throw new Error('A payment does not settle: its plan never ends.');
    const planned = open.flatMap((work) => {
      const drafts = planCredit(work.target, work.entries, batch.now);
      return drafts.map((draft) => ({ work, draft }));
    });
    const fitting = planned.filter(({ work, draft }) => {
      if (fits(work, draft, ends)) return true;
      beyond2038.add(work.id);
      return false;
    });
    if (fitting.length === 0) break;
    const appended = await deps.entries.append(
      fitting.map((one) => one.draft),
      ends.throughSeq,
    );
    appended.forEach(({ kind, entry }, i) => {
      const { work } = fitting[i]!;
      if (kind === 'added') entered.add(work.id);
      work.entries = [...work.entries.filter((one) => one.id !== entry.id), entry];
      ends.throughSeq.set(
        entry.tenancyId,
        Math.max(ends.throughSeq.get(entry.tenancyId) ?? 0, entry.seq),
      );
      batch.touched.add(work.rental.id);
      const beside = batch.appended.get(entry.tenancyId);
      if (beside === undefined) batch.appended.set(entry.tenancyId, [entry]);
      else beside.push(entry);
    });
    open = [...new Set(fitting.map((one) => one.work))];
  }
  return { main: mainEntries(works), beyond2038, entered };
}

function txWorks(deps: SettleDeps, batch: Batch): Work[] {
  return subjectTxs(batch).flatMap((tx) => {
    const rental = tx.rentalId === null ? undefined : batch.rentals.get(tx.rentalId);
    if (rental === undefined || batch.lostTxs.has(tx.txId)) return [];
    const returned = tx.reportId === null ? null : (batch.returned.get(tx.reportId) ?? null);
    const target = transactionTarget(tx, { rental, returned, zone: deps.settings.zone });
    return target === null ? [] : [{ id: tx.txId, target, rental, entries: [] }];
  });
}

function reportWorks(deps: SettleDeps, batch: Batch): Work[] {
  return subjectReports(batch).flatMap((report) => {
    const rental = batch.rentals.get(report.rentalId);
    if (rental === undefined || batch.lostReports.has(report.id)) return [];
    const returned = batch.returned.get(report.id) ?? null;
    const target = reportTarget(report, { rental, returned, zone: deps.settings.zone });
    return target === null ? [] : [{ id: report.id, target, rental, entries: [] }];
  });
}

/** A payment assigned in this very round has no entries: nobody could have made them before. */
async function readEntries(deps: SettleDeps, batch: Batch, works: readonly Work[]): Promise<void> {
  const known = works.filter(({ id }) => {
    const tx = batch.storedTxs.get(id as TxId);
    const report = batch.storedReports.get(id as ReportId);
    const tenancyId = (tx ?? report)?.tenancyId ?? null;
    return !batch.assigned.has(id) && tenancyId !== null;
  });
  if (known.length === 0) return;
  const entries = await deps.entries.ofPayments(
    known.map(({ target }) => ({ tenancyId: target.tenancyId, paymentId: target.paymentId })),
  );
  const byPayment = groupedBy(entries, (entry) => entry.paymentId as PaymentId);
  for (const work of known) work.entries = byPayment.get(work.target.paymentId) ?? [];
}

interface Ends {
  readonly throughSeq: Map<TenancyId, number>;
  /** Paid-until of each tenancy as far as it is known, raised as entries are planned. */
  readonly paidUntil: Map<TenancyId, number>;
}

function endHints(works: readonly Work[]): Ends {
  const ends: Ends = { throughSeq: new Map(), paidUntil: new Map() };
  for (const { rental } of works) {
    const { cache } = rental;
    if (cache === null || cache.tenancyId === null) continue;
    ends.throughSeq.set(cache.tenancyId, cache.throughSeq);
    if (cache.paidUntil !== null) ends.paidUntil.set(cache.tenancyId, cache.paidUntil);
  }
  return ends;
}

/** Where a provider states absurd seconds its bonus waits too, and the payment is credited. */
const ADDS_TIME: ReadonlySet<EntryKind> = new Set(['paid', 'external', 'bonus']);

/** Boxes hold 32-bit seconds: what would reach beyond them waits for a person. */
function fits(work: Work, draft: EntryDraft, ends: Ends): boolean {
  const until = ends.paidUntil.get(draft.tenancyId) ?? work.target.paidAt;
  const reaches = until + draft.seconds * SECOND_MS;
  if (ADDS_TIME.has(draft.kind) && reaches > END_OF_32_BIT) return false;
  ends.paidUntil.set(draft.tenancyId, reaches);
  return true;
}

function mainEntries(works: readonly Work[]): Map<TxId | ReportId, Entry> {
  const main = new Map<TxId | ReportId, Entry>();
  for (const { id, target, entries } of works) {
    const entry = entries.find((one) => one.source === target.source);
    if (entry !== undefined) main.set(id, entry);
  }
  return main;
}
