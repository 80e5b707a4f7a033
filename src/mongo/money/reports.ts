/** What boxes said of payments, kept durably before it is acknowledged; settles nothing. */
import type { Connection, mongo } from 'mongoose';
import type { RentalId, ReportId, TxId } from '../../domain/ids';
import { returnedId } from '../../domain/ids';
import type { Report, ReturnedWord } from '../../domain/payments/report';
import type { Instant } from '../../domain/time';
import type { GroupQuery, Intake, ReportStore } from '../../flows/ports/money-ports';
import { coalesce } from '../coalesce';
import { findUnknown } from '../find-unknown';
import { narrowWanted } from '../narrow-wanted';
import { readSlots } from '../read-slots';
import { spanFilter } from '../group-slots';
import {
  isPayment,
  REPORT_SHAPE,
  reportTable,
  returnedTable,
  toReport,
  toReportRecord,
  toReturned,
  toReturnedRecord,
  type AnyReportRecord,
  type ReportRecord,
  type ReturnedRecord,
} from './report-record';
import { insertNew, saveRecords } from '../save';
import { storage } from '../storage-errors';
import { toDate } from '../stored-record';
import { whereAny, WHOLE, type Table } from '../table';

const MOST_UNRESOLVED = 2_000;
const MOST_OF_ONE_EVENT = 10;
/** Calls that share one durable insert. */
const MOST_IN_ONE_INTAKE = 100;

export function createReportStore(connection: Connection): ReportStore {
  const table = reportTable(connection);
  const { model, rows } = table;
  const returned = returnedTable(connection);
  const intake = coalesce<Report, Intake>({
    run: (reports) => takeIn(table, reports),
    most: MOST_IN_ONE_INTAKE,
    atOnce: 1,
  });
  const find = async (
    filter: mongo.Filter<ReportRecord>,
    options: mongo.FindOptions = {},
  ): Promise<Report[]> =>
    (await rows.find(filter, { ...WHOLE, ...options }).toArray()).map(toReport);

  return {
    intake: (report) => storage(() => intake(report)),
    get: (ids) => storage(() => whereAny(ids, (wanted) => getReports(table, wanted))),
    save: (reports) => storage(() => saveRecords(model, reports.map(toReportRecord), REPORT_SHAPE)),
    inGroups: (queries) => storage(() => inGroups(table, queries)),
    concerning: (txIds: readonly TxId[], known) =>
      storage(async () => {
        const found = await findUnknown(rows, { txs: { $in: [...txIds] } }, { known });
        return found.map(toReport);
      }),
    unresolvedOf: (ids: readonly RentalId[]) =>
      storage(async () => {
        const open = await narrowWanted(rows, 'openOf', ids);
        if (open.length === 0) return [];
        return find({ openOf: { $in: [...open] } }, { limit: MOST_UNRESOLVED });
      }),
    due: (now: Instant, limit) =>
      storage(() =>
        find({ nextCheckAt: { $lte: toDate(now) } }, { sort: { nextCheckAt: 1 }, limit }),
      ),
    byEvent: (eventId) =>
      storage(() => find({ eventId } as mongo.Filter<ReportRecord>, { limit: MOST_OF_ONE_EVENT })),
    latestOf: (rentalId, limit) =>
      storage(() => find({ 'listed.of': rentalId }, { sort: { 'listed.at': -1 }, limit })),
    insertReturned: (word) => storage(() => insertReturned(returned, word)),
    returnedFor: (ids) =>
      storage(() => whereAny(ids, (wanted) => getReturned(returned, wanted.map(returnedId)))),
  };
}

/** Every report of the batch in one durable insert; those whose id was taken answer the rival. */
async function takeIn(
  table: Table<ReportRecord>,
  reports: readonly Report[],
): Promise<readonly Intake[]> {
  const first = new Map<ReportId, Report>();
  for (const report of reports) if (!first.has(report.id)) first.set(report.id, report);
  const records = [...first.values()].map((report) => toReportRecord({ ...report, rev: 1 }));
  const inserted = await insertNew(table.model, records);
  const taken = [...first.keys()].filter((id) => !inserted.has(id));
  const rivals = taken.length === 0 ? [] : await getReports(table, taken);
  const rivalOf = new Map(rivals.map((report) => [report.id, report]));
  return reports.map((report) => {
    const { id } = report;
    if (first.get(id) === report && inserted.has(id)) return { kind: 'stored' };
    // Twins in one batch: the second finds the first, as if it had come a moment later.
    const rival = rivalOf.get(id) ?? { ...first.get(id)!, rev: 1 };
    return { kind: 'exists', rival };
  });
}

async function getReports(
  { rows }: Table<ReportRecord>,
  ids: readonly ReportId[],
): Promise<Report[]> {
  const found: AnyReportRecord[] = await rows.find({ _id: { $in: [...ids] } }, WHOLE).toArray();
  return found.filter(isPayment).map(toReport);
}

async function inGroups(
  { rows }: Table<ReportRecord>,
  queries: readonly GroupQuery[],
): Promise<Report[]> {
  const asked = spanFilter(queries);
  const found = await readSlots(rows, queries, { untimed: 'without' });
  return found.map(toReport).filter(({ unitId, payer, amount, paidAt }) => {
    return unitId !== null && asked({ unitId, payer: payer.key, amount }, paidAt, 0);
  });
}

async function insertReturned(
  table: Table<ReturnedRecord>,
  word: ReturnedWord,
): Promise<'stored' | { readonly rival: ReturnedWord }> {
  const inserted = await insertNew(table.model, [toReturnedRecord(word)]);
  if (inserted.has(word.id)) return 'stored';
  const [rival] = await getReturned(table, [word.id]);
  if (rival === undefined) throw new Error(`What stands under ${word.id} is no returned word.`);
  return { rival };
}

async function getReturned(
  { rows }: Table<ReturnedRecord>,
  ids: readonly ReportId[],
): Promise<ReturnedWord[]> {
  const found: AnyReportRecord[] = await rows.find({ _id: { $in: [...ids] } }, WHOLE).toArray();
  return found.flatMap((record) => (isPayment(record) ? [] : [toReturned(record)]));
}
