/** The money stores as far as the door needs them, in memory, with what was asked of them. */
import type { Break } from '../../../src/domain/break';
import type { RentalId, ReportId } from '../../../src/domain/ids';
import type { Rental } from '../../../src/domain/rental';
import type { Report, ReturnedWord } from '../../../src/domain/report';
import type { Instant } from '../../../src/domain/time';
import type { InworldDeps } from '../../../src/http/inworld/inworld-flows';
import type { OpenBreak, RentalStore } from '../../../src/flows/ports';

export interface MoneyFakes {
  readonly reports: InworldDeps['reports'] & { readonly rows: Map<ReportId, Report> };
  readonly returned: Map<ReportId, ReturnedWord>;
  readonly rentals: Pick<RentalStore, 'one' | 'get' | 'save' | 'askResync' | 'noteBoxClear'> & {
    readonly rows: Map<RentalId, Rental>;
    readonly writes: string[];
  };
  readonly breaks: InworldDeps['breaks'] & { readonly opened: OpenBreak[] };
}

export function createMoneyFakes(rentals: readonly Rental[]): MoneyFakes {
  const returned = new Map<ReportId, ReturnedWord>();
  return {
    returned,
    reports: createReports(returned),
    rentals: createRentals(rentals),
    breaks: createBreaks(),
  };
}

function createReports(returned: Map<ReportId, ReturnedWord>): MoneyFakes['reports'] {
  const rows = new Map<ReportId, Report>();
  return {
    rows,
    async intake(report) {
      const rival = rows.get(report.id);
      if (rival !== undefined) return { kind: 'exists', rival };
      rows.set(report.id, { ...report, rev: 1 });
      return { kind: 'stored' };
    },
    get: async (ids) => ids.flatMap((id) => rows.get(id) ?? []),
    async save(reports) {
      const written = reports.filter((one) => rows.get(one.id)?.rev === one.rev);
      for (const one of written) rows.set(one.id, { ...one, rev: one.rev + 1 });
      return new Set(written.map(({ id }) => id));
    },
    async insertReturned(word) {
      const rival = returned.get(word.id);
      if (rival !== undefined) return { rival };
      returned.set(word.id, word);
      return 'stored';
    },
  };
}

function createRentals(all: readonly Rental[]): MoneyFakes['rentals'] {
  const rows = new Map(all.map((rental) => [rental.id, rental]));
  const writes: string[] = [];
  const change = (id: RentalId, part: Partial<Rental>): void => {
    const rental = rows.get(id);
    if (rental !== undefined) rows.set(id, { ...rental, ...part });
  };
  return {
    rows,
    writes,
    one: async (id) => rows.get(id) ?? null,
    get: async (ids) => ids.flatMap((id) => rows.get(id) ?? []),
    async save(rentals) {
      const written = rentals.filter((one) => rows.get(one.id)?.rev === one.rev);
      for (const one of written) rows.set(one.id, { ...one, rev: one.rev + 1 });
      return new Set(written.map(({ id }) => id));
    },
    async askResync(ids, at: Instant) {
      writes.push('askResync');
      for (const id of ids) change(id, { resyncAt: rows.get(id)?.resyncAt ?? at });
    },
    async noteBoxClear(id, at) {
      writes.push('noteBoxClear');
      change(id, { boxClearAt: at });
    },
  };
}

function createBreaks(): MoneyFakes['breaks'] {
  const opened: OpenBreak[] = [];
  return {
    opened,
    async open(drafts) {
      const fresh = drafts.filter(
        ({ draft }) => !opened.some((one) => one.draft.about === draft.about),
      );
      opened.push(...fresh);
      return [] as Break[];
    },
  };
}
