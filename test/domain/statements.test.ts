/** Every version ever stated of a transaction folds into one meaning, in any order of arrival. */
import fc from 'fast-check';
import { addStatements, foldStatements, isAfter } from '../../src/domain/payments/statements';
import { seconds, type Instant } from '../../src/domain/time';
import { TX_STATES, type Statement, type TxState } from '../../src/domain/payments/transaction';
import { at, daysAfter } from '../laws/samples';
import { START, statementOf } from '../support/estate';

const word = (streamRank: number, version: number, state: TxState, more = {}): Statement =>
  statementOf(1, { streamRank, version, state, ...more });
const heard = (...statements: Statement[]) => foldStatements(addStatements([], statements));

const aState = fc.constantFrom<TxState>(...TX_STATES, 'unknown');
const someWords = fc
  .uniqueArray(
    fc.record({
      streamRank: fc.integer({ min: 0, max: 2 }),
      version: fc.integer({ min: 1, max: 6 }),
      state: aState,
      creditedSeconds: fc.option(fc.integer({ min: 0, max: 9_999 }).map(seconds)),
    }),
    { selector: (row) => `${row.streamRank}/${row.version}`, minLength: 1, maxLength: 8 },
  )
  .map((rows) => rows.map((row) => statementOf(1, row)));
/** The same words as they might arrive: shuffled, some twice, in batches. */
const arrivals = someWords.chain((words) =>
  fc.tuple(
    fc.constant(words),
    fc
      .array(fc.constantFrom(...words), { maxLength: 8 })
      .chain((again) =>
        fc.shuffledSubarray([...words, ...again], { minLength: words.length + again.length }),
      ),
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }),
  ),
);

function inBatches(words: readonly Statement[], sizes: readonly number[]): readonly Statement[] {
  let known: readonly Statement[] = [];
  for (let from = 0, turn = 0; from < words.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    known = addStatements(known, words.slice(from, from + size));
    from += size;
  }
  return known;
}

const byPlace = (words: readonly Statement[]): Statement[] =>
  [...words].sort((a, b) => a.streamRank - b.streamRank || a.version - b.version);
const isDecisive = ({ state }: Statement): boolean => state === 'completed' || state === 'reversed';

describe('the words about one transaction', () => {
  it('are kept once each, in the order of stream ids and versions, however they arrive', () => {
    fc.assert(
      fc.property(arrivals, ([words, arrived, sizes]) => {
        const places = inBatches(arrived, sizes).map((one) => [one.streamRank, one.version]);
        expect(places).toEqual(byPlace(words).map((one) => [one.streamRank, one.version]));
      }),
    );
  });

  it('mean the same in any order, with any repetition', () => {
    fc.assert(
      fc.property(arrivals, ([words, arrived, sizes]) => {
        expect(foldStatements(inBatches(arrived, sizes))).toEqual(heard(...words));
      }),
    );
  });

  it('change nothing when nothing new is among them', () => {
    const known = addStatements([], [word(1, 1, 'queued'), word(1, 2, 'completed')]);
    expect(addStatements(known, [word(1, 2, 'completed')])).toBe(known);
  });

  it('make it paid once any of them says completed or reversed', () => {
    fc.assert(
      fc.property(someWords, (words) => {
        const ordered = byPlace(words);
        const fold = heard(...words);
        const completed = ordered.filter(({ state }) => state === 'completed');
        expect(fold.wasPaid).toBe(ordered.some(isDecisive));
        expect(fold.highest).toEqual(ordered.at(-1));
        expect(fold.highestCompleted).toEqual(completed.at(-1) ?? null);
      }),
    );
  });

  it('undo a payment only by a word reversed that no later completed follows', () => {
    fc.assert(
      fc.property(someWords, (words) => {
        const ordered = byPlace(words);
        const last = ordered.filter(isDecisive).at(-1) ?? ordered.at(-1);
        expect(heard(...words).state).toBe(last?.state);
      }),
    );
  });
});

