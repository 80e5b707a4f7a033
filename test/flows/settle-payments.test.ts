/** What becomes of a payment: credited once, in any order, with its report linked. */
import { parseRentalId, parseTxId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import { HOUR_MS, plusMs, plusSeconds, WEEK_SECONDS } from '../../src/domain/time';
import type { Report } from '../../src/domain/payments/report';
import type { Statement } from '../../src/domain/payments/transaction';
import { settlePayments } from '../../src/flows/settle-payments';
import { agent, createEstate, rentalOf, reportOf, START, statementOf } from '../support/estate';

async function estateWithOneRental() {
  const estate = createEstate();
  await estate.rentals.save([rentalOf(1)]);
  const settle = (...statements: Statement[]) => settlePayments(estate.deps, { statements });
  const report = async (one: Report) => {
    await estate.reports.intake(one);
    await settlePayments(estate.deps, { reportIds: [one.id] });
  };
  const rental = async () => (await estate.rentals.one(parseRentalId('r_1')))!;
  return { ...estate, settle, report, rental };
}

describe('settling a payment', () => {
  it('credits a completed payment once, however often the provider says so', async () => {
    const estate = await estateWithOneRental();
    await estate.settle(statementOf(1));
    await estate.settle(statementOf(1));
    await estate.settle(statementOf(1, { version: 2 }));
    expect(estate.entries.all().map((entry) => [entry.kind, entry.seconds, entry.seq])).toEqual([
      ['paid', WEEK_SECONDS, 1],
    ]);
    const rental = await estate.rental();
    expect(rental.tenancy?.tenant).toEqual(agent(1));
    expect(rental.cache?.paidUntil).toBe(plusSeconds(START, WEEK_SECONDS));
    expect(rental.cache?.pending).toBe(0);
    const [tx] = estate.transactions.all();
    expect(tx?.nextCheckAt).toBeNull();
    expect(tx?.creditedBy).toBe('r_1:1:1');
  });

  it('credits nothing while the payment is queued, and counts it as possibly paid', async () => {
    const estate = await estateWithOneRental();
    await estate.settle(statementOf(1));
    await estate.settle(statementOf(2, { state: 'queued', paidAt: plusMs(START, HOUR_MS) }));
    expect(estate.entries.all()).toHaveLength(1);
    const { cache } = await estate.rental();
    expect(cache?.pending).toBe(1);
    expect(cache?.possiblyPaidUntil).toBe(plusSeconds(START, 2 * WEEK_SECONDS));
  });

  it('links a late report to a payment that was credited before', async () => {
    const estate = await estateWithOneRental();
    await estate.settle(statementOf(1));
    await estate.report(reportOf(1, { paidAt: plusMs(START, 4_000) }));
    expect(estate.reports.all()[0]?.settledBy).toEqual({
      by: 'link',
      txId: parseTxId('tx-1'),
      basis: 'paired',
    });
    expect(estate.transactions.all()[0]?.reportId).toBe(reportOf(1).id);
    expect(estate.entries.all()).toHaveLength(1);
    expect((await estate.rental()).cache?.pending).toBe(0);
  });

  it('takes a credit back when the provider reverses it, and gives it again', async () => {
    const estate = await estateWithOneRental();
    await estate.settle(statementOf(1));
    await estate.settle(statementOf(1, { version: 2, state: 'reversed' }));
    expect((await estate.rental()).cache?.paidUntil).toBeNull();
    await estate.settle(statementOf(1, { version: 3 }));
    expect((await estate.rental()).cache?.paidUntil).toBe(plusSeconds(START, WEEK_SECONDS));
    expect(estate.entries.all().map((entry) => entry.kind)).toEqual([
      'paid',
      'reversal',
      'reversal',
    ]);
  });

  it(
    'keeps the credit and opens a break when a completed payment is said to have ' + 'failed',
    async () => {
      const estate = await estateWithOneRental();
      await estate.settle(statementOf(1));
      await estate.settle(statementOf(1, { version: 2, state: 'failed' }));
      expect(estate.entries.all()).toHaveLength(1);
      expect(estate.breaks.all().map((one) => [one.kind, one.state])).toEqual([
        ['failed-after-paid', 'open'],
      ]);
      await estate.settle(statementOf(1, { version: 3 }));
      expect(estate.breaks.all()[0]?.state).toBe('resolved');
    },
  );

  it(
    'credits the rest of a payment of which the box gave a part back, in either ' + 'order',
    async () => {
      const estate = await estateWithOneRental();
      const word = {
        id: `${reportOf(1).id}:returned` as Report['id'],
        paymentReport: reportOf(1).id,
        boxId: reportOf(1).boxId,
        amount: lindens(350),
        at: START,
        receivedAt: START,
      };
      await estate.report(reportOf(1));
      await estate.settle(statementOf(1));
      await estate.reports.insertReturned(word);
      await settlePayments(estate.deps, { reportIds: [reportOf(1).id] });
      expect((await estate.rental()).cache?.paidUntil).toBe(plusSeconds(START, WEEK_SECONDS / 2));
    },
  );

  it.each([11, 30])('begins a new tenancy when a new tenant pays %d days later', async (days) => {
    const estate = await estateWithOneRental();
    // Paid for 7 days, with 3 of grace: from day 10 on the parcel can be let anew.
    await estate.settle(statementOf(1));
    const later = plusMs(START, days * 24 * HOUR_MS);
    await estate.clock.advance(later - START);
    const newcomer = { payer: agent(2), tenant: agent(2), paidAt: later, updatedAt: later };
    await estate.settle(statementOf(2, newcomer));
    const rental = await estate.rental();
    expect(rental.tenancy?.tenant).toEqual(agent(2));
    expect(rental.cache?.paidUntil).toBe(plusSeconds(later, WEEK_SECONDS));
    expect(estate.tenancies.all().map((one) => [one.n, one.endedAt])).toEqual([
      [1, later],
      [2, null],
    ]);
  });

  it('does not end a tenancy for a payment that is dated ahead of our clock', async () => {
    const estate = await estateWithOneRental();
    await estate.settle(statementOf(1));
    const paidAt = plusMs(START, 30 * 24 * HOUR_MS);
    await estate.settle(statementOf(2, { payer: agent(2), tenant: agent(2), paidAt }));
    expect((await estate.rental()).tenancy?.tenant).toEqual(agent(1));
    expect(estate.breaks.all().map((one) => one.kind)).toEqual(['tenant-differs']);
  });

  it('credits nobody while another tenant is named and the tenancy has not run out', async () => {
    const estate = await estateWithOneRental();
    await estate.settle(statementOf(1));
    const paidAt = plusMs(START, HOUR_MS);
    await estate.settle(statementOf(2, { payer: agent(2), tenant: agent(2), paidAt }));
    expect(estate.entries.all()).toHaveLength(1);
    expect(estate.breaks.all().map((one) => one.kind)).toEqual(['tenant-differs']);
  });

  it('gives the bonus that the provider credited, and takes it back with the payment', async () => {
    const estate = await estateWithOneRental();
    const generous = { creditedSeconds: (WEEK_SECONDS + 3600) as Statement['creditedSeconds'] };
    await estate.settle(statementOf(1, generous));
    expect((await estate.rental()).cache?.seconds).toBe(WEEK_SECONDS + 3600);
    await estate.settle(statementOf(1, { version: 2, state: 'reversed' }));
    expect((await estate.rental()).cache?.seconds).toBe(0);
    await estate.settle(statementOf(1, { version: 3, ...generous }));
    expect((await estate.rental()).cache?.seconds).toBe(WEEK_SECONDS + 3600);
  });

  it('lets a bonus beyond 2038 wait for a person, and credits what was paid', async () => {
    const estate = await estateWithOneRental();
    const absurd = Number.MAX_SAFE_INTEGER as NonNullable<Statement['creditedSeconds']>;
    await estate.settle(statementOf(1, { creditedSeconds: absurd }));
    expect((await estate.rental()).cache?.paidUntil).toBe(plusSeconds(START, WEEK_SECONDS));
    expect(estate.breaks.all().map((one) => one.kind)).toEqual(['beyond-2038']);
  });
});
