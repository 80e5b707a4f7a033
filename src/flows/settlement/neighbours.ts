/** What stands near the subjects of a round: reports and transactions that could be linked. */
import type { ReportId, TxId, UnitId } from '../../domain/ids';
import { linkedTx, type Report } from '../../domain/payments/report';
import { foldStatements } from '../../domain/payments/statements';
import { DAY_MS, SECOND_MS, type Instant } from '../../domain/time';
import type { Transaction } from '../../domain/payments/transaction';
import type { GroupQuery } from '../ports/money-ports';
import { subjectReports, subjectTxs, type Batch, type SettleDeps } from './batch';
import { linkStands } from './standing-links';

/** Match windows on both sides: what may be paired with a payment, and with that in turn. */
const NEIGHBOURHOOD_WINDOWS = 4;
const UNTIMED_REACH_MS = 7 * DAY_MS;

/**
 * Reports that could be linked with the subjects, or that are linked now.
 * @param mayStand as `linksThatMayStand` says of the batch.
 */
export async function loadNearReports(
  deps: SettleDeps,
  batch: Batch,
  mayStand: ReadonlyMap<TxId, ReportId>,
): Promise<void> {
  const ours = subjectTxs(batch).filter((tx) => tx.rentalId !== null);
  const unpaired = subjectReports(batch).filter((report) => report.unitId !== null);
  const others = ours.filter((tx) => !mayStand.has(tx.txId));
  await Promise.all([
    loadAround(deps, batch, { ours: others, unpaired }),
    loadReports(deps, batch, [...mayStand.values()]),
  ]);
  for (const [txId, reportId] of mayStand) {
    const stands = linkStands(batch.txs.get(txId)!, batch.reports.get(reportId));
    if (stands) batch.standing.set(txId, reportId);
  }
  const fallen = ours.filter((tx) => mayStand.has(tx.txId) && !batch.standing.has(tx.txId));
  await loadAround(deps, batch, { ours: fallen, unpaired: [] });
}

async function loadAround(
  deps: SettleDeps,
  batch: Batch,
  {
    ours,
    unpaired,
  }: { readonly ours: readonly Transaction[]; readonly unpaired: readonly Report[] },
): Promise<void> {
  const queries = groupQueries(batch, ours, unpaired, deps.settings.matchWindowS);
  // Nearly always a report stands in its transaction's group: it need not be sent twice.
  const linked = new Set(ours.flatMap((tx) => tx.reportId ?? []));
  const [near, naming] = await Promise.all([
    queries.length === 0 ? [] : deps.reports.inGroups(queries),
    ours.length === 0
      ? []
      : deps.reports.concerning(
          ours.map((tx) => tx.txId),
          linked,
        ),
  ]);
  for (const report of [...near, ...naming])
    keep(batch.storedReports, batch.reports, report.id, report);
  const further = [...linked, ...ours.flatMap((tx) => tx.takenBy ?? [])];
  await loadReports(deps, batch, further);
}

async function loadReports(
  deps: SettleDeps,
  batch: Batch,
  ids: readonly ReportId[],
): Promise<void> {
  const unread = [...new Set(ids)].filter((id) => !batch.reports.has(id));
  const read = unread.length === 0 ? [] : await deps.reports.get(unread);
  for (const report of read) keep(batch.storedReports, batch.reports, report.id, report);
}

/** Call it once the reports are there: transactions that they could be linked with, or are. */
export async function loadNearTransactions(deps: SettleDeps, batch: Batch): Promise<void> {
  const standing = new Set(batch.standing.values());
  const reports = [...batch.reports.values()].filter(({ id }) => !standing.has(id));
  if (reports.length === 0) return;
  const ours = subjectTxs(batch).filter(
    ({ rentalId, txId }) => rentalId !== null && !batch.standing.has(txId),
  );
  const wanted = new Set<TxId>();
  for (const report of reports) {
    for (const id of [report.ref, report.takes, linkedTx(report)]) if (id !== null) wanted.add(id);
  }
  const missing = [...wanted].filter((id) => !batch.txs.has(id));
  const again = groupQueries(batch, ours, reports, deps.settings.matchWindowS);
  const [named, beside] = await Promise.all([
    missing.length === 0 ? [] : deps.transactions.get(missing),
    again.length === 0 ? [] : deps.transactions.inGroups(again, new Set(batch.txs.keys())),
  ]);
  for (const tx of [...named, ...beside]) keep(batch.storedTxs, batch.txs, tx.txId, tx);
  await loadHolders(deps, batch, new Set([...ours.map((tx) => tx.txId), ...batch.standing.keys()]));
}

/** Reports that hold a transaction which was found nearby: else a second one is linked to it. */
async function loadHolders(
  deps: SettleDeps,
  batch: Batch,
  asked: ReadonlySet<TxId>,
): Promise<void> {
  const nearby = [...batch.txs.keys()].filter((id) => !asked.has(id));
  const holders = nearby.length === 0 ? [] : await deps.reports.concerning(nearby);
  for (const report of holders) keep(batch.storedReports, batch.reports, report.id, report);
  // A difference about what one of them names is not gone because nobody has looked there.
  const named = holders.flatMap(({ breaks, ref }) =>
    breaks.length > 0 && ref !== null ? ref : [],
  );
  const unread = [...new Set(named)].filter((id) => !batch.txs.has(id));
  const rest = unread.length === 0 ? [] : await deps.transactions.get(unread);
  for (const tx of rest) keep(batch.storedTxs, batch.txs, tx.txId, tx);
}

function keep<Id, Row>(stored: Map<Id, Row>, working: Map<Id, Row>, id: Id, row: Row): void {
  if (working.has(id)) return;
  stored.set(id, row);
  working.set(id, row);
}

function groupQueries(
  batch: Batch,
  txs: readonly Transaction[],
  reports: readonly Report[],
  windowS: number,
): GroupQuery[] {
  const reachMs = windowS * SECOND_MS * NEIGHBOURHOOD_WINDOWS;
  const merged = new Map<string, GroupQuery>();
  const add = (query: GroupQuery): void => {
    const key = `${query.payer}|${query.amount}|${query.unitId}`;
    const other = merged.get(key);
    const from = Math.min(query.from, other?.from ?? query.from) as Instant;
    const to = Math.max(query.to, other?.to ?? query.to) as Instant;
    merged.set(key, { ...query, from, to });
  };
  for (const tx of txs) {
    const { highest, paidAt, paidAtKnown } = foldStatements(tx.statements);
    const at = paidAtKnown ? paidAt : tx.firstSeenAt;
    const reach = paidAtKnown ? reachMs : Math.max(reachMs, UNTIMED_REACH_MS);
    add(span(tx.unitId, highest.payer.key, highest.amount, at, reach));
  }
  for (const report of reports) {
    if (report.unitId === null || !batch.rentals.has(report.rentalId)) continue;
    add(span(report.unitId, report.payer.key, report.amount, report.paidAt, reachMs));
  }
  return [...merged.values()];
}

function span(
  unitId: UnitId,
  payer: GroupQuery['payer'],
  amount: number,
  at: Instant,
  reachMs: number,
): GroupQuery {
  return { unitId, payer, amount, from: (at - reachMs) as Instant, to: (at + reachMs) as Instant };
}
