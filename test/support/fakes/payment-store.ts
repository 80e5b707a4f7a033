/** Lists payments in memory, as the contract of PaymentStore says, from the other fakes' rows. */
import { RefusedValue } from '../../../src/domain/brand';
import { isUnresolved, reportState, transactionState } from '../../../src/domain/payments/payment';
import type { Report } from '../../../src/domain/payments/report';
import { foldStatements } from '../../../src/domain/payments/statements';
import type { Instant } from '../../../src/domain/time';
import type { Transaction } from '../../../src/domain/payments/transaction';
import type {
  PaymentQuery,
  PaymentRef,
  PaymentStore,
  ReferenceStore,
} from '../../../src/flows/ports/upkeep-ports';
import { pageOf } from './page-of';
import type { FakeRentalStore } from './rental-store';
import type { FakeReportStore } from './report-store';
import type { FakeTransactionStore } from './transaction-store';

interface Row {
  readonly ref: PaymentRef;
  readonly key: string;
  readonly at: Instant;
  readonly rentalId: string | null;
  readonly payer: string;
  readonly state: string;
  /** Everything that a text may name it by. */
  readonly names: readonly (string | null)[];
  /** Payment ids that may have claimed its reference. */
  readonly claimants: readonly string[];
}

export function createFakePaymentStore(from: {
  readonly transactions: FakeTransactionStore;
  readonly reports: FakeReportStore;
  readonly rentals: FakeRentalStore;
  readonly references: ReferenceStore;
}): PaymentStore {
  const rows = (): Row[] => {
    const reports = from.reports.all();
    const txs = from.transactions.all().filter((tx) => tx.takenBy === null);
    const alone = reports.filter((report) => report.settledBy?.by !== 'link');
    return [...txs.map((tx) => ofTransaction(tx, reports)), ...alone.map(ofReport)].sort(
      (a, b) => b.at - a.at || (a.key < b.key ? 1 : -1),
    );
  };
  return {
    async list(query) {
      const regionOf = new Map(from.rentals.all().map((one) => [one.id as string, one.region]));
      const all = rows();
      if (query.cursor !== null && !all.some((row) => row.key === query.cursor)) {
        throw new RefusedValue('This is not a cursor that a list gave.');
      }
      const { text } = query;
      const holders = text === null ? [] : await from.references.find(text);
      const isNamed = ({ names, claimants }: Row): boolean =>
        text === null ||
        names.some((name) => name === text || name === text.toLowerCase()) ||
        holders.some(({ by }) => claimants.includes(by));
      const page = pageOf(
        all.filter((row) => isNamed(row) && isWanted(query, row, regionOf)),
        query,
        (row) => row.key,
      );
      return { ...page, rows: page.rows.map((row) => row.ref) };
    },
    async summary() {
      const open = rows().filter((row) => row.rentalId !== null && isOpen(row.state));
      const times = open.map((row) => row.at);
      const oldest = times.length === 0 ? null : (Math.min(...times) as Instant);
      const byState: Record<string, number> = {};
      for (const { state } of rows()) byState[state] = (byState[state] ?? 0) + 1;
      return { unresolved: open.length, oldestUnresolvedAt: oldest, byState };
    },
  };
}

function ofTransaction(tx: Transaction, reports: readonly Report[]): Row {
  const { highest, paidAt } = foldStatements(tx.statements);
  const concerning = reports.filter(
    ({ ref, settledBy }) =>
      ref === tx.txId || (settledBy?.by === 'link' && settledBy.txId === tx.txId),
  );
  return {
    ref: { kind: 'transaction', txId: tx.txId },
    key: `transaction ${tx.txId}`,
    at: paidAt,
    rentalId: tx.rentalId,
    payer: highest.payer.key,
    state: transactionState(tx),
    names: [tx.txId, ...concerning.map((report) => report.eventId)],
    claimants: [`tx:${tx.txId}`, ...concerning.map((report) => report.id)],
  };
}

function ofReport(report: Report): Row {
  const { id } = report;
  return {
    ref: { kind: 'report', id },
    key: `report ${id}`,
    at: report.paidAt,
    rentalId: report.rentalId,
    payer: report.payer.key,
    state: reportState(report),
    names: [report.eventId, report.ref, report.takes],
    claimants: [id, `tx:${report.ref}`, `tx:${report.takes}`],
  };
}

function isWanted(
  { state, rentalId, payer, regions }: PaymentQuery,
  row: Row,
  regionOf: ReadonlyMap<string, string>,
): boolean {
  if (state !== null && row.state !== state) return false;
  if (rentalId !== null && row.rentalId !== rentalId) return false;
  if (payer !== null && row.payer !== payer.toLowerCase()) return false;
  const region = row.rentalId === null ? undefined : regionOf.get(row.rentalId);
  return regions.length === 0 || (region !== undefined && regions.includes(region));
}

const isOpen = (state: string): boolean =>
  isUnresolved(state as Parameters<typeof isUnresolved>[0]);
