/**
 * Reads what one settle round needs, in a handful of queries, and keeps what is new; decides
 * nothing.
 */
import type { RentalId, ReportId, TxId, UnitId } from '../../domain/ids';
import type { Report } from '../../domain/payments/report';
import { addStatements, foldStatements } from '../../domain/payments/statements';
import type { Instant } from '../../domain/time';
import type { Statement, Transaction } from '../../domain/payments/transaction';
import { subjectTxs, waitsForTenancy, type Batch, type SettleDeps, type Subjects } from './batch';
import { loadNearReports, loadNearTransactions } from './neighbours';
import { readTenancies } from './read-tenancies';
import { linksThatMayStand } from './standing-links';

export async function loadBatch(deps: SettleDeps, subjects: Subjects): Promise<Batch> {
  const now = deps.clock.now();
  const units = new Set(
    [...subjects.statements.values()].flatMap(([first]) => first?.unitId ?? []),
  );
  const [known, reports, rentals] = await Promise.all([
    deps.transactions.get([...subjects.txIds]),
    deps.reports.get([...subjects.reportIds]),
    units.size === 0 ? [] : deps.rentals.byUnits([...units]),
  ]);
  const batch: Batch = {
    subjects,
    now,
    dueBefore: dueAmong([...known, ...reports], now),
    storedTxs: new Map(known.map((tx) => [tx.txId, tx])),
    storedReports: new Map(reports.map((report) => [report.id, report])),
    txs: new Map(known.map((tx) => [tx.txId, tx])),
    reports: new Map(reports.map((report) => [report.id, report])),
    returned: new Map(),
    rentals: new Map(rentals.map((rental) => [rental.id, rental])),
    standing: new Map(),
    assigned: new Set(),
    tenancies: new Map(),
    appended: new Map(),
    touched: new Set(),
    lostTxs: new Set(),
    lostReports: new Set(),
  };
  mergeStatements(batch);
  await loadRentals(deps, batch);
  await keepNew(deps, batch);
  const mayStand = linksThatMayStand(batch);
  const asked = new Set<ReportId>();
  await Promise.all([
    loadNearReports(deps, batch, mayStand),
    loadReturned(deps, batch, { of: [...batch.reports.keys(), ...mayStand.values()], asked }),
    readTenancies(deps, batch, rentalsThatWait(batch, mayStand)),
  ]);
  forgetFallen(batch, mayStand, asked);
  await Promise.all([
    loadNearTransactions(deps, batch),
    loadReturned(deps, batch, { of: [...batch.reports.keys()], asked }),
  ]);
  // Reports that came with the transactions may have been returned too.
  await loadReturned(deps, batch, { of: [...batch.reports.keys()], asked });
  return batch;
}

/** At revision 1 nobody has planned anything yet: whoever did would have written first. */
function dueAmong(
  rows: readonly (Transaction | Report)[],
  now: Instant,
): ReadonlyMap<TxId | ReportId, number> {
  const due = rows.filter(
    ({ nextCheckAt, rev }) => nextCheckAt !== null && nextCheckAt <= now && rev > 1,
  );
  return new Map(due.map((row) => ['txId' in row ? row.txId : row.id, row.rev]));
}

function mergeStatements(batch: Batch): void {
  for (const [txId, added] of batch.subjects.statements) {
    const known = batch.txs.get(txId);
    const statements = addStatements(known?.statements ?? [], added);
    const { unitId } = foldStatements(statements).highest;
    if (known === undefined)
      batch.txs.set(txId, newTransaction(txId, unitId, statements, batch.now));
    else if (statements !== known.statements) {
      batch.txs.set(txId, { ...known, statements, nextCheckAt: batch.now });
    }
  }
}

/**
 * Step 1 of settle. A transaction is there before anybody looks for reports that match it, as a
 * report is before anybody looks for its transaction: whichever comes last sees the other. It is
 * due from here on, so that a link to it is never all that is left of it.
 */
