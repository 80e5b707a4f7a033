/** The money stores' fakes around one rental, with what the door asked of them. */
import type { Report, ReturnedWord } from '../../../src/domain/payments/report';
import type { RentalId } from '../../../src/domain/ids';
import type { Rental } from '../../../src/domain/rental';
import type { OpenBreak } from '../../../src/flows/ports/money-ports';
import { createFakeBreakStore, type FakeBreakStore } from '../../support/fakes/break-store';
import { createFakeRentalStore, type FakeRentalStore } from '../../support/fakes/rental-store';
import { createFakeReportStore, type FakeReportStore } from '../../support/fakes/report-store';

export interface MoneyFakes {
  readonly reports: FakeReportStore;
  readonly rentals: FakeRentalStore;
  readonly breaks: FakeBreakStore;
  /** The words of boxes that gave L$ back, as they were stored. */
  readonly returned: ReturnedWord[];
  /** Each time that breaks were opened, what was opened. */
  readonly opened: OpenBreak[];
  /** Which single fields of rentals were written. */
  readonly writes: string[];
  report(id: string): Report | undefined;
  rental(id: RentalId): Rental | undefined;
}

export async function createMoneyFakes(rental: Rental): Promise<MoneyFakes> {
  const returned: ReturnedWord[] = [];
  const opened: OpenBreak[] = [];
  const writes: string[] = [];
  const reports = createFakeReportStore();
  const rentals = createFakeRentalStore();
  const breaks = createFakeBreakStore();
  await rentals.save([{ ...rental, rev: 0 }]);
  return {
    ...{ returned, opened, writes },
    report: (id) => reports.all().find((one) => one.id === id),
    rental: (id) => rentals.all().find((one) => one.id === id),
    reports: {
      ...reports,
      async insertReturned(word) {
        const outcome = await reports.insertReturned(word);
        if (outcome === 'stored') returned.push(word);
        return outcome;
      },
    },
    rentals: {
      ...rentals,
      async askResync(ids, at) {
        writes.push('askResync');
        await rentals.askResync(ids, at);
      },
      async noteBoxClear(id, at) {
        writes.push('noteBoxClear');
        await rentals.noteBoxClear(id, at);
      },
    },
    breaks: {
      ...breaks,
      async open(drafts) {
        opened.push(...drafts);
        return breaks.open(drafts);
      },
    },
  };
}
