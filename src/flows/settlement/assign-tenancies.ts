/** Gives each paid payment the tenancy that it belongs to, once and for all; makes no entries. */
import { entryId } from '../../domain/ids';
import type { RentalId, ReportId, TenancyId, TxId } from '../../domain/ids';
import { groupedBy } from '../../domain/grouping';
import { foldLedger } from '../../domain/ledger/ledger';
import { containment } from '../../domain/ledger/opening';
import { limitOf } from '../../domain/standing';
import { foldStatements } from '../../domain/payments/statements';
import { isOfNewcomer } from '../../domain/payments/newcomer';
import { assignTenancy } from '../../domain/ledger/tenancy';
import type { Assignment, GivenPayment, Tenancy, TenancyView } from '../../domain/ledger/tenancy';
import type { Rental, RentalCache } from '../../domain/rental';
import type { Instant } from '../../domain/time';
import type { Transaction } from '../../domain/payments/transaction';
import { computeRentals } from '../refresh-rentals';
import { standingRules } from '../standing-rules';
import { subjectReports, subjectTxs, waitsForTenancy, type Batch, type SettleDeps } from './batch';
import { beginByPayment } from './begin-by-payment';
import { readTenancies } from './read-tenancies';

export type Unassigned = 'tenant-differs' | 'outside-tenancy' | 'opening-unclear';
export type Unassignables = Map<TxId | ReportId, Unassigned>;

interface Waiting extends GivenPayment {
  readonly id: TxId | ReportId;
  readonly rentalId: RentalId;
  readonly tx: Transaction | null;
}

/** Step 3 of settle, in order of `paidAt` within each rental. Answers those that no rule places. */
export async function assignTenancies(deps: SettleDeps, batch: Batch): Promise<Unassignables> {
  const unassigned: Unassignables = new Map();
  const waiting = [...waitingTxs(batch), ...waitingReports(batch)];
  if (waiting.length === 0) return unassigned;
  waiting.sort((a, b) => a.paidAt - b.paidAt);
  const views = await viewTenancies(deps, batch, waiting);
  for (const payment of waiting) {
    const known = views.get(payment.rentalId) ?? [];
    const placed = await place(deps, batch, payment, known);
    if (typeof placed === 'string') unassigned.set(payment.id, placed);
    else views.set(payment.rentalId, placed);
  }
  return unassigned;
}

async function place(
  deps: SettleDeps,
  batch: Batch,
  payment: Waiting,
  known: readonly TenancyView[],
): Promise<Unassigned | readonly TenancyView[]> {
  const opening = known.find((tenancy) => tenancy.start.by === 'opening');
  if (opening !== undefined && payment.tx !== null) {
    const inside = containment(opening, payment.tx);
    if (inside === 'unclear') return 'opening-unclear';
    if (inside === 'contained') {
      const containedIn = entryId(opening.id, 1);
      batch.txs.set(payment.tx.txId, { ...payment.tx, tenancyId: opening.id, containedIn });
      return known;
    }
  }
  const outcome: Assignment = assignTenancy(known, payment);
  switch (outcome.kind) {
    case 'tenant-differs':
    case 'outside-tenancy':
      return outcome.kind;
    case 'belongs':
      write(batch, payment, outcome.tenancyId);
      return known.map((one) => (one.id === outcome.tenancyId ? startedBy(one, payment) : one));
    case 'begins': {
      batch.tenancies.delete(payment.rentalId);
      const begun = await beginByPayment(deps, { payment, known, outcome });
      if (begun === null) return lose(batch, payment, known);
      write(batch, payment, begun.id);
      const view = { ...begun, startedAt: payment.paidAt, limit: null };
      return [...endedAt(known, outcome.ends, payment.paidAt), view];
    }
  }
}

function write(batch: Batch, payment: Waiting, tenancyId: TenancyId): void {
  batch.touched.add(payment.rentalId);
  batch.assigned.add(payment.id);
  if (payment.tx !== null) {
    const tx = batch.txs.get(payment.tx.txId)!;
    batch.txs.set(tx.txId, { ...tx, tenancyId, nextCheckAt: batch.now });
    return;
  }
  const id = payment.id as ReportId;
  batch.reports.set(id, { ...batch.reports.get(id)!, tenancyId, nextCheckAt: batch.now });
}

/** Another process changed the rental's tenancies at this moment: this payment is done again. */
function lose(
  batch: Batch,
  payment: Waiting,
  known: readonly TenancyView[],
): readonly TenancyView[] {
  if (payment.tx !== null) batch.lostTxs.add(payment.tx.txId);
  else batch.lostReports.add(payment.id as ReportId);
  return known;
}

