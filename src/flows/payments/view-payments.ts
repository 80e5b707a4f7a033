/** Brings together what belongs to a payment: transaction, report and returned word. */
import type { ReportId, TxId } from '../../domain/ids';
import { paymentFacts, type PaymentView } from '../../domain/payments/payment-view';
import { linkedTx, type Report, type ReturnedWord } from '../../domain/payments/report';
import type { Transaction } from '../../domain/payments/transaction';
import type { EstatePorts } from '../ports/estate-ports';
import type { PaymentRef } from '../ports/upkeep-ports';

export type ViewDeps = Pick<EstatePorts, 'transactions' | 'reports'>;

/** In the order of the references; two that turn out to be one payment are shown once. */
export async function viewPayments(
  deps: ViewDeps,
  refs: readonly PaymentRef[],
): Promise<PaymentView[]> {
  const named = await readReports(
    deps,
    refs.flatMap((ref) => (ref.kind === 'report' ? [ref.id] : [])),
  );
  const txIds = refs.flatMap((ref) => (ref.kind === 'transaction' ? [ref.txId] : []));
  const taken = [...named.values()].flatMap((report) => ofReport(report) ?? []);
  const txs = await readTransactions(deps, [...txIds, ...taken]);
  const linked = [...txs.values()].flatMap((tx) => tx.takenBy ?? tx.reportId ?? []);
  const missing = linked.filter((id) => !named.has(id));
  const reports = new Map([...named, ...(await readReports(deps, missing))]);
  const returned = await readReturned(deps, [...reports.keys()]);
  const views = refs.flatMap((ref) => viewOf(ref, { txs, reports, returned }) ?? []);
  return [...new Map(views.map((view) => [paymentFacts(view).id, view])).values()];
}

interface Known {
  readonly txs: ReadonlyMap<TxId, Transaction>;
  readonly reports: ReadonlyMap<ReportId, Report>;
  readonly returned: ReadonlyMap<ReportId, ReturnedWord>;
}

function viewOf(ref: PaymentRef, known: Known): PaymentView | null {
  const named = ref.kind === 'report' ? known.reports.get(ref.id) : undefined;
  const txId = ref.kind === 'transaction' ? ref.txId : ofReport(named);
  const transaction = txId === null ? null : (known.txs.get(txId) ?? null);
  const linked = transaction?.takenBy ?? transaction?.reportId ?? null;
  const report = named ?? (linked === null ? null : (known.reports.get(linked) ?? null));
  if (transaction === null && report === null) return null;
  const returned = report === null ? null : (known.returned.get(report.id) ?? null);
  return { transaction, report, returned };
}

/** The transaction that a report is linked to, or has taken. */
function ofReport(report: Report | undefined): TxId | null {
  return report === undefined ? null : (linkedTx(report) ?? report.takes);
}

async function readReports(
  deps: ViewDeps,
  ids: readonly ReportId[],
): Promise<Map<ReportId, Report>> {
  const rows = ids.length === 0 ? [] : await deps.reports.get(ids);
  return new Map(rows.map((row) => [row.id, row]));
}

async function readTransactions(
  deps: ViewDeps,
  ids: readonly TxId[],
): Promise<Map<TxId, Transaction>> {
  const rows = ids.length === 0 ? [] : await deps.transactions.get(ids);
  return new Map(rows.map((row) => [row.txId, row]));
}

async function readReturned(
  deps: ViewDeps,
  ids: readonly ReportId[],
): Promise<Map<ReportId, ReturnedWord>> {
  const rows = ids.length === 0 ? [] : await deps.reports.returnedFor(ids);
  return new Map(rows.map((row) => [row.paymentReport, row]));
}
