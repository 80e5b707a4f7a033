/** The demo's judge must be able to find its service guilty. */
import { isPaidAt, isRight, judgePayments, showsOverdue } from '../../scripts/demo/judge';
import { instant } from '../../src/domain/time';

const NOW = instant(Date.UTC(2026, 1, 19, 12));
const entry = (seq: number, of: { paymentId?: string; reverses?: string; seconds?: number }) => ({
  id: `r_1:1:${seq}`,
  kind: of.reverses === undefined ? 'paid' : 'reversal',
  seconds: of.seconds ?? 100,
  paymentId: of.paymentId ?? null,
  reverses: of.reverses ?? null,
});
const real = (txId: string) => ({ txId, seconds: 100 });
const listed = (txId: string | null) => ({ txId, eventId: null, state: 'credited' });

describe('the judge of payments', () => {
  it('finds each payment credited once where the ledger holds one entry for each', () => {
    const ledger = [entry(1, { paymentId: 'tx:a' }), entry(2, { paymentId: 'tx:b' })];
    const judged = judgePayments([real('a'), real('b')], ledger, [listed('a'), listed('b')]);
    expect(judged).toEqual({
      ...{ made: 2, creditedOnce: 2, creditedTwice: 0, lost: 0, wrongTime: 0, invented: 0 },
    });
  });

  it('sees a payment that was credited twice, and one that was lost', () => {
    const ledger = [entry(1, { paymentId: 'tx:a' }), entry(2, { paymentId: 'tx:a' })];
    const judged = judgePayments([real('a'), real('b')], ledger, []);
    expect(judged).toMatchObject({ creditedOnce: 0, creditedTwice: 1, lost: 1 });
  });

  it('counts a credit that was taken back for nothing', () => {
    const ledger = [entry(1, { paymentId: 'tx:a' }), entry(2, { reverses: 'r_1:1:1' })];
    expect(judgePayments([real('a')], ledger, [])).toMatchObject({ creditedOnce: 0, lost: 1 });
  });

  it('sees a credit of other time than the money bought', () => {
    const ledger = [entry(1, { paymentId: 'tx:a', seconds: 99 })];
    expect(judgePayments([real('a')], ledger, [])).toMatchObject({ creditedOnce: 1, wrongTime: 1 });
  });

  it('sees a report that the service takes for a payment of its own', () => {
    const ledger = [entry(1, { paymentId: 'tx:a' })];
    const judged = judgePayments([real('a')], ledger, [listed('a'), listed(null)]);
    expect(judged.invented).toBe(1);
  });
});

describe('the judge of standings', () => {
  it.each([
    { claim: { status: 'overdue', rentedUntil: instant(NOW + 1) }, overdue: true },
    { claim: { status: 'rented', rentedUntil: null }, overdue: true },
    { claim: { status: 'rented', rentedUntil: NOW }, overdue: true },
    { claim: { status: 'rented', rentedUntil: instant(NOW + 1) }, overdue: false },
  ] as const)('takes $claim at the provider for overdue: $overdue', ({ claim, overdue }) => {
    expect(showsOverdue(claim, NOW)).toBe(overdue);
  });

  it('calls a rental paid until its last paid instant, and never without a payment', () => {
    expect(isPaidAt(NOW, NOW - 1)).toBe(true);
    expect(isPaidAt(NOW, NOW)).toBe(false);
    expect(isPaidAt(null, NOW)).toBe(false);
  });

  it('lets a second pass between two paid-untils, and no more', () => {
    expect(isRight(NOW + 1_000, NOW)).toBe(true);
    expect(isRight(NOW + 1_001, NOW)).toBe(false);
    expect(isRight(null, NOW)).toBe(false);
    expect(isRight(null, null)).toBe(true);
  });
});
