/** What every PaymentStore keeps to, whatever it reads its payments from. */
import { RefusedValue } from '../../src/domain/brand';
import { entryId, parseRentalId, parseTxId, parseUnitId, txPaymentId } from '../../src/domain/ids';
import type { Report } from '../../src/domain/payments/report';
import type { RentalStore, ReportStore, TransactionStore } from '../../src/flows/ports/money-ports';
import type {
  PaymentQuery,
  PaymentRef,
  PaymentStore,
  ReferenceStore,
} from '../../src/flows/ports/upkeep-ports';
import { agent, rentalOf, reportOf } from '../support/estate';
import { at, tenancyOne, transactionOf } from './money-rows';
import { shuffled, walk } from './walk';

export interface PaymentStoreSubject {
  readonly payments: PaymentStore;
  readonly transactions: TransactionStore;
  readonly reports: ReportStore;
  readonly rentals: RentalStore;
  readonly references: ReferenceStore;
}

const linkTo = (n: number): Pick<Report, 'settledBy'> => ({
  settledBy: { by: 'link', txId: parseTxId(`tx-${n}`), basis: 'paired' },
});
const creditedBy = entryId(tenancyOne, 1);
const all: PaymentQuery = {
  limit: 50,
  cursor: null,
  state: null,
  rentalId: null,
  payer: null,
  text: null,
  regions: [],
};

