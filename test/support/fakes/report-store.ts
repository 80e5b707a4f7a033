/** Reports in memory, as the contract of ReportStore says. */
import type { ReportId } from '../../../src/domain/ids';
import { isOpenReport } from '../../../src/domain/payments/payment';
import {
  linkedTx,
  transactionsOf,
  type Report,
  type ReturnedWord,
} from '../../../src/domain/payments/report';
import type { GroupQuery, ReportStore } from '../../../src/flows/ports/money-ports';
import { savedRows } from './saved-rows';

export interface FakeReportStore extends ReportStore {
  all(): Report[];
}

export function createFakeReportStore(): FakeReportStore {
  const kept = savedRows<ReportId, Report>((report) => report.id);
  const words = new Map<ReportId, ReturnedWord>();
  const where = (wanted: (report: Report) => boolean): Report[] => kept.all().filter(wanted);
  return {
    all: kept.all,
    async intake(report) {
      const [rival] = kept.get([report.id]);
      if (rival !== undefined) return { kind: 'exists', rival };
      kept.rows.set(report.id, structuredClone({ ...report, rev: 1 }));
      return { kind: 'stored' };
    },
    get: async (ids) => kept.get(ids),
    save: async (reports) => kept.save(reports),
    inGroups: async (queries) => where((one) => queries.some((query) => isIn(query, one))),
    concerning: async (txIds) => where((one) => txIds.some((id) => transactionsOf(one).has(id))),
    unresolvedOf: async (rentalIds) =>
      where((one) => rentalIds.includes(one.rentalId) && isOpenReport(one)),
    due: async (now, limit) =>
      where((one) => one.nextCheckAt !== null && one.nextCheckAt <= now)
        .sort((a, b) => a.nextCheckAt! - b.nextCheckAt!)
        .slice(0, limit),
    byEvent: async (eventId) => where((one) => one.eventId === eventId).slice(0, 10),
    latestOf: async (rentalId, limit) =>
      where((one) => one.rentalId === rentalId && linkedTx(one) === null)
        .sort((a, b) => b.paidAt - a.paidAt)
        .slice(0, limit),
    async insertReturned(word) {
      const rival = words.get(word.id);
      if (rival !== undefined) return { rival: structuredClone(rival) };
      words.set(word.id, structuredClone(word));
      return 'stored';
    },
    returnedFor: async (reports) =>
      structuredClone([...words.values()].filter((word) => reports.includes(word.paymentReport))),
  };
}

function isIn(query: GroupQuery, report: Report): boolean {
  return (
    report.unitId === query.unitId &&
    report.payer.key === query.payer &&
    report.amount === query.amount &&
    report.paidAt >= query.from &&
    report.paidAt <= query.to
  );
}
