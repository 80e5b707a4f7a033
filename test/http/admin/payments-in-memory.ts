/** The list of payments over the fakes of reports and transactions, as PaymentStore says. */
import { isUnresolved, reportState, transactionState } from '../../../src/domain/payment';
import { foldStatements } from '../../../src/domain/statements';
import type { Instant } from '../../../src/domain/time';
import type { PaymentQuery, PaymentRef, PaymentStore } from '../../../src/flows/upkeep-ports';
import type { Estate } from '../../support/estate';
import { pageOf } from '../../support/fakes/page-of';

interface Row {
  readonly ref: PaymentRef;
  readonly id: string;
  readonly state: ReturnType<typeof reportState>;
  readonly rentalId: string | null;
  readonly payer: string;
  readonly paidAt: Instant;
  readonly names: readonly (string | null)[];
}

export function createPaymentsInMemory(estate: Estate): PaymentStore {
  const rows = (): Row[] => [...rowsOfTransactions(estate), ...rowsOfReports(estate)];
  return {
    async list(query) {
      const wanted = rows()
        .filter((row) => isWanted(estate, query, row))
        .sort((a, b) => b.paidAt - a.paidAt || (a.id < b.id ? 1 : -1));
      const { rows: page, next } = pageOf(wanted, query, (row) => row.id);
      return { rows: page.map((row) => row.ref), next };
    },
    async summary() {
      const open = rows().filter((row) => isUnresolved(row.state));
      const byState: Record<string, number> = {};
      for (const { state } of rows()) byState[state] = (byState[state] ?? 0) + 1;
      const oldest = Math.min(...open.map((row) => row.paidAt));
      return {
        unresolved: open.length,
        oldestUnresolvedAt: open.length === 0 ? null : (oldest as Instant),
        byState,
      };
    },
  };
}

function rowsOfTransactions({ transactions }: Estate): Row[] {
  return transactions.all().map((tx) => ({
    ref: { kind: 'transaction', txId: tx.txId },
    id: `tx:${tx.txId}`,
    state: transactionState(tx),
    rentalId: tx.rentalId,
    payer: foldStatements(tx.statements).highest.payer.key,
    paidAt: foldStatements(tx.statements).paidAt,
    names: [tx.txId, tx.reportId?.split(':')[1] ?? null],
  }));
}

function rowsOfReports({ reports }: Estate): Row[] {
  return reports
    .all()
    .filter((report) => report.settledBy?.by !== 'link')
    .map((report) => ({
      ref: { kind: 'report', id: report.id },
      id: report.id,
      state: reportState(report),
      rentalId: report.rentalId,
      payer: report.payer.key,
      paidAt: report.paidAt,
      names: [
        report.eventId,
        report.ref,
        report.settledBy?.by === 'hand' ? report.settledBy.reference : null,
      ],
    }));
}

function isWanted({ rentals }: Estate, query: PaymentQuery, row: Row): boolean {
  const { state, rentalId, payer, text, regions } = query;
  const region = rentals.all().find((rental) => rental.id === row.rentalId)?.region ?? null;
  if (regions.length > 0 && (region === null || !regions.includes(region))) return false;
  if (state !== null && row.state !== state) return false;
  if (rentalId !== null && row.rentalId !== rentalId) return false;
  if (payer !== null && row.payer !== payer) return false;
  return text === null || row.names.includes(text);
}
