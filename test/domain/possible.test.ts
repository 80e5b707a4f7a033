/** What is possibly paid: every unresolved payment counted as if it were credited, and no more. */
import fc from 'fast-check';
import { lindens, MAX_LINDENS } from '../../src/domain/money';
import { possiblyPaidUntil } from '../../src/domain/ledger/possible';
import { END_OF_32_BIT, plusMs } from '../../src/domain/time';
import { daysAfter, txOf } from '../laws/samples';
import { reportOf, rentalOf, START } from '../support/estate';

const { terms } = rentalOf(1);
const zone = 'America/Los_Angeles';
const possible = (amounts: { txs?: readonly number[]; reports?: readonly number[] }) =>
  possiblyPaidUntil({
    paidUntil: START,
    unresolved: {
      transactions: (amounts.txs ?? []).map((amount, i) =>
        txOf(i, { state: 'queued', amount: lindens(amount) }),
      ),
      reports: (amounts.reports ?? []).map((amount, i) => reportOf(i, { amount: lindens(amount) })),
    },
    ...{ terms, zone },
  });

describe('possibly paid until', () => {
  it('is paid-until when nothing is unresolved', () => {
    expect(possible({})).toBe(START);
  });

  it('adds what each unresolved payment would buy, from either witness', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 10_000 }), { maxLength: 5 });
    fc.assert(
      fc.property(amounts, amounts, (txs, reports) => {
        const s = [...txs, ...reports].reduce(
          (sum, amount) => sum + Math.floor((amount * 604_800) / 700),
          0,
        );
        expect(possible({ txs, reports })).toBe(START + s * 1_000);
      }),
    );
  });

  it('gives doubt no more than it is worth', () => {
    expect(possible({ txs: [1] })).toBe(START + 864_000);
    const dear = [{ ...terms[0]!, price: { amount: lindens(604_800), term: 'week' as const } }];
    const unresolved = { transactions: [], reports: [reportOf(1, { amount: lindens(1) })] };
    const limit = possiblyPaidUntil({ paidUntil: START, unresolved, terms: dear, zone });
    expect(limit).toBe(START + 1_000);
  });

  it('reaches no further than in-world clocks, whatever amounts somebody signs for', () => {
    expect(possible({ reports: [MAX_LINDENS] })).toBe(END_OF_32_BIT);
    expect(possible({ reports: [MAX_LINDENS, MAX_LINDENS], txs: [1] })).toBe(END_OF_32_BIT);
    const beyond = plusMs(END_OF_32_BIT, 1);
    const unresolved = { transactions: [], reports: [reportOf(1)] };
    expect(possiblyPaidUntil({ paidUntil: beyond, unresolved, terms, zone })).toBe(beyond);
  });

  it('counts at the terms that were in force when the L$ were given', () => {
    const doubled = {
      ...terms[0]!,
      from: daysAfter(START, 1),
      price: { amount: lindens(1_400), term: 'week' as const },
    };
    const transactions = [
      txOf(1, { state: 'queued', paidAt: START }),
      txOf(2, { state: 'queued', paidAt: daysAfter(START, 2) }),
    ];
    const unresolved = { transactions, reports: [] };
    const until = possiblyPaidUntil({
      ...{ paidUntil: START, unresolved, zone },
      terms: [...terms, doubled],
    });
    expect(until).toBe(daysAfter(START, 7 + 3.5));
  });

  it('is nothing where there is no paid-until', () => {
    const unresolved = { transactions: [], reports: [] };
    expect(possiblyPaidUntil({ paidUntil: null, unresolved, terms, zone })).toBeNull();
  });
});
