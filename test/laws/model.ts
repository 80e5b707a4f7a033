/** What the ledger ought to come to, from the domain's text and from nothing in src. */
import { gridMonthSeconds } from './grid-time';
import type { Plan, Word } from './payment-plans';

const HOUR_MS = 3_600_000;
const START_MS = Date.parse('2026-03-02T12:00:00Z');
const WINDOW_S = 900;

/** Net seconds by kind; a kind that comes to nothing is left out. */
export type Sums = Readonly<Record<string, number>>;

/** L$ 700 a week; from an hour after the start on L$ 1,050 a month, of the month of `paidAtMs`. */
export function boughtSeconds(amount: number, paidAtMs: number): number {
  const isMonthly = paidAtMs >= START_MS + HOUR_MS;
  const [term, price] = isMonthly ? [gridMonthSeconds(paidAtMs), 1_050] : [604_800, 700];
  return Number((BigInt(amount) * BigInt(term)) / BigInt(price));
}

/** Which gift's report stands with which gift's transaction, by the numbers of the gifts. */
export function linksOf(plans: readonly Plan[]): Map<number, number> {
  const links = new Map<number, number>();
  const groups = new Map<string, Plan[]>();
  for (const plan of plans) {
    // A report that names a transaction is no other's, whether that one is known or not.
    const isNaming = plan.report !== null && plan.report.ref !== 'never';
    if (isNaming && plan.words.length > 0) links.set(plan.n, plan.n);
    const key = `${plan.payer}/${plan.amount}`;
    if (!isNaming) groups.set(key, [...(groups.get(key) ?? []), plan]);
  }
  for (const group of groups.values()) {
    for (const [report, tx] of firstWithFirst(group)) links.set(report, tx);
  }
  return links;
}

function firstWithFirst(group: readonly Plan[]): [number, number][] {
  const txs = group
    .filter(({ words }) => words.length > 0)
    .map(({ n, paidAt }) => ({ n, s: paidAt / 1_000 }))
    .sort((a, b) => a.s - b.s);
  const reports = group
    .flatMap(({ n, paidAt, report }) =>
      report === null ? [] : [{ n, s: paidAt / 1_000 + report.skewS }],
    )
    .sort((a, b) => a.s - b.s);
  const pairs: [number, number][] = [];
  for (;;) {
    const [report, tx] = [reports[0], txs[0]];
    if (report === undefined || tx === undefined) return pairs;
    if (Math.abs(report.s - tx.s) <= WINDOW_S) {
      pairs.push([report.n, tx.n]);
      reports.shift();
      txs.shift();
    } else (report.s < tx.s ? reports : txs).shift();
  }
}

/** The words in the order of stream ids as they appeared, then versions. */
const inOrder = (words: readonly Word[]): Word[] =>
  [...words].sort((a, b) => a.streamRank - b.streamRank || a.version - b.version);

/** Paid, and the last word that decides it does not take it back. */
export function stands({ words }: Plan): boolean {
  const last = inOrder(words)
    .filter(({ state }) => state === 'completed' || state === 'reversed')
    .at(-1);
  return last?.state === 'completed';
}

/** What one transaction comes to when `returned` L$ of it were given back. */
export function worthOf(plan: Plan, returned: number): Sums {
  if (!stands(plan) || returned >= plan.amount) return {};
  const bought = boughtSeconds(plan.amount, plan.paidAt);
  const refund = boughtSeconds(plan.amount - returned, plan.paidAt) - bought;
  const completed = inOrder(plan.words).filter(({ state }) => state === 'completed');
  const more = completed.at(-1)?.bonusS ?? 0;
  return { paid: bought, refund, bonus: more > 60 ? more : 0 };
}

/** What the transactions of these gifts come to together, whoever said what when. */
export function expectedSums(
  plans: readonly Plan[],
  returnedOf: (report: Plan) => number,
  among: (tx: Plan) => boolean = () => true,
): Sums {
  const byTx = new Map([...linksOf(plans)].map(([report, tx]) => [tx, report]));
  const sums: Record<string, number> = {};
  for (const plan of plans.filter((one) => one.words.length > 0 && among(one))) {
    const report = plans.find(({ n }) => n === byTx.get(plan.n));
    const worth = worthOf(plan, report === undefined ? 0 : returnedOf(report));
    for (const [kind, s] of Object.entries(worth)) sums[kind] = (sums[kind] ?? 0) + s;
  }
  return Object.fromEntries(Object.entries(sums).filter(([, s]) => s !== 0));
}

/** The instant at which the tenancy began: the earliest gift that counts; null = it is void. */
export function expectedStart(
  plans: readonly Plan[],
  returnedOf: (report: Plan) => number,
): number | null {
  const byTx = new Map([...linksOf(plans)].map(([report, tx]) => [tx, report]));
  const counted = plans.filter((plan) => {
    const report = plans.find(({ n }) => n === byTx.get(plan.n));
    const returned = report === undefined ? 0 : returnedOf(report);
    return stands(plan) && returned < plan.amount;
  });
  return counted.length === 0 ? null : Math.min(...counted.map(({ paidAt }) => paidAt));
}

/** Paid, or perhaps: what no word has settled yet, at what it would buy, at least and at most. */
export function possibleSeconds(
  plans: readonly Plan[],
  returnedOf: (report: Plan) => number,
): { readonly least: number; readonly most: number } {
  const links = linksOf(plans);
  const byTx = new Map([...links].map(([report, tx]) => [tx, report]));
  let [least, most] = [0, 0];
  for (const plan of plans) {
    const bought = (returned: number): number =>
      returned >= plan.amount ? 0 : boughtSeconds(plan.amount - returned, plan.paidAt);
    const isTxOpen = plan.words.length > 0 && !isSettled(plan);
    const report = plans.find(({ n }) => n === byTx.get(plan.n));
    if (isTxOpen) least += bought(report === undefined ? 0 : returnedOf(report));
    if (isTxOpen) most += bought(0);
    if (plan.report === null || links.has(plan.n)) continue;
    least += bought(returnedOf(plan));
    most += bought(0);
  }
  return { least, most };
}

const isSettled = ({ words }: Plan): boolean =>
  words.some(({ state }) => state === 'completed' || state === 'reversed');
