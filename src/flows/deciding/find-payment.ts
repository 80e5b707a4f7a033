/** Finds a payment by any of its names: payment id, report id, event id or transaction id. */
import { parsePaymentId, parseTxId, type ReportId, type TxId } from '../../domain/ids';
import { linkedTx, type Report } from '../../domain/payments/report';
import type { Transaction } from '../../domain/payments/transaction';
import type { ReportStore, TransactionStore } from '../ports/money-ports';

/** A transaction with its linked report, or a report alone. */
export interface FoundPayment {
  readonly tx: Transaction | null;
  readonly report: Report | null;
}

export interface FindDeps {
  readonly transactions: TransactionStore;
  readonly reports: ReportStore;
}

/** Null where nothing has the name, and where an event id was used by two boxes. */
export async function findPayment(deps: FindDeps, name: string): Promise<FoundPayment | null> {
  const txId = namedTx(name);
  if (txId !== null) {
    const [tx] = await deps.transactions.get([txId]);
    if (tx !== undefined) return withReport(deps, tx);
  }
  const report = await namedReport(deps, name);
  if (report === null) return null;
  const linked = linkedTx(report) ?? report.takes;
  if (linked === null) return { tx: null, report };
  const [tx] = await deps.transactions.get([linked]);
  return { tx: tx ?? null, report };
}

async function withReport(deps: FindDeps, tx: Transaction): Promise<FoundPayment> {
  const concerning = await deps.reports.concerning([tx.txId]);
  const report = concerning.find((one) => linkedTx(one) === tx.txId || one.takes === tx.txId);
  return { tx, report: report ?? null };
}

async function namedReport(deps: FindDeps, name: string): Promise<Report | null> {
  if (isPaymentId(name) && !name.startsWith('tx:')) {
    const id = name.replace(/:returned$/, '') as ReportId;
    return (await deps.reports.get([id]))[0] ?? null;
  }
  if (!/^[0-9a-f-]{36}$/i.test(name)) return null;
  const found = await deps.reports.byEvent(name.toLowerCase());
  return found.length === 1 ? (found[0] ?? null) : null;
}

function namedTx(name: string): TxId | null {
  try {
    return parseTxId(name.startsWith('tx:') ? name.slice(3) : name);
  } catch {
    return null;
  }
}

function isPaymentId(name: string): boolean {
  try {
    parsePaymentId(name);
    return true;
  } catch {
    return false;
  }
}