export function paymentStoreContract(create: () => Promise<PaymentStoreSubject>): void {
  let subject: PaymentStoreSubject;
  beforeEach(async () => {
    subject = await create();
  });
  /** `tx-1`, or `#1` for report 1. */
  const short = (ref: PaymentRef): string =>
    ref.kind === 'transaction' ? ref.txId : `#${Number(ref.id.slice(-12))}`;
  const found = async (query: Partial<PaymentQuery> = {}): Promise<string[]> =>
    (await subject.payments.list({ ...all, ...query })).rows.map(short);
  const takeIn = async (...reports: readonly Report[]): Promise<void> => {
    for (const report of reports) await subject.reports.intake(report);
  };
  const paid = (n: number, minute: number, over: Parameters<typeof transactionOf>[1] = {}) =>
    transactionOf(n, { ...over, word: { paidAt: at(minute), ...over.word } });

  describe('a list of payments', () => {
    it('lists transactions and reports that are not linked, the latest paid first', async () => {
      await subject.transactions.save([paid(1, 1), paid(2, 4), paid(3, 2)]);
      await takeIn(
        reportOf(1, { paidAt: at(3) }),
        reportOf(2, { paidAt: at(4), ...linkTo(2) }),
        reportOf(3, { paidAt: at(5), settledBy: { by: 'self' } }),
      );
      expect(await found()).toEqual(['#3', 'tx-2', '#1', 'tx-3', 'tx-1']);
    });

    it('lists a payment that was settled by hand once, by its report', async () => {
      await subject.transactions.save([paid(1, 1, { takenBy: reportOf(1).id })]);
      const settledBy = { by: 'hand', type: 'manual', reference: 'ref-1' } as const;
      await takeIn(reportOf(1, { paidAt: at(2), takes: parseTxId('tx-1'), settledBy }));
      expect(await found()).toEqual(['#1']);
      expect(await found({ text: 'tx-1' })).toEqual(['#1']);
    });

    it('gives every payment once, page by page, also of one instant', async () => {
      await subject.transactions.save(shuffled(40).map((n) => paid(n, Math.floor(n / 9))));
      await takeIn(...shuffled(30).map((n) => reportOf(n, { paidAt: at(Math.floor(n / 7)) })));
      for (const limit of [1, 7, 69, 70, 200]) {
        const rows = await walk((page) => subject.payments.list({ ...all, ...page }), limit);
        expect(new Set(rows.map(short)).size).toBe(70);
        expect(rows).toHaveLength(70);
      }
    });

    it('does not lose its place when newer payments arrive', async () => {
      await subject.transactions.save([1, 2, 3, 4].map((n) => paid(n, n)));
      const first = await subject.payments.list({ ...all, limit: 2 });
      await subject.transactions.save([paid(9, 9)]);
      await takeIn(reportOf(1, { paidAt: at(8) }));
      expect(first.rows.map(short)).toEqual(['tx-4', 'tx-3']);
      expect(await found({ cursor: first.next })).toEqual(['tx-2', 'tx-1']);
    });

    it.each(['', 'x', 'bm9uZQ', Buffer.from('["a","b","c"]').toString('base64url')])(
      'refuses the cursor %j, which no list gave',
      async (cursor) => {
        await expect(found({ cursor })).rejects.toThrow(RefusedValue);
      },
    );

    it('keeps to a rental and to a payer', async () => {
      const other = parseRentalId('r_2');
      await subject.transactions.save([
        paid(1, 1),
        paid(2, 2, { rentalId: other }),
        paid(3, 3, { word: { payer: agent(5) } }),
        paid(4, 4, { rentalId: null }),
      ]);
      await takeIn(
        reportOf(1, { paidAt: at(5), payer: agent(5) }),
        reportOf(2, { paidAt: at(6), rentalId: other }),
      );
      expect(await found({ rentalId: other })).toEqual(['#2', 'tx-2']);
      expect(await found({ payer: agent(5).key })).toEqual(['#1', 'tx-3']);
      expect(await found({ payer: agent(5).key.toUpperCase() })).toEqual(['#1', 'tx-3']);
      expect(await found({ payer: agent(5).key, rentalId: other })).toEqual([]);
      expect(await found({ payer: 'nobody' })).toEqual([]);
    });

    it('keeps to a state, for every state that a payment can be in', async () => {
      await subject.transactions.save([
        paid(1, 1, { word: { state: 'queued' } }),
        paid(2, 2, { word: { state: 'suspended' } }),
        paid(3, 3, { word: { state: 'failed' } }),
        paid(4, 4, { word: { state: 'unknown', stateWord: 'odd' } }),
        paid(5, 5),
        paid(6, 6, { creditedBy }),
        paid(7, 7, { word: { state: 'reversed' } }),
        paid(8, 8, { refundedInFull: true }),
        paid(9, 9, { rentalId: null, word: { state: 'processing' } }),
      ]);
      await takeIn(
        reportOf(1, { paidAt: at(11) }),
        reportOf(2, { paidAt: at(12), unknownUpstream: true }),
        reportOf(3, { paidAt: at(13), settledBy: { by: 'dismissed' } }),
        reportOf(4, { paidAt: at(14), settledBy: { by: 'self' } }),
        reportOf(5, { paidAt: at(15), settledBy: { by: 'self' }, creditedBy }),
        reportOf(6, { paidAt: at(16), settledBy: { by: 'refunded' } }),
        reportOf(7, { paidAt: at(17), ...linkTo(1) }),
      );
      const expected: Record<string, string[]> = {
        reported: ['#1'],
        'in-progress': ['tx-9', 'tx-1'],
        suspended: ['tx-2'],
        failed: ['tx-3'],
        unknown: ['#2', 'tx-4'],
        confirmed: ['#4', 'tx-5'],
        credited: ['#5', 'tx-6'],
        reversed: ['tx-7'],
        refunded: ['#6', 'tx-8'],
        dismissed: ['#3'],
        nonsense: [],
      };
      for (const [state, ids] of Object.entries(expected)) {
        expect([state, await found({ state })]).toEqual([state, ids]);
      }
    });

    it('finds a payment by event id or transaction id, whole', async () => {
      await subject.transactions.save([paid(1, 1), paid(2, 2)]);
      await takeIn(
        reportOf(1, { paidAt: at(1), ...linkTo(1) }),
        reportOf(2, { paidAt: at(3), ref: parseTxId('tx-77') }),
        reportOf(3, { paidAt: at(4) }),
      );
      expect(await found({ text: 'tx-2' })).toEqual(['tx-2']);
      expect(await found({ text: 'tx-' })).toEqual([]);
      expect(await found({ text: reportOf(1).eventId })).toEqual(['tx-1']);
      expect(await found({ text: reportOf(2).eventId.toUpperCase() })).toEqual(['#2']);
      expect(await found({ text: 'tx-77' })).toEqual(['#2']);
    });

    it('finds a payment by an outside reference that it claimed, whole', async () => {
      await subject.transactions.save([
        ...[paid(1, 1), paid(2, 2), paid(3, 3)],
        paid(4, 4, { takenBy: reportOf(5).id }),
      ]);
      await takeIn(
        reportOf(1, { paidAt: at(1), ...linkTo(1) }),
        reportOf(2, { paidAt: at(6), settledBy: { by: 'refunded' } }),
        reportOf(3, { paidAt: at(7), settledBy: { by: 'self' } }),
        reportOf(5, { paidAt: at(5), takes: parseTxId('tx-4'), settledBy: { by: 'refunded' } }),
      );
      const claim = subject.references.claim;
      await claim('manual', '$Ref 7', reportOf(2).id);
      await claim('bank', '$Ref 7', txPaymentId(parseTxId('tx-2')));
      await claim('manual', 'linked since', reportOf(1).id);
      await claim('manual', 'taken since', txPaymentId(parseTxId('tx-4')));
      expect(await found({ text: '$Ref 7' })).toEqual(['#2', 'tx-2']);
      expect(await found({ text: 'bank:$Ref 7' })).toEqual(['tx-2']);
      expect(await found({ text: '$Ref 7', state: 'refunded' })).toEqual(['#2']);
      expect(await found({ text: 'linked since' })).toEqual(['tx-1']);
      expect(await found({ text: 'taken since' })).toEqual(['#5']);
      expect(await found({ text: '$Ref' })).toEqual([]);
    });

    it('shows a key that is limited to regions the payments there, and no others', async () => {
      const regions = ['Ahern', 'Bay', 'Morris'];
      await subject.rentals.save([0, 1, 2].map((n) => rentalOf(n, { region: regions[n]! })));
      const of = (n: number) => parseRentalId(`r_${n}`);
      await subject.transactions.save([
        ...shuffled(12).map((n) => paid(n, n, { rentalId: of(n % 3) })),
        paid(50, 50, { rentalId: null, unitId: parseUnitId('unit-9') }),
        paid(51, 51, { rentalId: parseRentalId('r_gone') }),
      ]);
      await takeIn(reportOf(1, { paidAt: at(20), rentalId: of(1) }));
      expect(await found({ regions: ['Bay'] })).toEqual(['#1', 'tx-10', 'tx-7', 'tx-4', 'tx-1']);
      const two = { ...all, regions: ['Ahern', 'Morris'] };
      const rows = await walk((page) => subject.payments.list({ ...two, ...page }), 3);
      expect(rows).toHaveLength(8);
      expect(await found({ regions: ['Nowhere'] })).toEqual([]);
      expect(await found({ regions: ['Bay'], rentalId: of(0) })).toEqual([]);
    });
  });

  describe('the sums over payments', () => {
    it('counts what is unresolved for rentals of ours, and since when', async () => {
      const { payments } = subject;
      const none = { unresolved: 0, oldestUnresolvedAt: null };
      expect(await payments.summary()).toMatchObject(none);
      await subject.transactions.save([
        paid(1, 5),
        paid(2, 1, { creditedBy }),
        paid(3, 2, { rentalId: null }),
      ]);
      await takeIn(reportOf(1, { paidAt: at(4) }), reportOf(2, { paidAt: at(3), ...linkTo(1) }));
      expect(await payments.summary()).toMatchObject({ unresolved: 2, oldestUnresolvedAt: at(4) });
    });

    it('counts payments by state, those of units that are none of ours too', async () => {
      await subject.transactions.save([
        paid(1, 5),
        paid(2, 1, { creditedBy }),
        paid(3, 2, { rentalId: null }),
        paid(4, 2, { word: { state: 'failed' } }),
        paid(5, 2, { word: { state: 'queued' } }),
        paid(6, 2, { refundedInFull: true }),
      ]);
      await takeIn(
        ...[reportOf(1), reportOf(2, linkTo(1)), reportOf(3, { unknownUpstream: true })],
        reportOf(4, { settledBy: { by: 'self' }, creditedBy }),
      );
      const { byState } = await subject.payments.summary();
      expect(byState).toEqual({
        ...{ confirmed: 2, credited: 2, failed: 1, 'in-progress': 1, refunded: 1 },
        ...{ reported: 1, unknown: 1 },
      });
    });
  });
}
