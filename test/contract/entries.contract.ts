/** What every EntryStore keeps to, whatever it keeps its rows in: above all, a gapless ledger. */
import * as fc from 'fast-check';
import type { Entry, EntryDraft, EntrySource } from '../../src/domain/ledger/entry';
import {
  entryId,
  parseRentalId,
  parseTxId,
  tenancyId,
  txPaymentId,
  type TenancyId,
} from '../../src/domain/ids';
import { foldLedger } from '../../src/domain/ledger/ledger';
import type { EntryStore } from '../../src/flows/ports/money-ports';
import { START } from '../support/estate';
import { draftOf, tenancyOne } from './money-rows';
import { shuffled } from './walk';

const tenancy = (n: number): TenancyId => tenancyId(parseRentalId(`r_${n}`), 1);
const NO_HINT = new Map<TenancyId, number>();
const payment = (n: number) => txPaymentId(parseTxId(`tx-${n}`));

export function entryStoreContract(create: () => Promise<EntryStore>): void {
  let store: EntryStore;
  beforeEach(async () => {
    store = await create();
  });
  const ledger = (...tenancies: readonly TenancyId[]): Promise<Entry[]> =>
    store.ofTenancies(tenancies.map((tenancyId) => ({ tenancyId, afterSeq: 0 })));
  const append = async (...sources: readonly EntrySource[]): Promise<Entry[]> =>
    (
      await store.append(
        sources.map((source) => draftOf(source)),
        NO_HINT,
      )
    ).map(({ entry }) => entry);

  describe('appending', () => {
    it('numbers entries from 1 without a gap, and keeps them whole', async () => {
      const drafts = [
        draftOf('opening', { kind: 'opening', amount: null, paidAt: null, paymentId: null }),
        draftOf('tx:tx-1'),
        draftOf('reverses:r_1:1:2', { kind: 'reversal', reverses: entryId(tenancyOne, 2) }),
      ];
      const answer = await store.append(drafts, NO_HINT);
      const entries = drafts.map((draft, i) => ({
        ...draft,
        id: entryId(tenancyOne, i + 1),
        seq: i + 1,
      }));
      expect(answer).toEqual(entries.map((entry) => ({ kind: 'added', entry })));
      expect(await ledger(tenancyOne)).toEqual(entries);
      expect(await store.get([entries[1]!.id])).toEqual([entries[1]]);
    });

    it('enters a source once: the second time it answers the entry that is there', async () => {
      const [first] = await append('tx:tx-1');
      const again = draftOf('tx:tx-1', { reason: 'Another process.', amount: 5 });
      const answer = await store.append([draftOf('tx:tx-2'), again, draftOf('tx:tx-3')], NO_HINT);
      expect(answer.map(({ kind }) => kind)).toEqual(['added', 'known', 'added']);
      expect(answer[1]!.entry).toEqual(first);
      expect((await ledger(tenancyOne)).map(({ source }) => source)).toEqual([
        'tx:tx-1',
        'tx:tx-2',
        'tx:tx-3',
      ]);
    });

    it('enters twins of one call once', async () => {
      const drafts = (['tx:a', 'tx:b', 'tx:a', 'tx:a', 'tx:c'] as const).map((one) => draftOf(one));
      const answer = await store.append(drafts, NO_HINT);
      expect(answer.map(({ kind }) => kind)).toEqual(['added', 'added', 'known', 'known', 'added']);
      expect(answer.map(({ entry }) => entry.seq)).toEqual([1, 2, 1, 1, 3]);
    });

    it('keeps the tenancies of one call apart, in the order of its drafts', async () => {
      const drafts = shuffled(60).map((n) => draftOf(`tx:${n}`, { tenancyId: tenancy(n % 7) }));
      const answer = await store.append(drafts, NO_HINT);
      answer.forEach(({ entry }, i) => expect(entry).toMatchObject(drafts[i]!));
      for (let n = 0; n < 7; n += 1) {
        const own = answer.filter(({ entry }) => entry.tenancyId === tenancy(n));
        expect(own.map(({ entry }) => entry.seq)).toEqual(own.map((_, i) => i + 1));
      }
    });

    it.each([
      ['right', 3],
      ['too low', 1],
      ['missing', null],
    ])('goes on from the end where the hint is %s', async (_, end) => {
      await append('tx:1', 'tx:2', 'tx:3');
      const hint = end === null ? NO_HINT : new Map([[tenancyOne, end]]);
      const answer = await store.append([draftOf('tx:4'), draftOf('tx:2'), draftOf('tx:5')], hint);
      expect(answer.map(({ kind, entry }) => [kind, entry.seq])).toEqual([
        ['added', 4],
        ['known', 2],
        ['added', 5],
      ]);
    });

    it('answers nothing for nothing', async () => {
      expect(await store.append([], NO_HINT)).toEqual([]);
    });
  });

  describe('the law of the ledger', () => {
    it('has no gap, no twin and no loss when fifty append to one tenancy at once', async () => {
      const calls = shuffled(50).map((n) => [`tx:${n}`, `tx:${n + 1}`, `bonus:${n}:1`] as const);
      const answers = await Promise.all(
        calls.map((sources) =>
          store.append(
            sources.map((one) => draftOf(one)),
            NO_HINT,
          ),
        ),
      );
      await expectLawful(
        answers.flat().map(({ entry }) => entry),
        calls.flat(),
      );
    });

    it('holds for any calls at once, whatever they share and whatever they believe', async () => {
      let runs = 0;
      const call = fc.record({
        sources: fc.array(fc.tuple(fc.nat(3), fc.nat(12)), { maxLength: 8 }),
        hint: fc.option(fc.constant(0), { nil: null }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(call, { maxLength: 8 }), async (calls) => {
          runs += 1;
          const rental = parseRentalId(`r_run${runs}`);
          const own = (n: number): TenancyId => tenancyId(rental, n + 1);
          const drafts = calls.map(({ sources }) =>
            sources.map(([n, source]) => draftOf(`tx:${source}`, { tenancyId: own(n) })),
          );
          const answers = await Promise.all(
            drafts.map((one, i) => {
              const { hint } = calls[i]!;
              const ends = [0, 1, 2, 3].map((n) => [own(n), 0] as const);
              return store.append(one, hint === null ? NO_HINT : new Map(ends));
            }),
          );
          answers.forEach((answer, i) => expect(answer).toHaveLength(drafts[i]!.length));
          const entries = answers.flat().map(({ entry }) => entry);
          for (const n of [0, 1, 2, 3]) {
            const asked = drafts.flat().filter((draft) => draft.tenancyId === own(n));
            const answered = entries.filter((entry) => entry.tenancyId === own(n));
            await expectLawful(
              answered,
              asked.map(({ source }) => source),
              own(n),
            );
          }
        }),
        { numRuns: 25 },
      );
    });

    async function expectLawful(
      answered: readonly Entry[],
      sources: readonly string[],
      of: TenancyId = tenancyOne,
    ): Promise<void> {
      const entries = await ledger(of);
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1));
      expect(entries.map(({ source }) => source).sort()).toEqual([...new Set(sources)].sort());
      const byId = new Map(entries.map((entry) => [entry.id, entry]));
      for (const entry of answered) expect(byId.get(entry.id)?.source).toBe(entry.source);
    }
  });

  describe('reading', () => {
    it('gives the entries of payments with their reversals, each of its own tenancy', async () => {
      const about = (n: number, source: EntrySource, of = tenancyOne): EntryDraft =>
        draftOf(source, { paymentId: payment(n), tenancyId: of });
      await store.append(
        [
          about(1, 'tx:tx-1'),
          about(2, 'tx:tx-2'),
          about(1, 'reverses:r_1:1:1'),
          about(3, 'tx:tx-3'),
          about(1, 'tx:tx-1', tenancy(2)),
          draftOf('opening', { paymentId: null }),
        ],
        NO_HINT,
      );
      const found = await store.ofPayments([
        { tenancyId: tenancyOne, paymentId: payment(1) },
        { tenancyId: tenancyOne, paymentId: payment(3) },
        { tenancyId: tenancy(2), paymentId: payment(2) },
      ]);
      expect(found.map(({ id }) => id)).toEqual(['r_1:1:1', 'r_1:1:3', 'r_1:1:4']);
    });

    it('gives what came after a number, of many tenancies at once, in order', async () => {
      const many = Array.from({ length: 160 }, (_, i) => draftOf(`tx:${i}`));
      const few = [1, 2, 3].map((i) => draftOf(`tx:${i}`, { tenancyId: tenancy(2) }));
      await store.append([...many, ...few], NO_HINT);
      const after = async (...wanted: readonly [TenancyId, number][]): Promise<string[]> => {
        const asked = wanted.map(([tenancyId, afterSeq]) => ({ tenancyId, afterSeq }));
        return (await store.ofTenancies(asked)).map(({ id }) => id);
      };
      const ids = (of: TenancyId, from: number, to: number): string[] =>
        Array.from({ length: to - from + 1 }, (_, i) => entryId(of, from + i));
      expect(await after([tenancyOne, 0])).toEqual(ids(tenancyOne, 1, 160));
      expect(await after([tenancy(2), 0])).toEqual(ids(tenancy(2), 1, 3));
      expect(await after([tenancyOne, 160], [tenancy(2), 3])).toEqual([]);
      expect(await after([tenancy(2), 2], [tenancyOne, 1])).toEqual([
        ...ids(tenancyOne, 2, 160),
        ...ids(tenancy(2), 3, 3),
      ]);
      expect(await after([tenancy(9), 0], [tenancy(8), 4])).toEqual([]);
    });

    it('gives lines from which each ledger folds as from its entries', async () => {
      const paid = draftOf('tx:tx-1', { paidAt: START, paymentId: payment(1) });
      const back = draftOf('reverses:r_1:1:1', {
        kind: 'reversal',
        reverses: entryId(tenancyOne, 1),
      });
      const drafts = [paid, back, draftOf('opening', { kind: 'opening', paidAt: null })];
      await store.append(
        [...drafts, ...drafts.map((draft) => ({ ...draft, tenancyId: tenancy(2) }))],
        NO_HINT,
      );
      const lines = await store.linesOf([tenancyOne, tenancy(2), tenancy(9)]);
      expect(lines).toHaveLength(6);
      const start = { start: { by: 'payments' } } as const;
      for (const own of [tenancyOne, tenancy(2)]) {
        const ours = lines.filter(({ tenancyId }) => tenancyId === own);
        expect(foldLedger(start, ours)).toEqual(foldLedger(start, await ledger(own)));
      }
      expect(await store.linesOf([])).toEqual([]);
    });
  });
}
