/**
 * Paid-until is the fold of the ledger, and a tenancy begins with its earliest standing payment.
 */
import fc from 'fast-check';
import type { Entry, EntryKind } from '../../src/domain/ledger/entry';
import {
  activeEntries,
  foldLedger,
  sumsByKind,
  tenancyStart,
} from '../../src/domain/ledger/ledger';
import { daysAfter, entryOf, reversalOf } from '../laws/samples';
import { START } from '../support/estate';

const ADDING: readonly EntryKind[] = ['paid', 'external', 'granted', 'bonus', 'outage'];
const byPayments = { start: { by: 'payments' } } as const;
const byManager = { start: { by: 'manager', at: daysAfter(START, -3) } } as const;
const imported = { unitVersion: 4, streamRank: 1, importedAt: START };
const byOpening = { start: { by: 'opening', at: daysAfter(START, -9), ...imported } } as const;

/** A ledger as it grows: a new entry, or the reversal of one that was not reversed yet. */
const aLedger = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...ADDING),
      days: fc.integer({ min: 1, max: 40 }),
      paidOnDay: fc.integer({ min: 0, max: 60 }),
      reverses: fc.option(fc.nat(20), { freq: 2 }),
    }),
    { maxLength: 14 },
  )
  .map((steps) => {
    const entries: Entry[] = [];
    for (const { kind, days, paidOnDay, reverses } of steps) {
      const taken = new Set(entries.map((entry) => entry.reverses));
      const free = entries.filter((entry) => !taken.has(entry.id));
      const victim = reverses === null ? undefined : free[reverses % Math.max(1, free.length)];
      const seq = entries.length + 1;
      const isGift = kind !== 'paid' && kind !== 'external';
      const paidAt = isGift ? null : daysAfter(START, paidOnDay);
      const entry = entryOf(seq, kind, days * 86_400, { paidAt });
      entries.push(victim === undefined ? entry : reversalOf(seq, victim));
    }
    return entries;
  });

/** Whether an entry still counts: nothing that still counts takes it back. */
function counts(entry: Entry, entries: readonly Entry[]): boolean {
  const taker = entries.find((one) => one.reverses === entry.id);
  return taker === undefined || !counts(taker, entries);
}

const standing = (entries: readonly Entry[]): Entry[] =>
  entries.filter((entry) => entry.kind !== 'reversal' && counts(entry, entries));
const sum = (entries: readonly Entry[]): number =>
  entries.reduce((total, entry) => total + entry.seconds, 0);

describe('the fold of a ledger', () => {
  it('adds up every entry, whichever order they are read in', () => {
    fc.assert(
      fc.property(aLedger, fc.infiniteStream(fc.nat()), (entries, chance) => {
        const shuffled = entries
          .map((entry) => ({ entry, key: chance.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ entry }) => entry);
        const fold = foldLedger(byManager, entries);
        expect(foldLedger(byManager, shuffled)).toEqual(fold);
        expect(fold.seconds).toBe(sum(entries));
        expect(fold.paidUntil).toBe(byManager.start.at + sum(entries) * 1_000);
        expect(fold.throughSeq).toBe(entries.length);
      }),
    );
  });

  it('counts a reversal against the kind that it takes back', () => {
    fc.assert(
      fc.property(aLedger, (entries) => {
        const sums = sumsByKind(entries);
        for (const kind of ADDING) {
          const expected = sum(standing(entries).filter((entry) => entry.kind === kind));
          expect(sums[kind] ?? 0).toBe(expected);
        }
        expect(sums.reversal ?? 0).toBe(0);
        const ids = activeEntries(entries).map((entry) => entry.id);
        expect(ids.sort()).toEqual(
          standing(entries)
            .map((entry) => entry.id)
            .sort(),
        );
      }),
    );
  });

  it('keeps paid, granted, bonus, outage and external time apart', () => {
    const entries = ADDING.map((kind, i) => entryOf(i + 1, kind, (i + 1) * 86_400));
    expect(sumsByKind(entries)).toMatchObject({
      ...{ paid: 86_400, external: 2 * 86_400, granted: 3 * 86_400 },
      ...{ bonus: 4 * 86_400, outage: 5 * 86_400 },
    });
  });
});

describe('the start of a tenancy', () => {
  it('is what a manager or an opening says, whatever was paid', () => {
    fc.assert(
      fc.property(aLedger, (entries) => {
        expect(tenancyStart(byManager, entries)).toBe(byManager.start.at);
        expect(foldLedger(byOpening, entries).startedAt).toBe(byOpening.start.at);
      }),
    );
  });

  it('is otherwise the earliest payment that was not reversed', () => {
    fc.assert(
      fc.property(aLedger, (entries) => {
        const paid = standing(entries).flatMap(({ paidAt }) => (paidAt === null ? [] : [paidAt]));
        fc.pre(paid.length > 0);
        const start = Math.min(...paid);
        expect(tenancyStart(byPayments, entries)).toBe(start);
        expect(foldLedger(byPayments, entries).paidUntil).toBe(start + sum(entries) * 1_000);
      }),
    );
  });

  it('is nowhere once every payment was reversed: such a tenancy is void', () => {
    const paid = entryOf(1, 'paid', 604_800);
    const fold = foldLedger(byPayments, [paid, reversalOf(2, paid)]);
    expect(fold).toMatchObject({ startedAt: null, paidUntil: null, seconds: 0, throughSeq: 2 });
    expect(foldLedger(byPayments, [])).toMatchObject({ startedAt: null, throughSeq: 0 });
  });

  it('moves back when an earlier payment turns up, and arrears come first', () => {
    const first = entryOf(1, 'paid', 604_800, { paidAt: daysAfter(START, 30) });
    const found = entryOf(2, 'paid', 604_800, { paidAt: START });
    const fold = foldLedger(byPayments, [first, found]);
    expect(fold.startedAt).toBe(START);
    expect(fold.paidUntil).toBe(daysAfter(START, 14));
  });
});
