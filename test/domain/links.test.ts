/** Links are redrawn from what is known: named first, then first with first, within 15 minutes. */
import fc from 'fast-check';
import { parseTxId, parseUnitId } from '../../src/domain/ids';
import { drawLinks } from '../../src/domain/payments/links';
import { lindens } from '../../src/domain/money';
import type { Report } from '../../src/domain/payments/report';
import { plusSeconds } from '../../src/domain/time';
import type { Transaction } from '../../src/domain/payments/transaction';
import { daysAfter, transactionOf, txOf } from '../laws/samples';
import { agent, reportOf, START, statementOf } from '../support/estate';

const windowS = 900;
const draw = (reports: readonly Report[], transactions: readonly Transaction[]) =>
  drawLinks({ reports, transactions, windowS });
const reportAt = (n: number, s: number, over: Partial<Report> = {}): Report => {
  const paidAt = plusSeconds(START, s);
  return reportOf(n, { at: paidAt, paidAt, receivedAt: paidAt, ...over });
};
const txAt = (n: number, s: number): Transaction => {
  const paidAt = plusSeconds(START, s);
  return txOf(n, { paidAt, updatedAt: paidAt });
};
const links = (reports: readonly Report[], transactions: readonly Transaction[]) =>
  [...draw(reports, transactions).links].map(([id, { txId }]) => `${id.slice(-1)}-${txId}`).sort();

/** Different seconds, so that the order of time is one. */
const someTimes = (max: number) =>
  fc.uniqueArray(fc.integer({ min: 0, max: 7_200 }), { maxLength: max });

/** First with first in order of time; whoever has no partner within the window is passed over. */
function firstWithFirst(reports: readonly number[], txs: readonly number[]): [number, number][] {
  const left = [...reports].sort((a, b) => a - b);
  const right = [...txs].sort((a, b) => a - b);
  const pairs: [number, number][] = [];
  for (;;) {
    const [r, t] = [left[0], right[0]];
    if (r === undefined || t === undefined) return pairs;
    if (Math.abs(r - t) <= windowS) pairs.push([left.shift()!, right.shift()!]);
    else (r < t ? left : right).shift();
  }
}

const shuffled = <Row>(rows: readonly Row[]) =>
  fc.shuffledSubarray([...rows], { minLength: rows.length });

