/**
 * Pairs reports with transactions of one group (equal unit, payer, amount): first with first, in
 * order of time.
 */
import type { AgentKey, UnitId } from '../ids';
import type { Report } from './report';
import { foldStatements } from './statements';
import { DAY_MS, SECOND_MS, type Instant } from '../time';
import type { Transaction } from './transaction';

/** A transaction that nobody knows the time of is paired within this of its arrival. */
const UNTIMED_WINDOW_MS = 7 * DAY_MS;

export interface Pairable {
  readonly reports: readonly Report[];
  readonly transactions: readonly Transaction[];
}

export type Pair = readonly [Report, Transaction];

/** Settled by a person's word, as confirmed or refunded: such a report takes its transaction. */
export function isClosedByHand(report: Report): boolean {
  return report.settledBy?.by === 'hand' || report.settledBy?.by === 'refunded';
}

/** Nobody has been credited for it, so that a report closed by hand may take it. */
export function isFree(tx: Transaction): boolean {
  return tx.tenancyId === null && tx.containedIn === null;
}

export function groupKey(unitId: UnitId, payer: AgentKey, amount: number): string {
  return `${payer}|${amount}|${unitId}`;
}

/**
 * A pure function of the group. Only where a report closed by hand still waits for its transaction
 * are those already credited kept from it: they meet the other reports first.
 */
export function pairGroup(group: Pairable, windowS: number): Pair[] {
  if (!group.reports.some(isClosedByHand)) return pairAll(group, windowS);
  const credited = pairAll(
    {
      reports: group.reports.filter((report) => !isClosedByHand(report)),
      transactions: group.transactions.filter((tx) => !isFree(tx)),
    },
    windowS,
  );
  const met = new Set(credited.map(([report]) => report));
  const rest = {
    reports: group.reports.filter((report) => !met.has(report)),
    transactions: group.transactions.filter(isFree),
  };
  return [...credited, ...pairAll(rest, windowS)];
}

function pairAll(group: Pairable, windowS: number): Pair[] {
  const reports = [...group.reports].sort(reportOrder);
  const timed = group.transactions.filter(isTimed).sort(txOrder);
  const pairs = walk(reports, timed, { at: paidAtOf, withinMs: windowS * SECOND_MS });
  const met = new Set(pairs.map(([report]) => report));
  const left = reports.filter((report) => !met.has(report));
  const untimed = group.transactions.filter((tx) => !isTimed(tx)).sort(arrivalOrder);
  const arrived = (tx: Transaction): Instant => tx.firstSeenAt;
  return [...pairs, ...walk(left, untimed, { at: arrived, withinMs: UNTIMED_WINDOW_MS })];
}

function walk(
  reports: readonly Report[],
  transactions: readonly Transaction[],
  rule: { readonly at: (tx: Transaction) => Instant; readonly withinMs: number },
): Pair[] {
  const pairs: Pair[] = [];
  let r = 0;
  let t = 0;
  for (;;) {
    const report = reports[r];
    const tx = transactions[t];
    if (report === undefined || tx === undefined) return pairs;
    const apartMs = report.paidAt - rule.at(tx);
    if (Math.abs(apartMs) <= rule.withinMs) {
      pairs.push([report, tx]);
      r += 1;
      t += 1;
    } else if (apartMs < 0) r += 1;
    else t += 1;
  }
}

const paidAtOf = (tx: Transaction): Instant => foldStatements(tx.statements).paidAt;
const isTimed = (tx: Transaction): boolean => foldStatements(tx.statements).paidAtKnown;

export function reportOrder(a: Report, b: Report): number {
  return a.paidAt - b.paidAt || (a.id < b.id ? -1 : Number(a.id > b.id));
}

function txOrder(a: Transaction, b: Transaction): number {
  return paidAtOf(a) - paidAtOf(b) || byId(a, b);
}

function arrivalOrder(a: Transaction, b: Transaction): number {
  return a.firstSeenAt - b.firstSeenAt || byId(a, b);
}

const byId = (a: Transaction, b: Transaction): number =>
  a.txId < b.txId ? -1 : Number(a.txId > b.txId);
