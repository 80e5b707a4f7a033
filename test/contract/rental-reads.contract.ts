/** What every RentalStore keeps to when it is asked, and about wishes that fall due. */
import { parseRentalId, parseUnitId, type RentalId, type UnitId } from '../../src/domain/ids';
import type { RentalQuery, RentalStore } from '../../src/flows/ports/money-ports';
import { agent, rentalOf } from '../support/estate';
import { at, wholeRental } from './money-rows';
import { shuffled, walk } from './walk';

const id = parseRentalId('r_1');

export function rentalReadsContract(create: () => Promise<RentalStore>): void {
  let store: RentalStore;
  beforeEach(async () => {
    store = await create();
  });
  const idsOf = (rows: readonly { readonly id: RentalId }[]): string[] =>
    rows.map((one) => one.id).sort();

  it('gives one of many that are asked for at once, to each its own', async () => {
    const rentals = shuffled(120).map((n) => rentalOf(n));
    await store.save(rentals);
    const asked = [...rentals, ...rentals.slice(0, 30)].map((one) => one.id);
    const found = await Promise.all(
      [...asked, parseRentalId('r_none')].map((one) => store.one(one)),
    );
    expect(found.slice(0, -1).map((one) => one?.id)).toEqual(asked);
    expect(found.at(-1)).toBeNull();
  });

  it('shows who asks what was written before, however busy it is', async () => {
    await store.save([rentalOf(1)]);
    await Promise.all(
      shuffled(30).map(async () => {
        await Promise.all([store.one(id), store.noteBoxClear(id, at(1)), store.one(id)]);
        expect((await store.one(id))?.boxClearAt).toBe(at(1));
      }),
    );
  });

  it('finds rentals by their units', async () => {
    await store.save([rentalOf(1), rentalOf(2), rentalOf(3, { unitId: null, verifiedBy: 'box' })]);
    const found = await store.byUnits(['unit-2', 'unit-9'].map(parseUnitId));
    expect(idsOf(found)).toEqual(['r_2']);
    expect(await store.byUnits([])).toEqual([]);
  });

  describe('what falls due', () => {
    it('gives second keys that are due, the earliest first', async () => {
      const due = [3, 1, 2, 4].map((n) => rentalOf(n, { secondKeyAt: at(n) }));
      await store.save([...due, rentalOf(5)]);
      expect((await store.secondKeysDue(at(3), 9)).map((one) => one.id)).toEqual([
        'r_1',
        'r_2',
        'r_3',
      ]);
      expect((await store.secondKeysDue(at(3), 1)).map((one) => one.id)).toEqual(['r_1']);
    });

    it('gives wishes for a resync that are due, earliest first, until they are met', async () => {
      await store.save([1, 2, 3].map((n) => rentalOf(n)));
      await store.askResync([parseRentalId('r_2')], at(2));
      await store.askResync([parseRentalId('r_3'), id], at(1));
      await store.askResync([parseRentalId('r_none')], at(1));
      expect(idsOf(await store.resyncsDue(at(1), 9))).toEqual(['r_1', 'r_3']);
      expect((await store.resyncsDue(at(2), 9)).at(-1)?.id).toBe('r_2');
      await store.resyncDone(id, at(1));
      expect(idsOf(await store.resyncsDue(at(9), 9))).toEqual(['r_2', 'r_3']);
      expect((await store.one(id))?.resyncAt).toBeNull();
    });

    it('keeps the earliest wish, and does not take its end for that of a later one', async () => {
      await store.save([rentalOf(1)]);
      const wish = async () => (await store.one(id))?.resyncAt ?? null;
      await store.askResync([id], at(5));
      await store.askResync([id], at(3));
      await store.askResync([id], at(4));
      expect(await wish()).toBe(at(3));
      await store.resyncDone(id, at(3));
      expect(await wish()).toBe(at(5));
      await store.resyncDone(id, at(4));
      expect(await wish()).toBe(at(5));
      await store.resyncDone(id, at(5));
      expect(await wish()).toBeNull();
      await store.askResync([id], at(4));
      await store.resyncDone(id, at(4));
      expect(await wish()).toBeNull();
      await store.save([wholeRental(2)]);
      await store.resyncDone(parseRentalId('r_2'), at(7));
      expect((await store.one(parseRentalId('r_2')))?.resyncAt).toBeNull();
    });

    it('notes that a box is clear, later words only', async () => {
      await store.save([rentalOf(1)]);
      await Promise.all([3, 1, 2].map((n) => store.noteBoxClear(id, at(n))));
      await store.noteBoxClear(parseRentalId('r_none'), at(9));
      expect(await store.one(id)).toMatchObject({ boxClearAt: at(3), rev: 1 });
    });
  });

  describe('paging through all', () => {
    it('gives rentals with a unit in binary order of the unit, each once', async () => {
      const units = [...shuffled(25).map((n) => `u${n}`), 'B', 'a', 'Z-1', '-', '~', '!x'];
      const rentals = units.map((unit, n) => rentalOf(n, { unitId: parseUnitId(unit) }));
      await store.save([...rentals, rentalOf(99, { unitId: null, verifiedBy: 'box' })]);
      const seen: string[] = [];
      let after: UnitId | null = null;
      for (;;) {
        const page = await store.pageByUnit(after, null, 7);
        seen.push(...page.map(({ unitId }) => unitId!));
        if (page.length < 7) break;
        after = page.at(-1)!.unitId;
      }
      expect(seen).toEqual([...units].sort((a, b) => (a < b ? -1 : 1)));
    });

    it('begins where it is told, also twice, and in two walks at once', async () => {
      await store.save(shuffled(30).map((n) => rentalOf(n + 10)));
      const first = await store.pageByUnit(null, null, 10);
      const last = first.at(-1)!.unitId;
      const [second, again] = [
        await store.pageByUnit(last, null, 10),
        await store.pageByUnit(last, null, 10),
      ];
      expect(again).toEqual(second);
      const [third, other] = await Promise.all([
        store.pageByUnit(second.at(-1)!.unitId, null, 10),
        store.pageByUnit(null, null, 10),
      ]);
      expect(other).toEqual(first);
      expect([...first, ...second, ...third]).toHaveLength(30);
      expect(new Set([...first, ...second, ...third].map((one) => one.id)).size).toBe(30);
    });

    it('ends with the unit that it is told, and begins behind the other', async () => {
      const units = ['a', 'b', 'ba', 'c', 'cc', 'd'].map((unit) => parseUnitId(unit));
      await store.save(shuffled(6).map((n) => rentalOf(n, { unitId: units[n]! })));
      const between = async (after: UnitId | null, through: string, limit: number) =>
        (await store.pageByUnit(after, parseUnitId(through), limit)).map(({ unitId }) => unitId);
      expect(await between(null, 'b', 9)).toEqual(['a', 'b']);
      expect(await between(units[1]!, 'cb', 9)).toEqual(['ba', 'c']);
      expect(await between(units[1]!, 'z', 2)).toEqual(['ba', 'c']);
      expect(await between(units[5]!, 'z', 9)).toEqual([]);
    });

    it('gives rentals without a provider in order of id', async () => {
      const solo = shuffled(9).map((n) => rentalOf(n, { unitId: null, verifiedBy: 'box' }));
      await store.save([...solo, rentalOf(20)]);
      const first = await store.pageWithoutUnit(null, 5);
      const rest = await store.pageWithoutUnit(first.at(-1)!.id, 5);
      expect([...first, ...rest].map((one) => one.id)).toEqual(solo.map((one) => one.id).sort());
    });
  });

  describe('listing', () => {
    const all: RentalQuery = { limit: 50, cursor: null, regions: [], text: null };
    const found = async (query: Partial<RentalQuery>): Promise<string[]> =>
      idsOf((await store.list({ ...all, ...query })).rows);

    it('gives each rental once, page by page, in regions or in all', async () => {
      await store.save(
        shuffled(23).map((n) => rentalOf(n, { region: ['Ahern', 'Bay', 'Morris'][n % 3]! })),
      );
      const rows = await walk((page) => store.list({ ...all, ...page }), 5);
      expect(new Set(rows.map((one) => one.id)).size).toBe(23);
      const regions = ['Ahern', 'Morris'];
      const some = await walk((page) => store.list({ ...all, ...page, regions }), 4);
      expect(some).toHaveLength(15);
      expect(some.every((one) => regions.includes(one.region))).toBe(true);
    });

    it('finds a part of name, region, parcel, unit or tenant, whatever its case', async () => {
      const { tenancy } = wholeRental(6);
      const tenant = { ...agent(6), name: 'Ägir (Loading...)' };
      await store.save([
        rentalOf(1, { name: 'Harbour View' }),
        rentalOf(2, { region: 'Harbourside' }),
        rentalOf(3, { parcel: 'The harbour' }),
        rentalOf(4, { unitId: parseUnitId('HARBOUR-4') }),
        rentalOf(5, { name: '$cost* [x] ^.\\', parcel: 'a.c' }),
        rentalOf(6, { tenancy: { ...tenancy!, tenant } }),
      ]);
      expect(await found({ text: 'hArBoUr' })).toEqual(['r_1', 'r_2', 'r_3', 'r_4']);
      expect(await found({ text: 'harbour', regions: ['Harbourside'] })).toEqual(['r_2']);
      for (const text of ['$cost* [x] ^.\\', 'A.C', '^.']) {
        expect(await found({ text })).toEqual(['r_5']);
      }
      expect(await found({ text: 'ägir (' })).toEqual(['r_6']);
      expect(await found({ text: 'a\0b' })).toEqual([]);
      expect(await found({ text: '' })).toHaveLength(6);
    });
  });
}
