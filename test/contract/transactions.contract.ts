/** What every TransactionStore keeps to, whatever it keeps its rows in. */
import {
  entryId,
  parseRentalId,
  parseTxId,
  parseUnitId,
  reportId,
  type TxId,
} from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import { DAY_MS, plusMs, type Instant } from '../../src/domain/time';
import type { Transaction } from '../../src/domain/payments/transaction';
import type { GroupQuery, TransactionStore } from '../../src/flows/ports/money-ports';
import { agent, reportOf, START, statementOf } from '../support/estate';
import { at, tenancyOne, transactionOf, wholeTransaction } from './money-rows';
import { savingContract } from './saving.contract';

const ids = (rows: readonly Transaction[]): string[] => rows.map((row) => row.txId).sort();
const one = parseRentalId('r_1');

export function transactionStoreContract(create: () => Promise<TransactionStore>): void {
  let store: TransactionStore;
  beforeEach(async () => {
    store = await create();
  });

  savingContract<TxId, Transaction>(create, {
    row: wholeTransaction,
    idOf: (row) => row.txId,
    changed: (row, text) => ({
      ...row,
      steps: [{ code: text, at: START }],
      nextCheckAt: null,
      decision: null,
    }),
  });

  it('keeps a transaction of which next to nothing is known', async () => {
    const bare = transactionOf(1, { rentalId: null, word: { paidAt: null } });
    await store.save([bare]);
    expect(await store.get([bare.txId])).toEqual([{ ...bare, rev: 1 }]);
  });

  describe('looking for transactions like a report', () => {
    const query = (over: Partial<GroupQuery> = {}): GroupQuery => ({
      unitId: parseUnitId('unit-1'),
      payer: agent(1).key,
      amount: 700,
      from: at(-15),
      to: at(15),
      ...over,
    });

    it('finds those of equal unit, payer and amount within the span', async () => {
      await store.save([
        transactionOf(1),
        transactionOf(2, { word: { paidAt: at(-15) } }),
        transactionOf(3, { word: { paidAt: at(15) } }),
        transactionOf(4, { word: { paidAt: plusMs(at(15), 1) } }),
        transactionOf(5, { word: { paidAt: plusMs(at(-15), -1) } }),
        transactionOf(6, { word: { payer: agent(9) } }),
        transactionOf(7, { word: { amount: lindens(70) } }),
        transactionOf(8, { word: { unitId: parseUnitId('unit-10') } }),
      ]);
      expect(ids(await store.inGroups([query()]))).toEqual(['tx-1', 'tx-2', 'tx-3']);
      const others = await store.inGroups([query()], new Set([parseTxId('tx-2')]));
      expect(ids(others).filter((id) => id !== 'tx-2')).toEqual(['tx-1', 'tx-3']);
    });

    it('goes by what was stated last', async () => {
      const first = statementOf(1, { amount: lindens(5), version: 1 });
      const last = statementOf(1, { amount: lindens(6), version: 2 });
      await store.save([transactionOf(1, { statements: [first, last] })]);
      expect(await store.inGroups([query({ amount: 5 })])).toEqual([]);
      expect(ids(await store.inGroups([query({ amount: 6 })]))).toEqual(['tx-1']);
    });

    it('looks for one without a known time in the seven days around its arrival', async () => {
      const arrived = (n: number, firstSeenAt: Instant): Transaction =>
        transactionOf(n, { firstSeenAt, word: { paidAt: null } });
      await store.save([
        arrived(1, plusMs(at(15), 7 * DAY_MS)),
        arrived(2, plusMs(at(-15), -7 * DAY_MS)),
        arrived(3, plusMs(at(15), 7 * DAY_MS + 1)),
        arrived(4, plusMs(at(-15), -7 * DAY_MS - 1)),
      ]);
      expect(ids(await store.inGroups([query()]))).toEqual(['tx-1', 'tx-2']);
    });

    it('answers many groups at once, each row once, short spans and long ones', async () => {
      const rows = Array.from({ length: 40 }, (_, n) =>
        transactionOf(n, {
          word: { amount: lindens(100 + (n % 20)), paidAt: plusMs(START, n * 3 * DAY_MS) },
        }),
      );
      await store.save(rows);
      const year = { from: plusMs(START, -DAY_MS), to: plusMs(START, 500 * DAY_MS) };
      const queries = Array.from({ length: 20 }, (_, n) => query({ amount: 100 + n, ...year }));
      const found = await store.inGroups([...queries, query({ amount: 100 }), query()]);
      expect(ids(found)).toEqual(ids(rows));
      const short = await store.inGroups([query({ amount: 119, from: at(0), to: at(99_999) })]);
      expect(ids(short)).toEqual(['tx-19']);
    });
  });

  describe('asking for transactions', () => {
    it('finds what is unresolved: not credited, taken, contained or decided', async () => {
      const upTo = { streamRank: 1, version: 1 };
      const by = { upTo, author: 'Ann', reason: 'So.', at: at(1) };
      const completed = { word: { state: 'completed' as const } };
      await store.save([
        transactionOf(1, { word: { state: 'queued' } }),
        transactionOf(2, { word: { state: 'failed' } }),
        transactionOf(3, { word: { state: 'unknown', stateWord: 'odd' } }),
        transactionOf(4, completed),
        transactionOf(5, { ...completed, decision: { as: 'assign', ...by } }),
        transactionOf(6, { ...completed, creditedBy: entryId(tenancyOne, 1) }),
        transactionOf(7, { ...completed, takenBy: reportOf(1).id }),
        transactionOf(8, { ...completed, containedIn: entryId(tenancyOne, 1) }),
        transactionOf(9, { word: { state: 'reversed' } }),
        transactionOf(10, { ...completed, decision: { as: 'refunded', ...by } }),
        transactionOf(11, { ...completed, decision: { as: 'dismissed', ...by } }),
        transactionOf(12, { rentalId: parseRentalId('r_2') }),
        transactionOf(13, { rentalId: parseRentalId('r_3') }),
        transactionOf(14, { rentalId: null }),
      ]);
      const found = await store.unresolvedOf([one, parseRentalId('r_2')]);
      expect(ids(found)).toEqual(['tx-1', 'tx-12', 'tx-2', 'tx-3', 'tx-4', 'tx-5']);
    });

    it.each([3, 150])(
      'finds what is open for many rentals at once, %i of them in all',
      async (n) => {
        const opened = Array.from({ length: n }, (_, i) =>
          transactionOf(i + 1, { rentalId: parseRentalId(`r_${i + 1}`) }),
        );
        await store.save(opened);
        const wanted = Array.from({ length: 300 }, (_, i) => parseRentalId(`r_${i + 2}`));
        expect(ids(await store.unresolvedOf(wanted))).toEqual(ids(opened.slice(1)));
        expect(await store.unresolvedOf(wanted.slice(150))).toEqual([]);
      },
    );

    it('forgets that one is unresolved in the very write that settles it', async () => {
      await store.save([transactionOf(1)]);
      const [open] = await store.unresolvedOf([one]);
      await store.save([{ ...open!, creditedBy: entryId(tenancyOne, 1) }]);
      expect(await store.unresolvedOf([one])).toEqual([]);
    });

    it('gives those that are due, the earliest first, as many as are asked for', async () => {
      await store.save([
        transactionOf(1, { nextCheckAt: at(3) }),
        transactionOf(2, { nextCheckAt: at(1) }),
        transactionOf(3, { nextCheckAt: at(2) }),
        transactionOf(4, { nextCheckAt: null }),
        transactionOf(5, { nextCheckAt: at(4) }),
      ]);
      const due = async (limit: number) => (await store.due(at(3), limit)).map((row) => row.txId);
      expect(await due(10)).toEqual(['tx-2', 'tx-3', 'tx-1']);
      expect(await due(2)).toEqual(['tx-2', 'tx-3']);
      const [first] = await store.due(at(1), 1);
      await store.save([{ ...first!, nextCheckAt: null }]);
      expect(await due(1)).toEqual(['tx-3']);
    });

    it('pages through what was kept for a unit that was not ours, until it is', async () => {
      const foreign = (n: number, unit: string): Transaction =>
        transactionOf(n, { rentalId: null, unitId: parseUnitId(unit) });
      await store.save([
        ...[5, 1, 4, 2, 3].map((n) => foreign(n, 'unit-7')),
        foreign(6, 'unit-77'),
        foreign(7, 'unit-'),
        transactionOf(8, { unitId: parseUnitId('unit-7') }),
      ]);
      const unit = parseUnitId('unit-7');
      const page = async (after: TxId | null) =>
        (await store.ofForeignUnit(unit, after, 2)).map((row) => row.txId);
      expect(await page(null)).toEqual(['tx-1', 'tx-2']);
      expect(await page(parseTxId('tx-2'))).toEqual(['tx-3', 'tx-4']);
      expect(await page(parseTxId('tx-4'))).toEqual(['tx-5']);
      expect(await page(parseTxId('tx-5'))).toEqual([]);
      expect(await store.countForeign()).toBe(7);
      const [mine] = await store.get([parseTxId('tx-1')]);
      await store.save([{ ...mine!, rentalId: one }]);
      expect(await page(null)).toEqual(['tx-2', 'tx-3']);
      expect(await store.countForeign()).toBe(6);
    });

    it('gives the latest of a rental, by when the L$ were given', async () => {
      await store.save([
        transactionOf(1, { word: { paidAt: at(1) } }),
        transactionOf(2, { word: { paidAt: at(3) } }),
        transactionOf(3, { word: { paidAt: null, updatedAt: at(2) } }),
        transactionOf(4, { word: { paidAt: at(9) }, rentalId: parseRentalId('r_2') }),
        transactionOf(5, {
          word: { paidAt: at(0) },
          takenBy: reportId(reportOf(1).boxId, reportOf(1).eventId),
        }),
      ]);
      const latest = async (limit: number) =>
        (await store.latestOf(one, limit)).map((row) => row.txId);
      expect(await latest(10)).toEqual(['tx-2', 'tx-3', 'tx-1', 'tx-5']);
      expect(await latest(1)).toEqual(['tx-2']);
    });
  });
}
