/**
 * Settles and looks up the payments that are due; one that fails is put off, and stops no other.
 */
import type { ReportId, TxId } from '../../domain/ids';
import { isOpenReport } from '../../domain/payments/payment';
import type { Report } from '../../domain/payments/report';
import { nextLookupAt } from '../../domain/payments/schedule';
import type { Transaction } from '../../domain/payments/transaction';
import { MINUTE_MS, plusMs } from '../../domain/time';
import { StorageUnavailable } from '../ports/money-ports';
import type { ResyncDeps } from '../resync/run-resync';
import type { SettleInput } from '../settlement/batch';
import { askBeforeClose } from '../upstream/ask-where-short';
import { lookUpPayments } from '../upstream/look-up-payments';
import { settleEach } from './settle-each';
import { addCounts, type SettleRun } from './settle-run';

/** Payments taken up at once, and passes in one run; what is left is due again a minute later. */
const BATCH = 200;
const MOST_PASSES = 250;
/** Rows that a store answers at most; so many may fail and not be put off before others wait. */
const MOST_READ = 1_000;

/** What is left is due again a minute later; rentals wait no longer than this for payments. */
const MOST_MS = 2 * MINUTE_MS;

type PaymentId = TxId | ReportId;

/** Each pass moves what it took up into the future, so that the passes come to an end. */
export async function settleDue(deps: ResyncDeps, run: SettleRun): Promise<void> {
  const failed = new Set<PaymentId>();
  const end = plusMs(deps.clock.now(), MOST_MS);
  const firstMs = (deps.settings.lookupMinutes[0] ?? 1) * MINUTE_MS;
  for (let pass = 0; pass < MOST_PASSES && !run.signal.aborted; pass += 1) {
    const now = deps.clock.now();
    if (now >= end) return;
    const limit = Math.min(BATCH + failed.size, MOST_READ);
    const [txs, words] = await Promise.all([
      deps.transactions.due(now, limit),
      deps.reports.due(now, limit),
    ]);
    const transactions = txs.filter((tx) => !failed.has(tx.txId));
    const reports = words.filter((report) => !failed.has(report.id));
    if (transactions.length + reports.length === 0) return;
    addCounts(run, { compared: transactions.length + reports.length });
    const settle = (input: SettleInput) => settleOrPutOff(deps, run, { input, failed });
    const isOld = (since: number | null): boolean => since !== null && now - since >= firstMs;
    const oldTxs = transactions.filter((tx) => isOld(tx.unresolvedSince));
    const oldReports = reports.filter((report) => isOld(report.receivedAt) && isOpen(report));
    await settle({
      txIds: without(transactions, oldTxs).map((tx) => tx.txId),
      reportIds: without(reports, oldReports).map((report) => report.id),
      // A process may have died before it asked for the resync that its credit called for.
      beforeClose: askBeforeClose(deps),
    });
    const away = run.unreachable ? ({ provider: 'is-away' } as const) : {};
    const old = { transactions: oldTxs, reports: oldReports, ...away };
    const asked = await lookUpPayments(deps, old, settle);
    if (asked.unreachable) run.unreachable = true;
  }
}

/**
 * A report of a rental without a provider has nobody to be looked up at; one that is settled, or
 * speaks through its transaction, is due only to be closed.
 */
const isOpen = (report: Report): boolean => report.unitId !== null && isOpenReport(report);

function without<Row extends Transaction | Report>(
  rows: readonly Row[],
  taken: readonly Row[],
): Row[] {
  const out = new Set(taken);
  return rows.filter((row) => !out.has(row));
}

async function settleOrPutOff(
  deps: ResyncDeps,
  run: SettleRun,
  { input, failed }: { readonly input: SettleInput; readonly failed: Set<PaymentId> },
) {
  const settled = await settleEach(deps, input);
  for (const { id, error } of settled.failed) {
    failed.add(id);
    addCounts(run, { failed: 1 });
    deps.log.error('sweep.payment-failed', { sweepId: run.sweep.id, paymentId: id, error });
    await putOff(deps, id);
  }
  return settled;
}

/**
 * To the next instant of its schedule, so that those that fail each minute do not crowd out the
 * others. It stays unresolved and due; where even this fails, it is passed over in this run alone.
 */
async function putOff(deps: ResyncDeps, id: PaymentId): Promise<void> {
  const now = deps.clock.now();
  try {
    const txs = await deps.transactions.get([id as TxId]);
    const reports = await deps.reports.get([id as ReportId]);
    const next = (since: Transaction['firstSeenAt']) => nextLookupAt(since, now, deps.settings);
    for (const tx of txs) {
      const nextCheckAt = next(tx.unresolvedSince ?? tx.firstSeenAt);
      await deps.transactions.save([{ ...tx, nextCheckAt }]);
    }
    for (const report of reports) {
      await deps.reports.save([{ ...report, nextCheckAt: next(report.receivedAt) }]);
    }
  } catch (error) {
    if (error instanceof StorageUnavailable) throw error;
    deps.log.warn('sweep.payment-not-put-off', { paymentId: id, error });
  }
}
