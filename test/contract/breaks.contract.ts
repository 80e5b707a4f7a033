/** What every BreakStore keeps to, whatever it keeps its rows in. */
import type { Break, BreakDraft } from '../../src/domain/break';
import { SYSTEM } from '../../src/domain/ledger/entry';
import { parseBreakId } from '../../src/domain/ids';
import { DAY_MS, plusMs, type Instant } from '../../src/domain/time';
import type { BreakQuery, BreakStore, OpenBreak } from '../../src/flows/ports/money-ports';
import { at } from './money-rows';
import { shuffled, walk } from './walk';

const draftOf = (over: Partial<BreakDraft> = {}): BreakDraft => ({
  kind: 'time-differs',
  about: 'tx:tx-1',
  fingerprint: 'v1',
  subjects: ['r_1', 'tx:tx-1'],
  amount: 700,
  seconds: -3600,
  text: '$The provider credited less “time”.',
  ...over,
});

const opening = (over: Partial<BreakDraft> = {}, more: Partial<OpenBreak> = {}): OpenBreak => ({
  draft: draftOf(over),
  region: 'Ahern',
  owner: 'estate',
  now: at(1),
  ...more,
});

export function breakStoreContract(create: () => Promise<BreakStore>): void {
  let store: BreakStore;
  beforeEach(async () => {
    store = await create();
  });
  const open = async (over: Partial<BreakDraft> = {}, now: Instant = at(1)): Promise<Break> => {
    const [one] = await store.open([opening(over, { now })]);
    return one!;
  };
  const resolve = async (one: Break, author: string): Promise<void> => {
    const closed = { state: 'resolved', resolution: 'Looked.', resolvedBy: author } as const;
    expect(await store.save({ ...one, ...closed, resolvedAt: at(2) })).toBe(true);
  };
  const settle = (as: 'proposed' | 'resolved', about = 'tx:tx-1') =>
    store.settle([{ kind: 'time-differs', about, resolution: 'It is gone.', as, now: at(3) }]);

  describe('opening', () => {
    it('keeps a new difference whole, with an owner and a day to settle it by', async () => {
      const one = await open();
      expect(one).toEqual({
        ...draftOf(),
        id: one.id,
        rev: 1,
        state: 'open',
        openedAt: at(1),
        dueAt: plusMs(at(1), 7 * DAY_MS),
        owner: 'estate',
        comments: [],
        resolution: null,
        resolvedAt: null,
        resolvedBy: null,
      });
      expect(parseBreakId(one.id)).toBe(one.id);
      expect(await store.get(one.id)).toEqual(one);
      expect(await store.get(parseBreakId('brk_none'))).toBeNull();
    });

    it('opens a difference once, however many find it at once', async () => {
      const found = await Promise.all(shuffled(20).map(() => open()));
      expect(new Set(found.map(({ id }) => id)).size).toBe(1);
      expect(await store.countOpen()).toEqual({ 'time-differs': 1 });
    });

    it('opens many in one call, and answers each', async () => {
      const drafts = shuffled(30).map((n) => opening({ about: `tx:${n}` }));
      const found = await store.open([...drafts, opening({ about: 'tx:0', kind: 'lock-by-hand' })]);
      expect(new Set(found.map(({ id }) => id)).size).toBe(31);
      expect(await store.countOpen()).toEqual({ 'time-differs': 30, 'lock-by-hand': 1 });
    });

    it('shows in an open one what differs now, and leaves owner and comments', async () => {
      const one = await open();
      const comments = [{ at: at(2), author: 'Ann', text: 'Looking.' }];
      await store.save({ ...one, owner: 'Ann', comments });
      expect(await open({ fingerprint: 'v2', text: 'Less still.' }, at(9))).toMatchObject({
        fingerprint: 'v2',
        text: 'Less still.',
        owner: 'Ann',
        comments,
        openedAt: at(1),
        state: 'open',
      });
    });
  });

  describe('closing and coming back', () => {
    it('closes as the system what is gone; a proposal leaves a person the last word', async () => {
      await open();
      await open({ about: 'tx:tx-2' });
      await settle('resolved');
      await settle('proposed', 'tx:tx-2');
      await settle('resolved', 'tx:unknown');
      const [gone, proposed] = await Promise.all([open2('tx:tx-1'), open2('tx:tx-2')]);
      expect(gone).toMatchObject({
        state: 'resolved',
        resolution: 'It is gone.',
        resolvedBy: SYSTEM,
        resolvedAt: at(3),
      });
      expect(proposed).toMatchObject({ state: 'proposed', resolvedBy: null, resolvedAt: null });
      expect(await store.countOpen()).toEqual({ 'time-differs': 1 });
    });

    it('passes over what a person has resolved', async () => {
      await resolve(await open(), 'Ann');
      await settle('resolved');
      expect(await open2('tx:tx-1')).toMatchObject({ resolution: 'Looked.', resolvedBy: 'Ann' });
    });

    it.each(['resolved', 'proposed'] as const)(
      'opens again what the system had %s, when the same difference comes back',
      async (as) => {
        const first = await open();
        await settle(as);
        const again = await open({}, at(60));
        expect(again).toMatchObject({ id: first.id, state: 'open', resolution: null });
        expect(again).toMatchObject({ openedAt: at(60), dueAt: plusMs(at(60), 7 * DAY_MS) });
        expect(again.rev).toBe(3);
      },
    );

    it('leaves resolved what a person has resolved, until something else differs', async () => {
      await resolve(await open(), 'Ann');
      expect(await open({}, at(60))).toMatchObject({ state: 'resolved', resolvedBy: 'Ann' });
      const again = await open({ fingerprint: 'v2' }, at(70));
      expect(again).toMatchObject({ state: 'open', fingerprint: 'v2', resolvedBy: null });
      expect(again.comments.at(-1)?.text).toContain('Ann');
    });

    const open2 = async (about: string): Promise<Break> => {
      const [one] = await store.find([{ kind: 'time-differs', about }]);
      return one!;
    };
  });

  it('saves a change by a person once, and refuses one made from an older copy', async () => {
    const one = await open();
    expect(await store.save({ ...one, owner: 'Ann' })).toBe(true);
    expect(await store.save({ ...one, owner: 'Bob' })).toBe(false);
    expect(await store.get(one.id)).toEqual({ ...one, owner: 'Ann', rev: 2 });
  });

  describe('what is open for rentals and payments', () => {
    it('is found until it is resolved', async () => {
      await open({ about: 'a', subjects: ['r_1', 'tx:tx-1'] });
      await open({ about: 'b', subjects: ['r_1'] });
      await open({ about: 'c', subjects: ['r_2', 'tx:tx-2'] });
      await settle('proposed', 'a');
      const abouts = async (...subjects: string[]): Promise<string[]> =>
        (await store.openFor(subjects, ['time-differs'])).map(({ about }) => about).sort();
      expect(await abouts('r_1')).toEqual(['a', 'b']);
      expect(await abouts('tx:tx-2', 'r_1')).toEqual(['a', 'b', 'c']);
      await settle('resolved', 'b');
      expect(await abouts('r_1')).toEqual(['a']);
      expect(await abouts('r_9')).toEqual([]);
      expect(await store.find([{ kind: 'lock-by-hand', about: 'a' }])).toEqual([]);
    });

    it('is found for many rentals, few of which have any', async () => {
      await open({ about: 'a', subjects: ['r_1', 'r_299'] });
      await open({ about: 'b', subjects: ['r_2'] });
      await open({ about: 'c', subjects: ['r_300'] });
      await settle('resolved', 'b');
      const rentals = Array.from({ length: 300 }, (_, n) => `r_${n}`);
      const found = await store.openFor(rentals, ['time-differs']);
      expect(found.map(({ about }) => about)).toEqual(['a']);
      expect(await store.openFor(rentals.slice(2, 200), ['time-differs'])).toEqual([]);
    });

    it('is found for many rentals, however much of other kinds is open', async () => {
      const rentals = shuffled(300).map((n) => `r_${n}`);
      const kinds = ['unexplained-time', 'expiry-by-hand'] as const;
      const opened = rentals.flatMap((rental) => [
        ...kinds.map((kind) => opening({ kind, about: rental, subjects: [rental] })),
        ...[1, 2].map((n) => opening({ about: `tx:${rental}-${n}`, subjects: [rental] })),
      ]);
      await store.open(opened);
      const found = await store.openFor(rentals, kinds);
      expect(found).toHaveLength(600);
      expect(new Set(found.map(({ kind, about }) => `${kind} ${about}`)).size).toBe(600);
      expect(await store.openFor([], kinds)).toEqual([]);
    });
  });

  describe('listing', () => {
    const all: BreakQuery = {
      limit: 50,
      cursor: null,
      kind: null,
      owner: null,
      state: null,
      regions: [],
    };

    it('goes from the latest opened to the first, each once, also of one instant', async () => {
      const numbers = shuffled(23);
      await store.open(
        numbers.map((n) => opening({ about: `tx:${n}` }, { now: at(Math.floor(n / 5)) })),
      );
      const found = await walk((page) => store.list({ ...all, ...page }), 4);
      expect(new Set(found.map(({ about }) => about)).size).toBe(23);
      const times = found.map(({ openedAt }) => openedAt);
      expect(times).toEqual([...times].sort((a, b) => b - a));
    });

    it('keeps to kind, owner, state and regions', async () => {
      await store.open([
        opening({ about: '1' }),
        opening({ about: '2', kind: 'lock-by-hand' }),
        opening({ about: '3' }, { owner: 'Ann' }),
        opening({ about: '4' }, { region: 'Bay' }),
        opening({ about: '5' }, { region: null }),
      ]);
      await settle('resolved', '1');
      const abouts = async (query: Partial<BreakQuery>): Promise<string[]> =>
        (await store.list({ ...all, ...query })).rows.map(({ about }) => about).sort();
      expect(await abouts({})).toEqual(['1', '2', '3', '4', '5']);
      expect(await abouts({ kind: 'lock-by-hand' })).toEqual(['2']);
      expect(await abouts({ owner: 'Ann' })).toEqual(['3']);
      expect(await abouts({ state: 'resolved' })).toEqual(['1']);
      expect(await abouts({ state: 'open', regions: ['Ahern'] })).toEqual(['2', '3']);
      expect(await abouts({ regions: ['Bay', 'Ahern'] })).toEqual(['1', '2', '3', '4']);
      const changed = await store.find([{ kind: 'time-differs', about: '4' }]);
      await store.save({ ...changed[0]!, owner: 'Bob' });
      expect(await abouts({ regions: ['Bay'] })).toEqual(['4']);
    });
  });
}