async function keepNew(deps: SettleDeps, batch: Batch): Promise<void> {
  const added = [...batch.txs.values()].filter((tx) => tx.rev === 0);
  if (added.length === 0) return;
  const saved = await deps.transactions.save(added);
  for (const tx of added) {
    if (saved.has(tx.txId)) {
      const stored = { ...tx, rev: 1 };
      batch.storedTxs.set(tx.txId, stored);
      batch.txs.set(tx.txId, stored);
      if (tx.rentalId !== null) batch.touched.add(tx.rentalId);
    } else {
      batch.lostTxs.add(tx.txId);
      batch.txs.delete(tx.txId);
    }
  }
}

function newTransaction(
  txId: TxId,
  unitId: UnitId,
  statements: readonly Statement[],
  now: Instant,
): Transaction {
  return {
    txId,
    rev: 0,
    statements,
    unitId,
    rentalId: null,
    tenancyId: null,
    containedIn: null,
    takenBy: null,
    reportId: null,
    decision: null,
    firstSeenAt: now,
    nextCheckAt: now,
    checks: 0,
    unresolvedSince: now,
    creditedBy: null,
    reversedByHand: null,
    breaks: [],
    refundedInFull: false,
    steps: [],
  };
}

/** Those of what was said just now are there already. */
async function loadRentals(deps: SettleDeps, batch: Batch): Promise<void> {
  const ids = new Set<RentalId>();
  const units = new Set<UnitId>();
  const there = new Set([...batch.rentals.values()].map(({ unitId }) => unitId));
  for (const report of batch.reports.values()) ids.add(report.rentalId);
  for (const tx of batch.txs.values()) {
    if (tx.rentalId !== null) ids.add(tx.rentalId);
    else if (!there.has(tx.unitId)) units.add(tx.unitId);
  }
  const missing = [...ids].filter((id) => !batch.rentals.has(id));
  const [byId, byUnit] = await Promise.all([
    missing.length === 0 ? [] : deps.rentals.get(missing),
    units.size === 0 ? [] : deps.rentals.byUnits([...units]),
  ]);
  const ofUnit = new Map<UnitId | null, RentalId>();
  for (const rental of [...batch.rentals.values(), ...byUnit]) ofUnit.set(rental.unitId, rental.id);
  for (const rental of [...byId, ...byUnit]) batch.rentals.set(rental.id, rental);
  for (const tx of batch.txs.values()) {
    const rentalId = tx.rentalId ?? ofUnit.get(tx.unitId) ?? null;
    if (rentalId !== tx.rentalId) batch.txs.set(tx.txId, { ...tx, rentalId });
  }
}

async function loadReturned(
  deps: SettleDeps,
  batch: Batch,
  { of, asked }: { readonly of: readonly ReportId[]; readonly asked: Set<ReportId> },
): Promise<void> {
  const ids = of.filter((id) => !asked.has(id));
  for (const id of ids) asked.add(id);
  for (const word of await deps.reports.returnedFor(ids))
    batch.returned.set(word.paymentReport, word);
}

/** Those whose payments are about to be given their tenancy, where nothing is linked before. */
function rentalsThatWait(batch: Batch, mayStand: ReadonlyMap<TxId, ReportId>): RentalId[] {
  const waiting = subjectTxs(batch).filter(
    (tx) => mayStand.has(tx.txId) && waitsForTenancy(batch, tx),
  );
  return waiting.flatMap(({ rentalId }) => rentalId ?? []);
}

/**
 * What was read beside a report, and not after it, does for a link that stands: the round leaves
 * that report as it is. One that the round may write is asked about again, since whoever stores
 * that it was returned leans on its `rev`.
 */
function forgetFallen(
  batch: Batch,
  mayStand: ReadonlyMap<TxId, ReportId>,
  asked: Set<ReportId>,
): void {
  for (const [txId, reportId] of mayStand) {
    if (batch.standing.has(txId)) continue;
    asked.delete(reportId);
    const rentalId = batch.txs.get(txId)?.rentalId;
    if (rentalId !== undefined && rentalId !== null) batch.tenancies.delete(rentalId);
  }
}