function waitingTxs(batch: Batch): Waiting[] {
  return subjectTxs(batch).flatMap((tx) => {
    if (tx.rentalId === null || !waitsForTenancy(batch, tx)) return [];
    const folded = foldStatements(tx.statements);
    const word = folded.highestCompleted ?? folded.highest;
    const given = { paidAt: folded.paidAt, payer: word.payer, tenant: word.tenant };
    return [{ id: tx.txId, rentalId: tx.rentalId, tx, ...given }];
  });
}

function waitingReports(batch: Batch): Waiting[] {
  return subjectReports(batch).flatMap((report) => {
    const itself = report.settledBy?.by === 'self' || report.settledBy?.by === 'hand';
    const isDone = report.tenancyId !== null || report.reversedByHand !== null;
    if (!itself || isDone || batch.lostReports.has(report.id)) return [];
    const given = { paidAt: report.paidAt, payer: report.payer, tenant: null };
    return [{ id: report.id, rentalId: report.rentalId, tx: null, ...given }];
  });
}

/** Tenancies with their starts, and with their limits where a new tenant may end one. */
async function viewTenancies(
  deps: SettleDeps,
  batch: Batch,
  waiting: readonly Waiting[],
): Promise<Map<RentalId, readonly TenancyView[]>> {
  const byRental = groupedBy(waiting, (one) => one.rentalId);
  await readTenancies(deps, batch, byRental.keys());
  const tenancies = [...byRental.keys()].flatMap((id) => batch.tenancies.get(id) ?? []);
  const unread = tenancies.filter(
    (one) => one.start.by === 'payments' && cachedStart(batch, one) === null,
  );
  const entries = await deps.entries.ofTenancies(
    unread.map((tenancy) => ({ tenancyId: tenancy.id, afterSeq: 0 })),
  );
  const ledgers = groupedBy(entries, (entry) => entry.tenancyId);
  const views = new Map<RentalId, readonly TenancyView[]>();
  for (const [rentalId, rows] of groupedBy(tenancies, (tenancy) => tenancy.rentalId)) {
    const seen: TenancyView[] = [];
    for (const tenancy of rows) {
      const folded = foldLedger(tenancy, ledgers.get(tenancy.id) ?? []).startedAt;
      const startedAt = cachedStart(batch, tenancy) ?? folded;
      const limit = await limitWhereNeeded(deps, batch, tenancy, byRental.get(rentalId) ?? []);
      seen.push({ ...tenancy, startedAt, limit });
    }
    views.set(rentalId, seen);
  }
  return views;
}

/**
 * A start only moves by later entries of the same tenancy, so a cached one places a payment well.
 */
function cachedStart(batch: Batch, tenancy: Tenancy): Instant | null {
  if (tenancy.start.by !== 'payments') return tenancy.start.at;
  const cache = batch.rentals.get(tenancy.rentalId)?.cache;
  return cache?.tenancyId === tenancy.id ? cache.startedAt : null;
}

/**
 * Only a new tenant's payment asks whether the current tenancy has run out; then nothing cached
 * counts.
 */
async function limitWhereNeeded(
  deps: SettleDeps,
  batch: Batch,
  tenancy: Tenancy,
  waiting: readonly Waiting[],
): Promise<Instant | null> {
  const named = waiting.some((one) => one.tenant !== null && one.tenant.key !== tenancy.tenant.key);
  const rental = batch.rentals.get(tenancy.rentalId);
  if (!named || tenancy.endedAt !== null || rental === undefined) return null;
  const cache = await cacheBefore(deps, rental, tenancy);
  const now = deps.clock.now();
  const limit = limitOf({ ...rental, cache }, now, standingRules(deps.settings));
  // A payment dated ahead must not end a tenancy that has not run out by our own clock.
  return limit !== null && limit > now ? null : limit;
}

/** What a newcomer has paid is no reason why the tenancy before should not have run out. */
async function cacheBefore(
  deps: SettleDeps,
  rental: Rental,
  tenancy: Tenancy,
): Promise<RentalCache | null> {
  const pointed = { ...rental, tenancy: { id: tenancy.id, tenant: tenancy.tenant } };
  const counts = (tx: Transaction): boolean => !isOfNewcomer(tx, tenancy);
  const [row] = await computeRentals(deps, [pointed], { counts });
  return row?.fresh.cache ?? null;
}

function startedBy(tenancy: TenancyView, payment: GivenPayment): TenancyView {
  if (tenancy.start.by !== 'payments') return tenancy;
  const startedAt = Math.min(tenancy.startedAt ?? payment.paidAt, payment.paidAt) as Instant;
  return { ...tenancy, startedAt };
}

function endedAt(
  known: readonly TenancyView[],
  ends: TenancyId | null,
  at: Instant,
): TenancyView[] {
  return known.map((one) => (one.id === ends ? { ...one, endedAt: at } : one));
}
