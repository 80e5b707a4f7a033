/**
 * Links between reports and transactions: the claim that two words mean one payment; moves no
 * time.
 */
import type { ReportId, TxId } from '../ids';
import { groupKey, isClosedByHand, isFree, pairGroup, reportOrder } from './pair';
import { linkedTx, type Report } from './report';
import { foldStatements } from './statements';
import type { Transaction } from './transaction';

export interface LinkPlan {
  /** Every report of the neighbourhood that ought to be linked, with its transaction. */
  readonly links: ReadonlyMap<
    ReportId,
    { readonly txId: TxId; readonly basis: 'named' | 'paired' }
  >;
  /** Transactions that reports confirmed or refunded by hand ought to take. */
  readonly takes: ReadonlyMap<ReportId, TxId>;
  readonly differences: readonly LinkDifference[];
}

export interface LinkDifference {
  readonly kind: 'amount-differs' | 'reference-differs';
  readonly reportId: ReportId;
  readonly txId: TxId;
  readonly text: string;
}

/**
 * Draws all links anew: named transactions first, then, within each group of equal unit, payer and
 * amount, first with first in order of time. A pure function of the neighbourhood; links that a
 * person made, and transactions already taken by hand, stay as they are.
 */
export function drawLinks(input: {
  readonly reports: readonly Report[];
  readonly transactions: readonly Transaction[];
  readonly windowS: number;
}): LinkPlan {
  const byTx = new Map(input.transactions.map((tx) => [tx.txId, tx]));
  const fixed = alreadyFixed(input.reports, input.transactions);
  const named = namedLinks(input.reports, byTx, fixed);
  const freeReports = input.reports.filter(
    (report) => mayPair(report) && !fixed.reports.has(report.id) && !named.waits.has(report.id),
  );
  const freeTxs = input.transactions.filter(
    (tx) => !fixed.txs.has(tx.txId) && !named.txs.has(tx.txId),
  );
  const links = new Map<ReportId, { txId: TxId; basis: 'named' | 'paired' }>();
  for (const [reportId, txId] of named.links) links.set(reportId, { txId, basis: 'named' });
  const takes = new Map(named.takes);
  for (const group of groupsOf(freeReports, freeTxs).values()) {
    for (const [report, tx] of pairGroup(group, input.windowS)) {
      if (isClosedByHand(report)) takes.set(report.id, tx.txId);
      else links.set(report.id, { txId: tx.txId, basis: 'paired' });
    }
  }
  return { links, takes, differences: named.differences };
}

function alreadyFixed(reports: readonly Report[], transactions: readonly Transaction[]): Fixed {
  const fixedReports = new Set<ReportId>();
  const fixedTxs = new Set<TxId>();
  for (const report of reports) {
    const byPerson = report.settledBy?.by === 'link' && report.settledBy.basis === 'person';
    if (byPerson && report.settledBy?.by === 'link') fixedTxs.add(report.settledBy.txId);
    if (report.takes !== null) fixedTxs.add(report.takes);
    if (byPerson || report.takes !== null) fixedReports.add(report.id);
  }
  for (const tx of transactions) {
    if (tx.takenBy === null) continue;
    fixedTxs.add(tx.txId);
    fixedReports.add(tx.takenBy);
  }
  return { reports: fixedReports, txs: fixedTxs };
}

interface Fixed {
  readonly reports: ReadonlySet<ReportId>;
  readonly txs: ReadonlySet<TxId>;
}

interface Named {
  readonly links: ReadonlyMap<ReportId, TxId>;
  readonly takes: ReadonlyMap<ReportId, TxId>;
  readonly txs: ReadonlySet<TxId>;
  /** Reports that have their named transaction, or still wait for it: not paired by rule. */
  readonly waits: ReadonlySet<ReportId>;
  readonly differences: readonly LinkDifference[];
}

function namedLinks(
  reports: readonly Report[],
  byTx: ReadonlyMap<TxId, Transaction>,
  fixed: Fixed,
): Named {
  const links = new Map<ReportId, TxId>();
  const takes = new Map<ReportId, TxId>();
  const txs = new Set<TxId>();
  const waits = new Set<ReportId>();
  const differences: LinkDifference[] = [];
  for (const report of [...reports].sort(reportOrder)) {
    const { ref } = report;
    if (ref === null || report.settledBy?.by === 'dismissed' || report.settledBy?.by === 'self')
      continue;
    const tx = byTx.get(ref);
    if (tx === undefined) {
      if (!report.unknownUpstream) waits.add(report.id);
      continue;
    }
    const clash = nameClash(report, tx, fixed, txs);
    if (clash !== null) {
      if (clash !== '') differences.push(differs('reference-differs', report, tx, clash));
      continue;
    }
    if (isClosedByHand(report)) takes.set(report.id, ref);
    else links.set(report.id, ref);
    txs.add(ref);
    waits.add(report.id);
    const stated = foldStatements(tx.statements).highest.amount;
    if (stated !== report.amount) {
      const text = `The box reported L$ ${report.amount}, the provider counts L$ ${stated}.`;
      differences.push(differs('amount-differs', report, tx, text));
    }
  }
  return { links, takes, txs, waits, differences };
}

/**
 * Why the name is not followed: a sentence for a break, '' = already as it should be, null =
 * follow it.
 */
function nameClash(
  report: Report,
  tx: Transaction,
  fixed: Fixed,
  named: ReadonlySet<TxId>,
): string | null {
  if (fixed.reports.has(report.id)) {
    if (tx.takenBy === report.id) return '';
    const has = report.takes ?? linkedTx(report);
    return has === tx.txId
      ? ''
      : 'The report names one transaction and was joined to another by hand.';
  }
  const { payer } = foldStatements(tx.statements).highest;
  if (tx.unitId !== report.unitId) return 'The named transaction is about another unit.';
  if (payer.key !== report.payer.key) return 'The named transaction has another payer.';
  if (fixed.txs.has(tx.txId)) return 'The named transaction was joined to another report by hand.';
  if (named.has(tx.txId)) return 'Another report names the same transaction.';
  if (isClosedByHand(report) && !isFree(tx))
    return 'The named transaction was credited before the report was settled by hand.';
  return null;
}

function differs(
  kind: LinkDifference['kind'],
  report: Report,
  tx: Transaction,
  text: string,
): LinkDifference {
  return { kind, reportId: report.id, txId: tx.txId, text };
}

function mayPair(report: Report): boolean {
  if (report.unitId === null) return false;
  return report.settledBy?.by !== 'dismissed' && report.settledBy?.by !== 'self';
}

function groupsOf(
  reports: readonly Report[],
  transactions: readonly Transaction[],
): Map<string, { reports: Report[]; transactions: Transaction[] }> {
  const groups = new Map<string, { reports: Report[]; transactions: Transaction[] }>();
  const at = (key: string): { reports: Report[]; transactions: Transaction[] } => {
    const found = groups.get(key) ?? { reports: [], transactions: [] };
    groups.set(key, found);
    return found;
  };
  for (const report of reports) {
    at(groupKey(report.unitId!, report.payer.key, report.amount)).reports.push(report);
  }
  for (const tx of transactions) {
    const { payer, amount } = foldStatements(tx.statements).highest;
    at(groupKey(tx.unitId, payer.key, amount)).transactions.push(tx);
  }
  return groups;
}
