/** Runs the contract of ReportStore on the fake and on MongoDB alike. */
import { createReportStore } from '../../src/mongo/money/reports';
import { createFakeReportStore } from '../support/fakes/report-store';
import { onMongo } from './on-mongo';
import { reportStoreContract } from './reports.contract';

describe('the reports in memory', () => {
  reportStoreContract(async () => createFakeReportStore());
});

describe('the reports on MongoDB', () => {
  reportStoreContract(onMongo(createReportStore));
});
