/**
 * Whatever was entered before, a payment's entries come to what it is worth, each under one
 * source.
 */
import fc from 'fast-check';
import { planCredit, reversalDraft, type CreditTarget } from '../../src/domain/ledger/credit';
import type { Entry } from '../../src/domain/ledger/entry';
import { entryId, parsePaymentId, parseReportId } from '../../src/domain/ids';
import { sumsByKind } from '../../src/domain/ledger/ledger';
import { seconds, type Seconds } from '../../src/domain/time';
import { TENANCY } from '../laws/samples';
import { START } from '../support/estate';

/** L$ 700 for a week. */
const secondsFor = (amount: number): Seconds => seconds(Math.floor((amount * 604_800) / 700));

function target(over: Partial<CreditTarget> = {}): CreditTarget {
  return {
    tenancyId: TENANCY,
    paymentId: parsePaymentId('tx:tx-1'),
    kind: 'paid',
    source: 'tx:tx-1',
    amount: 700,
    paidAt: START,
    stands: true,
    otherwise: 'show',
    secondsFor,
    stated: null,
    returned: null,
    author: 'system',
    reason: '',
    reversalBy: { author: 'system', reason: 'reversed upstream' },
    evidence: '',
    ...over,
  };
}

/** Adds what the plan asks for until it asks for nothing. */
function brought(to: CreditTarget, before: readonly Entry[]): Entry[] {
  const entries = [...before];
  for (let round = 0; round < 20; round += 1) {
    const drafts = planCredit(to, entries, START);
    if (drafts.length === 0) return entries;
    for (const draft of drafts) {
      if (entries.some(({ source }) => source === draft.source)) {
        throw new Error(`${draft.source} would be entered twice.`);
      }
      const seq = entries.length + 1;
      entries.push({ ...draft, id: entryId(TENANCY, seq), seq });
    }
  }
  throw new Error('The plan never comes to an end.');
}

const kinds = (entries: readonly Entry[]) => entries.map((entry) => [entry.kind, entry.seconds]);
const WEEK = 604_800;

/** What the provider and the box might have said by some moment, in the order of versions. */
const aNews = fc.record({
  stands: fc.boolean(),
  stated: fc.option(
    fc.record({ seconds: fc.integer({ min: 0, max: 2 * WEEK }), version: fc.nat({ max: 4 }) }),
  ),
  returned: fc.option(fc.integer({ min: 1, max: 699 }), { freq: 3 }),
});
type News = typeof aNews extends fc.Arbitrary<infer One> ? One : never;

const asTarget = ({ stands, stated, returned }: News): CreditTarget =>
  target({
    stands,
    stated:
      stated === null || returned !== null
        ? null
        : { seconds: seconds(stated.seconds), source: `bonus:tx-1:${stated.version}` },
    returned: returned === null ? null : { amount: returned, reportId: reportOver(returned) },
  });
/** Each report says once how much was given back; another amount is another report's word. */
const reportOver = (amount: number) =>
  parseReportId(`box_1:0b9f3c1e-5a2d-4c77-9f0e-${String(amount).padStart(12, '0')}`);

function worth({ stands, stated, returned }: News): Record<string, number> {
  if (!stands) return {};
  const paid = secondsFor(700 - (returned ?? 0));
  const more = returned === null && stated !== null ? stated.seconds - paid : 0;
  return more > 60 ? { paid, bonus: more } : { paid };
}

/** Net time by kind, with what a part that was returned took off counted against what was paid. */
function netOf(entries: readonly Entry[]): Record<string, number> {
  const { refund = 0, paid = 0, ...rest } = sumsByKind(entries);
  return paid + refund === 0 ? rest : { ...rest, paid: paid + refund };
}

describe('the entries of a payment', () => {
  it('are one, when it is simply paid, and stay one', () => {
    const entries = brought(target(), []);
    expect(kinds(entries)).toEqual([['paid', WEEK]]);
    expect(brought(target(), entries)).toEqual(entries);
  });

  it('come to what is known last, whatever was known and entered before', () => {
    // One version states one figure, so that the figure follows from the version.
    const history = fc
      .array(aNews, { minLength: 1, maxLength: 6 })
      .map((rows) =>
        rows.map((row) =>
          row.stated === null
            ? row
            : { ...row, stated: { ...row.stated, seconds: WEEK + row.stated.version * 50 } },
        ),
      );
    fc.assert(
      fc.property(history, (rows) => {
        let entries: Entry[] = [];
        for (const row of rows) {
          entries = brought(asTarget(row), entries);
          expect(netOf(entries)).toEqual(worth(row));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never take the same entry back twice', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 8 }), (swings) => {
        const entries = swings.reduce<Entry[]>(
          (before, stands) => brought(target({ stands }), before),
          [],
        );
        const taken = entries.flatMap(({ reverses }) => (reverses === null ? [] : [reverses]));
        expect(new Set(taken).size).toBe(taken.length);
        for (const entry of entries) {
          const whole = entries.find(({ id }) => id === entry.reverses);
          if (whole !== undefined) expect(entry.seconds).toBe(-whole.seconds);
        }
      }),
    );
  });

  it('show a payment that was reversed before we heard of it, with its reversal', () => {
    expect(kinds(brought(target({ stands: false }), []))).toEqual([
      ['paid', WEEK],
      ['reversal', -WEEK],
    ]);
  });

  it('hold nothing of a payment that the box gave back before it was credited', () => {
    expect(brought(target({ stands: false, otherwise: 'omit' }), [])).toEqual([]);
  });

  it('give no bonus for a minute, and all of it for more than a minute', () => {
    const stated = (more: number) =>
      target({ stated: { seconds: seconds(WEEK + more), source: 'bonus:tx-1:1' } });
    expect(kinds(brought(stated(60), []))).toEqual([['paid', WEEK]]);
    expect(kinds(brought(stated(61), []))).toEqual([
      ['paid', WEEK],
      ['bonus', 61],
    ]);
    expect(kinds(brought(stated(-3_600), []))).toEqual([['paid', WEEK]]);
  });

  it('hold no bonus again that a person took back, until the provider states more', () => {
    const stated = (more: number) =>
      target({ stated: { seconds: seconds(WEEK + more), source: `bonus:tx-1:${more}` } });
    const given = brought(stated(3_600), []);
    const [, bonus] = given;
    const by = { author: 'Ruth', reason: 'The hour was for her neighbour.', now: START };
    const taken = { ...reversalDraft(bonus!, by), id: entryId(TENANCY, 3), seq: 3 };
    expect(brought(stated(3_600), [...given, taken])).toEqual([...given, taken]);
    const more = brought(stated(4_000), [...given, taken]);
    expect(kinds(more.slice(3))).toEqual([['bonus', 400]]);
  });
});
