/** What every ReportStore keeps to, whatever it keeps its rows in. */
import {
  entryId,
  parseBoxId,
  parseRentalId,
  parseTxId,
  parseUnitId,
  returnedId,
  type ReportId,
} from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import type { Report, ReturnedWord, SettledBy } from '../../src/domain/payments/report';
import { plusMs } from '../../src/domain/time';
import type { GroupQuery, ReportStore } from '../../src/flows/ports/money-ports';
import { agent, reportOf, START } from '../support/estate';
import { at, tenancyOne, wholeReport } from './money-rows';
import { savingContract } from './saving.contract';
import { shuffled } from './walk';

const ids = (rows: readonly { readonly id: ReportId }[]): string[] =>
  rows.map(({ id }) => id).sort();
const idsOf = (...numbers: readonly number[]): string[] => ids(numbers.map((n) => reportOf(n)));
const one = parseRentalId('r_1');
const tx = (n: number) => parseTxId(`tx-${n}`);
const linkTo = (n: number): SettledBy => ({ by: 'link', txId: tx(n), basis: 'paired' });
const byHand: SettledBy = { by: 'hand', type: 'manual', reference: 'ref-1' };

export function reportStoreContract(create: () => Promise<ReportStore>): void {
  let store: ReportStore;
  beforeEach(async () => {
    store = await create();
  });
  const takeIn = async (...reports: readonly Report[]): Promise<void> => {
    for (const report of reports) expect(await store.intake(report)).toEqual({ kind: 'stored' });
  };

  describe('saving', () => {
    savingContract<ReportId, Report>(create, {
      row: (n) => wholeReport(n, { rev: 0 }),
      idOf: (row) => row.id,
      changed: (row, text) => ({
        ...row,
        steps: [{ code: text, at: START }],
        settledBy: null,
        takes: null,
        ref: null,
        nextCheckAt: null,
        decision: null,
      }),
    });
  });

  describe('taking a report in', () => {
    it('keeps it whole, at revision 1, whatever the caller says', async () => {
      await takeIn(wholeReport(1), reportOf(2, { rev: 0, unitId: null, nextCheckAt: null }));
      expect(await store.get([reportOf(1).id])).toEqual([{ ...wholeReport(1), rev: 1 }]);
      const [bare] = await store.get([reportOf(2).id]);
      expect(bare).toEqual(reportOf(2, { rev: 1, unitId: null, nextCheckAt: null }));
    });

    it('answers what is kept where the id is taken, and changes nothing', async () => {
      await takeIn(reportOf(1));
      const rival = reportOf(1);
      const other = reportOf(1, { amount: lindens(5) });
      expect(await store.intake(other)).toEqual({ kind: 'exists', rival });
      expect(await store.get([rival.id])).toEqual([rival]);
    });

    it('stores one of many that come at once under one id; the others find it', async () => {
      const amounts = shuffled(50).map((n) => lindens(n + 1));
      const answers = await Promise.all(
        amounts.map((amount) => store.intake(reportOf(1, { amount }))),
      );
      const stored = answers.flatMap(({ kind }, i) => (kind === 'stored' ? [amounts[i]] : []));
      expect(stored).toHaveLength(1);
      const [kept] = await store.get([reportOf(1).id]);
      expect(kept?.amount).toBe(stored[0]);
      for (const answer of answers) {
        if (answer.kind === 'exists') expect(answer.rival).toEqual(kept);
      }
    });

    it('stores hundreds that come at once, each for itself, with repeats among them', async () => {
      const numbers = shuffled(350);
      const answers = await Promise.all(
        [...numbers, ...numbers.slice(0, 50)].map((n) => store.intake(reportOf(n))),
      );
      const kinds = answers.map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'stored')).toHaveLength(350);
      expect(kinds.filter((kind) => kind === 'exists')).toHaveLength(50);
      expect(ids(await store.get(numbers.map((n) => reportOf(n).id)))).toEqual(idsOf(...numbers));
    });
  });

  describe('looking for reports like a transaction', () => {
    const query = (over: Partial<GroupQuery> = {}): GroupQuery => ({
      unitId: parseUnitId('unit-1'),
      payer: agent(1).key,
      amount: 700,
      from: at(-15),
      to: at(15),
      ...over,
    });

    it('finds those of equal unit, payer and amount within the span, settled or not', async () => {
      await takeIn(
        reportOf(1),
        reportOf(2, { paidAt: at(-15), settledBy: linkTo(1) }),
        reportOf(3, { paidAt: at(15), settledBy: byHand }),
        reportOf(4, { paidAt: plusMs(at(15), 1) }),
        reportOf(5, { payer: agent(2) }),
        reportOf(6, { amount: lindens(70) }),
        reportOf(7, { unitId: parseUnitId('unit-10') }),
        reportOf(8, { unitId: null }),
      );
      expect(ids(await store.inGroups([query()]))).toEqual(idsOf(1, 2, 3));
      const two = [query(), query({ amount: 70 }), query({ from: at(-1), to: at(1) })];
      expect(ids(await store.inGroups(two))).toEqual(idsOf(1, 2, 3, 6));
    });
  });

  describe('asking for reports', () => {
    it('finds the reports that name, are linked to or have taken a transaction', async () => {
      await takeIn(
        reportOf(1, { ref: tx(1) }),
        reportOf(2, { settledBy: linkTo(1) }),
        reportOf(3, { settledBy: byHand, takes: tx(1) }),
        reportOf(4, { ref: tx(1), settledBy: linkTo(2) }),
        reportOf(5, { ref: tx(3) }),
        reportOf(6),
      );
      expect(ids(await store.concerning([tx(1)]))).toEqual(idsOf(1, 2, 3, 4));
      expect(ids(await store.concerning([tx(2), tx(3), tx(9)]))).toEqual(idsOf(4, 5));
      const [known] = await store.concerning([tx(3)]);
      const others = await store.concerning([tx(2), tx(3)], new Set([known!.id]));
      expect(ids(others.filter(({ id }) => id !== known!.id))).toEqual(idsOf(4));
    });

    it('is not found under what it named in vain, but where it ended up', async () => {
      const breaks = ['reference-differs'] as const;
      await takeIn(
        reportOf(1, { ref: tx(1), breaks }),
        reportOf(2, { ref: tx(1), breaks, settledBy: linkTo(2) }),
        reportOf(3, { ref: tx(1), breaks: ['amount-differs'] }),
      );
      expect(ids(await store.concerning([tx(1)]))).toEqual(idsOf(3));
      expect(ids(await store.concerning([tx(2)]))).toEqual(idsOf(2));
      const [again] = await store.get([reportOf(1).id]);
      await store.save([{ ...again!, breaks: [] }]);
      expect(ids(await store.concerning([tx(1)]))).toEqual(idsOf(1, 3));
    });

    it('finds what is unresolved of rentals: not settled, or confirmed, not credited', async () => {
      const creditedBy = entryId(tenancyOne, 1);
      await takeIn(
        reportOf(1),
        reportOf(2, { unknownUpstream: true }),
        reportOf(3, { settledBy: byHand }),
        reportOf(4, { settledBy: { by: 'self' } }),
        reportOf(5, { settledBy: { by: 'self' }, creditedBy }),
        reportOf(6, { settledBy: linkTo(1) }),
        reportOf(7, { settledBy: { by: 'refunded' } }),
        reportOf(8, { settledBy: { by: 'dismissed' } }),
        reportOf(9, { rentalId: parseRentalId('r_2') }),
        reportOf(10, { rentalId: parseRentalId('r_3') }),
        reportOf(11, { refundedInFull: true }),
      );
      const found = await store.unresolvedOf([one, parseRentalId('r_2')]);
      expect(ids(found)).toEqual(idsOf(1, 2, 3, 4, 9));
    });

    it.each([3, 150])(
      'finds what is open for many rentals at once, %i of them in all',
      async (n) => {
        const opened = Array.from({ length: n }, (_, i) =>
          reportOf(i + 1, { rentalId: parseRentalId(`r_${i + 1}`) }),
        );
        await takeIn(...opened);
        const wanted = Array.from({ length: 300 }, (_, i) => parseRentalId(`r_${i + 2}`));
        expect(ids(await store.unresolvedOf(wanted))).toEqual(ids(opened.slice(1)));
        expect(await store.unresolvedOf(wanted.slice(150))).toEqual([]);
      },
    );

    it('gives those that are due, the earliest first, as many as are asked for', async () => {
      await takeIn(
        reportOf(1, { nextCheckAt: at(3) }),
        reportOf(2, { nextCheckAt: at(1) }),
        reportOf(3, { nextCheckAt: at(2) }),
        reportOf(4, { nextCheckAt: null }),
        reportOf(5, { nextCheckAt: at(4) }),
      );
      const due = async (limit: number) => (await store.due(at(3), limit)).map(({ id }) => id);
      expect(await due(10)).toEqual([2, 3, 1].map((n) => reportOf(n).id));
      expect(await due(2)).toEqual([2, 3].map((n) => reportOf(n).id));
    });

    it('finds an event id in whichever boxes used it', async () => {
      await takeIn(reportOf(1), reportOf(1, { boxId: parseBoxId('box_2') }), reportOf(2));
      expect(await store.byEvent(reportOf(1).eventId)).toHaveLength(2);
      expect(await store.byEvent('no-such-event')).toEqual([]);
    });

    it('gives the latest of a rental that are not linked, by when the L$ were given', async () => {
      await takeIn(
        reportOf(1, { paidAt: at(1) }),
        reportOf(2, { paidAt: at(3), settledBy: byHand }),
        reportOf(3, { paidAt: at(2), settledBy: linkTo(1) }),
        reportOf(4, { paidAt: at(4), rentalId: parseRentalId('r_2') }),
      );
      expect((await store.latestOf(one, 5)).map(({ id }) => id)).toEqual(
        [2, 1].map((n) => reportOf(n).id),
      );
      expect(await store.latestOf(one, 1)).toHaveLength(1);
      const [linked] = await store.get([reportOf(3).id]);
      await store.save([{ ...linked!, settledBy: null }]);
      expect(await store.latestOf(one, 5)).toHaveLength(3);
    });
  });

  describe('words about L$ that were given back', () => {
    const word = (n: number, amount = 700): ReturnedWord => ({
      id: returnedId(reportOf(n).id),
      paymentReport: reportOf(n).id,
      boxId: reportOf(n).boxId,
      amount: lindens(amount),
      at: at(5),
      receivedAt: at(6),
    });

    it('are kept once, and found by their payments, which need not be known', async () => {
      await takeIn(reportOf(1));
      expect(await store.insertReturned(word(1))).toBe('stored');
      expect(await store.insertReturned(word(2))).toBe('stored');
      expect(await store.insertReturned(word(1, 5))).toEqual({ rival: word(1) });
      const asked = [1, 2, 3].map((n) => reportOf(n).id);
      const found = await store.returnedFor(asked);
      expect(found.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([word(1), word(2)]);
    });

    it('are no reports of payments', async () => {
      await takeIn(reportOf(1));
      await store.insertReturned(word(1));
      expect(await store.get([reportOf(1).id, word(1).id])).toEqual([reportOf(1)]);
      expect(await store.due(at(9), 10)).toEqual([reportOf(1)]);
      expect(await store.byEvent(reportOf(1).eventId)).toEqual([reportOf(1)]);
    });
  });
}