describe('a completed transaction', () => {
  it.each(['queued', 'processing', 'suspended', 'failed', 'unknown'] as const)(
    'that is said to be %s later stays paid, and a person is told',
    (state) => {
      const fold = heard(word(1, 3, 'completed'), word(1, 4, state));
      expect(fold).toMatchObject({
        state: 'completed',
        failedAfterPaid: true,
        versionFell: false,
      });
    },
  );

  it('that failed before and came back to life is simply completed', () => {
    const fold = heard(word(1, 1, 'failed'), word(1, 2, 'suspended'), word(1, 5, 'completed'));
    expect(fold).toMatchObject({ state: 'completed', failedAfterPaid: false, versionFell: false });
  });

  it('of which a later stream id tells a lower version has fallen, which is not a failure', () => {
    for (const state of ['failed', 'queued', 'processing', 'suspended'] as const) {
      const fold = heard(word(1, 5, 'completed'), word(2, 3, state));
      expect(fold).toMatchObject({
        state: 'completed',
        failedAfterPaid: false,
        versionFell: true,
      });
    }
  });

  it('has not fallen where it was completed only after the backup, in fewer versions', () => {
    const before = [word(1, 1, 'queued'), word(1, 2, 'suspended'), word(1, 3, 'processing')];
    const fold = heard(...before, word(2, 1, 'queued'), word(2, 2, 'completed'));
    expect(fold).toMatchObject({ state: 'completed', versionFell: false });
  });

  it('has not fallen where the later stream id tells as high a version', () => {
    const fold = heard(word(1, 5, 'completed'), word(2, 6, 'failed'));
    expect(fold).toMatchObject({ failedAfterPaid: true, versionFell: false });
  });

  it('has never fallen under one stream id', () => {
    fc.assert(
      fc.property(someWords, (words) => {
        const under = words.map((one) => ({ ...one, streamRank: 1, version: one.version + 6 }));
        const unique = [...new Map(under.map((one) => [one.version, one])).values()];
        expect(heard(...unique).versionFell).toBe(false);
      }),
    );
  });

  it('swings between completed and reversed as its highest word says', () => {
    const swings = [1, 2, 3, 4, 5].map((n) => word(1, n, n % 2 === 1 ? 'completed' : 'reversed'));
    for (const upTo of [1, 2, 3, 4, 5]) {
      const shuffled = swings.slice(0, upTo).reverse();
      expect(heard(...shuffled).state).toBe(upTo % 2 === 1 ? 'completed' : 'reversed');
    }
  });
});

describe('the order of words', () => {
  it('puts a later stream id before any version', () => {
    expect(isAfter({ streamRank: 2, version: 1 }, { streamRank: 1, version: 9 })).toBe(true);
    expect(isAfter({ streamRank: 1, version: 9 }, { streamRank: 2, version: 1 })).toBe(false);
    expect(isAfter({ streamRank: 1, version: 2 }, { streamRank: 1, version: 1 })).toBe(true);
    expect(isAfter({ streamRank: 1, version: 2 }, { streamRank: 1, version: 2 })).toBe(false);
  });
});

describe('the instant at which the L$ were given', () => {
  it('is the one that the provider names', () => {
    const paidAt = at('2026-03-01T10:00:00Z');
    const fold = heard(word(1, 1, 'queued', { paidAt }), word(1, 2, 'completed', { paidAt }));
    expect([fold.paidAt, fold.paidAtKnown]).toEqual([paidAt, true]);
  });

  it('is the earliest update known while the provider names none', () => {
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(days, (updates) => {
        const words = updates.map((day, i) => {
          const updatedAt: Instant = daysAfter(START, day);
          return word(1, i + 1, 'completed', { paidAt: null, updatedAt });
        });
        const fold = heard(...words);
        expect(fold.paidAt).toBe(daysAfter(START, Math.min(...updates)));
        expect(fold.paidAtKnown).toBe(false);
      }),
    );
  });
});

describe('a transaction with more words than any honest one has', () => {
  it('forgets the oldest that say nothing of L$ taken, and keeps what was paid', () => {
    const many = Array.from({ length: 700 }, (_, n) => word(1, n + 2, 'failed'));
    const kept = addStatements([], [word(1, 1, 'completed'), ...many]);
    expect(kept).toHaveLength(500);
    expect(kept[0]?.state).toBe('completed');
    expect(kept.at(-1)?.version).toBe(701);
    expect(foldStatements(kept).wasPaid).toBe(true);
  });
});