describe('links within a group of equal unit, payer and amount', () => {
  it('pair first with first in order of time, never further apart than 15 minutes', () => {
    fc.assert(
      fc.property(someTimes(8), someTimes(8), (reportTimes, txTimes) => {
        const reports = reportTimes.map((s, i) => reportAt(i, s));
        const plan = draw(
          reports,
          txTimes.map((s, i) => txAt(i, s)),
        );
        const got = reports.flatMap((report, i) => {
          const link = plan.links.get(report.id);
          return link ? [[reportTimes[i], txTimes[Number(link.txId.slice(3))]]] : [];
        });
        const expected = firstWithFirst(reportTimes, txTimes);
        expect(got.sort((a, b) => a[0]! - b[0]!)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('are the same whichever way the rows were read, also in the same second', () => {
    const few = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 });
    const read = fc.tuple(few, few).chain(([a, b]) => {
      const reports = a.map((minutes, i) => reportAt(i, minutes * 600));
      const transactions = b.map((minutes, i) => txAt(i, minutes * 600));
      return fc.tuple(
        fc.constant({ reports, transactions }),
        shuffled(reports),
        shuffled(transactions),
      );
    });
    fc.assert(
      fc.property(read, ([straight, reports, transactions]) => {
        const plan = draw(reports, transactions);
        const other = draw(straight.reports, straight.transactions);
        expect(new Map([...plan.links].sort())).toEqual(new Map([...other.links].sort()));
      }),
    );
  });

  it('do not depend on the links that were drawn before', () => {
    fc.assert(
      fc.property(someTimes(5), someTimes(5), fc.nat(), (reportTimes, txTimes, shift) => {
        const txs = txTimes.map((s, i) => txAt(i, s));
        const reports = reportTimes.map((s, i) => reportAt(i, s));
        const linked = reports.map((report, i): Report => {
          const tx = txs[(i + shift) % Math.max(1, txs.length)];
          if (tx === undefined) return report;
          return { ...report, settledBy: { by: 'link', txId: tx.txId, basis: 'paired' } };
        });
        expect(links(linked, txs)).toEqual(links(reports, txs));
      }),
    );
  });

  it('join what lies 15 minutes apart, and nothing further', () => {
    expect(links([reportAt(1, 900)], [txAt(1, 0)])).toEqual(['1-tx-1']);
    expect(links([reportAt(1, 0)], [txAt(1, 900)])).toEqual(['1-tx-1']);
    expect(links([reportAt(1, 901)], [txAt(1, 0)])).toEqual([]);
    expect(links([reportAt(1, 0)], [txAt(1, 901)])).toEqual([]);
  });

  it('make two payments of two equal ones in the same second', () => {
    const found = links([reportAt(1, 0), reportAt(2, 0)], [txAt(1, 0), txAt(2, 0)]);
    expect(found).toHaveLength(2);
    expect(new Set(found.map((one) => one.slice(2))).size).toBe(2);
    expect(links([reportAt(1, 0)], [txAt(1, 0), txAt(2, 0)])).toHaveLength(1);
  });

  it('never join another unit, payer or amount', () => {
    const others = [
      { unitId: parseUnitId('unit-2') },
      { payer: agent(2) },
      { amount: lindens(701) },
    ];
    for (const over of others) expect(links([reportAt(1, 0, over)], [txAt(1, 0)])).toEqual([]);
    expect(links([reportAt(1, 0, { unitId: null })], [txAt(1, 0)])).toEqual([]);
  });

  it('know a payer by the key, whatever the name is today', () => {
    const renamed = { payer: { ...agent(1), name: '' } };
    expect(links([reportAt(1, 0, renamed)], [txAt(1, 0)])).toEqual(['1-tx-1']);
  });
});

describe('a transaction of which the provider does not know the time', () => {
  const unknownTime = (n: number, day: number): Transaction => {
    const firstSeenAt = daysAfter(START, day);
    const told = { paidAt: null, updatedAt: firstSeenAt, seenAt: firstSeenAt };
    return transactionOf([statementOf(n, told)], { firstSeenAt });
  };

  it('is paired with a report that arrived within 7 days of it', () => {
    expect(links([reportAt(1, 0)], [unknownTime(1, 6.9)])).toEqual(['1-tx-1']);
    expect(links([reportAt(1, 6.9 * 86_400)], [unknownTime(1, 0)])).toEqual(['1-tx-1']);
    expect(links([reportAt(1, 0)], [unknownTime(1, 7.1)])).toEqual([]);
    expect(links([reportAt(1, 7.1 * 86_400)], [unknownTime(1, 0)])).toEqual([]);
  });

  it('is paired in order of arrival', () => {
    const reports = [reportAt(2, 3_600), reportAt(1, 0)];
    const found = links(reports, [unknownTime(2, 2), unknownTime(1, 1)]);
    expect(found).toEqual(['1-tx-1', '2-tx-2']);
  });
});

describe('a report that names its transaction', () => {
  const named = (n: number, s: number, tx: number, over: Partial<Report> = {}): Report =>
    reportAt(n, s, { ref: parseTxId(`tx-${tx}`), ...over });

  it('is linked to that one, however far apart they lie', () => {
    const plan = draw([named(1, 0, 1)], [txAt(1, 86_400)]);
    expect(plan.links.get(reportOf(1).id)).toEqual({ txId: 'tx-1', basis: 'named' });
    expect(plan.differences).toEqual([]);
  });

  it('wins over a report that was nearer', () => {
    const found = links([reportAt(1, 0), named(2, 600, 1)], [txAt(1, 0), txAt(2, 600)]);
    expect(found).toEqual(['1-tx-2', '2-tx-1']);
  });

  it('wins over a pairing that was drawn before the name was known', () => {
    const paired = { by: 'link', txId: parseTxId('tx-1'), basis: 'paired' } as const;
    const found = links([reportAt(1, 0, { settledBy: paired }), named(2, 1, 1)], [txAt(1, 0)]);
    expect(found).toEqual(['2-tx-1']);
  });

  it('is linked though the amount differs, and a person is told', () => {
    const plan = draw([named(1, 0, 1, { amount: lindens(500) })], [txAt(1, 0)]);
    expect(plan.links.get(reportOf(1).id)?.txId).toBe('tx-1');
    expect(plan.differences.map((one) => one.kind)).toEqual(['amount-differs']);
  });

  it('is not believed where unit or payer differ, and a person is told', () => {
    for (const over of [{ unitId: parseUnitId('unit-2') }, { payer: agent(2) }]) {
      const plan = draw([named(1, 0, 1, over)], [txAt(1, 0)]);
      expect(plan.links.size).toBe(0);
      expect(plan.differences.map((one) => one.kind)).toEqual(['reference-differs']);
    }
  });

  it('is paired by rule where its name is not believed', () => {
    const foreign = transactionOf([statementOf(9, { payer: agent(9) })]);
    const plan = draw([named(1, 0, 9)], [foreign, txAt(1, 5)]);
    expect(plan.links.get(reportOf(1).id)).toEqual({ txId: 'tx-1', basis: 'paired' });
    expect(plan.differences.map((one) => one.kind)).toEqual(['reference-differs']);
  });
});

describe('what a person decided about a report', () => {
  const byPerson = { by: 'link', txId: parseTxId('tx-2'), basis: 'person' } as const;
  const confirmed = { by: 'hand', type: 'manual', reference: 'R1' } as const;

  it('leaves the link that a person made alone, and gives its transaction to no other', () => {
    const found = links(
      [reportAt(1, 0, { settledBy: byPerson }), reportAt(2, 3_000)],
      [txAt(1, 0), txAt(2, 3_000)],
    );
    expect(found).toEqual([]);
    const free = [reportAt(1, 0, { settledBy: byPerson }), reportAt(2, 1)];
    expect(links(free, [txAt(1, 0), txAt(2, 3_000)])).toEqual(['2-tx-1']);
  });

  it.each([confirmed, { by: 'refunded' } as const])(
    'lets a report closed by hand (%p) take the transaction that matches it, one at most',
    (settledBy) => {
      const plan = draw([reportAt(1, 0, { settledBy })], [txAt(1, 10), txAt(2, 20)]);
      expect(plan.links.size).toBe(0);
      expect([...plan.takes]).toEqual([[reportOf(1).id, 'tx-1']]);
    },
  );

  it('tells a person where a name comes too late, for a report closed by hand has taken it', () => {
    const closed = reportAt(1, 0, { settledBy: confirmed, takes: parseTxId('tx-1') });
    const taken = { ...txAt(1, 10), takenBy: closed.id };
    const plan = draw([closed, reportAt(2, 20, { ref: taken.txId })], [taken]);
    expect(plan.links.size).toBe(0);
    expect(plan.differences.map((one) => [one.kind, one.reportId])).toEqual([
      ['reference-differs', reportOf(2).id],
    ]);
  });

  it('lets a dismissed report take nothing', () => {
    const plan = draw([reportAt(1, 0, { settledBy: { by: 'dismissed' } })], [txAt(1, 10)]);
    expect(plan.takes.size).toBe(0);
    expect(plan.links.size).toBe(0);
  });

  it('lets no report take a transaction that is another payment', () => {
    const closed = reportAt(1, 0, { settledBy: confirmed });
    expect(draw([closed], [txAt(1, 901)]).takes.size).toBe(0);
    expect(draw([closed], [txOf(1, { amount: lindens(1) })]).takes.size).toBe(0);
  });

  it('lets a report keep what it has taken, and take no second', () => {
    const taken = txAt(2, 20);
    const closed = reportAt(1, 0, { settledBy: confirmed, takes: taken.txId });
    const plan = draw([closed], [txAt(1, 0), { ...taken, takenBy: closed.id }]);
    expect([...plan.takes.values()].filter((id) => id !== 'tx-2')).toEqual([]);
  });
});
