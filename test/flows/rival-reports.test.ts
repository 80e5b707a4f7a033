/** Reports that could be about one transaction: one is, and no other is lost over it. */
import { parseTxId } from '../../src/domain/ids';
import { lindens } from '../../src/domain/money';
import type { Report, ReturnedWord } from '../../src/domain/payments/report';
import { transactionState } from '../../src/domain/payments/payment';
import { HOUR_MS, plusMs, WEEK_SECONDS } from '../../src/domain/time';
import { settlePayments } from '../../src/flows/settle-payments';
import { agent, createEstate, rentalOf, reportOf, START, statementOf } from '../support/estate';
import type { Estate } from '../support/estate';
import { sweepFor } from '../support/sweep-days';

const DAYS = 24;
const NAMED = { ref: parseTxId('tx-1') };
const LATER = plusMs(START, 3 * HOUR_MS);

let estate: Estate;

beforeEach(async () => {
  estate = createEstate();
  await estate.rentals.save([rentalOf(1)]);
});

async function report(one: Report): Promise<void> {
  await estate.reports.intake(one);
  await settlePayments(estate.deps, { reportIds: [one.id] });
}

const state = (...statements: ReturnType<typeof statementOf>[]) =>
  settlePayments(estate.deps, { statements });

const breaks = () => estate.breaks.all().map(({ kind, state: at }) => [kind, at]);
const settledBy = (n: number) =>
  estate.reports.all().find(({ id }) => id === reportOf(n).id)?.settledBy ?? null;

describe.each([
  ['another amount', reportOf(3, { ...NAMED, amount: lindens(600) })],
  ['another time', reportOf(3, { ...NAMED, paidAt: LATER, at: LATER })],
])('a report of %s that names the transaction which another one is paired with', (_, naming) => {
  const deeds = [() => state(statementOf(1)), () => report(reportOf(2)), () => report(naming)];

  it.each([
    [0, 1, 2],
    [1, 0, 2],
    [2, 1, 0],
    [1, 2, 0],
    [0, 2, 1],
    [2, 0, 1],
  ])('takes its place, and the other one goes on being looked up (%d %d %d)', async (...order) => {
    for (const n of order) await deeds[n]!();
    expect(settledBy(3)).toMatchObject({ by: 'link', txId: 'tx-1', basis: 'named' });
    await sweepFor(estate, { hours: 5 * DAYS, looked: 'unknown-there' });
    expect(settledBy(2)).toBeNull();
    expect(breaks()).toContainEqual(['unconfirmed-report', 'open']);
    const [rental] = await estate.rentals.get([rentalOf(1).id]);
    expect(rental?.cache?.pending).toBe(1);
  });
});

describe('a difference between a report and its transaction', () => {
  it.each([
    ['amount-differs', { ...NAMED, amount: lindens(600) }],
    ['reference-differs', { ...NAMED, payer: agent(3) }],
  ])('%s is opened, whichever of the two came first', async (kind, over) => {
    await report(reportOf(1, over));
    await state(statementOf(1));
    expect(breaks()).toEqual([[kind, 'open']]);
  });

  it('goes when the provider corrects what it stated', async () => {
    await report(reportOf(1, { ...NAMED, amount: lindens(600) }));
    await state(statementOf(1, { state: 'queued' }));
    expect(breaks()).toEqual([['amount-differs', 'open']]);
    await state(statementOf(1, { version: 2, amount: lindens(600) }));
    expect(breaks()).toEqual([['amount-differs', 'resolved']]);
  });

  it('that look-ups were used up goes when the payment is drained after all', async () => {
    await report(reportOf(1));
    await sweepFor(estate, { hours: 5 * DAYS, looked: 'unknown-there' });
    expect(breaks()).toEqual([['unconfirmed-report', 'open']]);
    await state(statementOf(1));
    expect(breaks()).toEqual([['unconfirmed-report', 'resolved']]);
    expect(estate.entries.all()).toHaveLength(1);
  });

  it('that look-ups were used up stays while its transaction is uncertain too', async () => {
    await report(reportOf(1));
    await sweepFor(estate, { hours: 5 * DAYS, looked: 'unknown-there' });
    await state(statementOf(1, { state: 'suspended' }));
    await sweepFor(estate, { hours: 5 * DAYS, looked: 'answered' });
    expect(breaks()).toContainEqual(['unconfirmed-report', 'open']);
  });
});

it('leaves alone what was given back, when another report comes near its transaction', async () => {
  const first = reportOf(1, { ...NAMED, amount: lindens(600) });
  await report(first);
  await state(statementOf(1));
  await estate.reports.insertReturned(returnedOf(first));
  await settlePayments(estate.deps, { reportIds: [first.id] });
  const before = estate.entries.all();
  expect(before.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(0);
  await report(reportOf(2));
  await sweepFor(estate, { hours: 2 });
  expect(estate.entries.all()).toEqual(before);
});

const returnedOf = ({ id, boxId }: Report): ReturnedWord => ({
  ...{ id: `${id}:returned` as ReturnedWord['id'], boxId, paymentReport: id },
  ...{ amount: lindens(700), at: START, receivedAt: START },
});

describe('a payment that is linked to another report than the one that was returned', () => {
  /** The payer pays twice alike; the box gives the second back, and reports the first late. */
  async function relinked(as: 'queued' | 'completed') {
    await state(statementOf(1, { paidAt: plusMs(START, 30_000), state: as }));
    const second = reportOf(2, { paidAt: plusMs(START, 40_000) });
    await report(second);
    await estate.reports.insertReturned(returnedOf(second));
    await settlePayments(estate.deps, { reportIds: [second.id] });
    const [before] = await estate.transactions.get([parseTxId('tx-1')]);
    expect([before?.reportId, before?.refundedInFull]).toEqual([second.id, true]);
    const first = reportOf(1, { paidAt: plusMs(START, 30_000) });
    await report(first);
    const [after] = await estate.transactions.get([parseTxId('tx-1')]);
    expect(after?.reportId).toBe(first.id);
    const [rental] = await estate.rentals.get([rentalOf(1).id]);
    return { after: after!, cache: rental!.cache! };
  }

  it('is refunded no more, and is looked up and protects the tenant', async () => {
    const { after, cache } = await relinked('queued');
    expect(transactionState(after)).toBe('in-progress');
    expect(after.nextCheckAt).not.toBeNull();
    expect(cache.pending).toBe(1);
  });

  it('shows as credited where it was paid', async () => {
    const { after, cache } = await relinked('completed');
    expect(transactionState(after)).toBe('credited');
    expect(cache.seconds).toBe(WEEK_SECONDS);
  });
});

describe('a transaction that a box names again and again', () => {
  it('is settled as cheaply as any other, and asked for once', async () => {
    await state(statementOf(1, { state: 'queued' }));
    await report(reportOf(1, NAMED));
    const vain = Array.from({ length: 60 }, (_, n) =>
      reportOf(n + 10, { ...NAMED, payer: agent(9) }),
    );
    for (const one of vain) await report(one);
    expect(breaks().filter(([kind]) => kind === 'reference-differs')).toHaveLength(60);
    const revs = () => estate.reports.all().filter(({ payer }) => payer.key === agent(9).key);
    const before = revs();
    await state(statementOf(1, { version: 2 }));
    expect(revs()).toEqual(before);
    expect(await estate.reports.concerning([parseTxId('tx-1')])).toHaveLength(1);
    expect(estate.entries.all()).toHaveLength(1);
  });
});
