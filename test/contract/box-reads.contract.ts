/** What every BoxStore keeps to when it is read, whatever it keeps its rows in. */
import type { BoxId, RentalId } from '../../src/domain/ids';
import type { BoxStore } from '../../src/flows/ports/upkeep-ports';
import { aBox, at, bare } from './box-rows';
import { shuffled, walk } from './walk';

export interface BoxStoreSubject {
  readonly store: BoxStore;
  /** Says in which region a rental lies. */
  place(rental: RentalId, region: string): Promise<void>;
}

export function boxReadsContract(create: () => Promise<BoxStoreSubject>): void {
  let store: BoxStore;
  let place: BoxStoreSubject['place'];
  beforeEach(async () => {
    ({ store, place } = await create());
  });

  describe('reading boxes', () => {
    it('leaves out what is not there', async () => {
      await store.save([aBox('a')]);
      const ids = ['box_none', 'box_a', 'box_a'] as BoxId[];
      expect((await store.get(ids)).map(({ id }) => id)).toEqual(['box_a']);
      expect(await store.one('box_none' as BoxId)).toBeNull();
    });

    it('shows each of many readers at once what was saved before it asked', async () => {
      await store.save(Array.from({ length: 5 }, (_, n) => aBox(`many${n}`)));
      const reads = await Promise.all(
        Array.from({ length: 50 }, (_, n) => store.one(`box_many${n % 6}` as BoxId)),
      );
      const seen = reads.map((box) => box?.id ?? null);
      expect(seen).toEqual(
        Array.from({ length: 50 }, (_, n) => (n % 6 === 5 ? null : `box_many${n % 6}`)),
      );
    });

    it('finds the box that a pairing key names', async () => {
      const pairing = { key: 'pair_ZZ99', code: 'ZZ99-abc', expiresAt: at(1), usedBy: null };
      await store.save([aBox('a'), aBox('b', { pairing }), aBox('c', bare)]);
      expect((await store.byPairingKey('pair_ZZ99')).map(({ id }) => id)).toEqual(['box_b']);
      expect((await store.byPairingKey('pair_ZZ99'))[0]?.pairing).toEqual(pairing);
      expect(await store.byPairingKey('pair_none')).toEqual([]);
    });

    it('lists every box once, page by page', async () => {
      await store.save(shuffled(23).map((n) => aBox(`n${n}`)));
      const listed = await walk((input) => store.list({ ...input, regions: [] }), 5);
      expect(listed.map(({ id }) => id).sort()).toEqual(
        Array.from({ length: 23 }, (_, n) => `box_n${n}`).sort(),
      );
    });

    it('lists the boxes of given regions only, the retired ones too', async () => {
      for (const n of shuffled(20)) {
        await place(`r_n${n}` as RentalId, ['Ahern', 'Bonifacio', 'Cuddle'][n % 3]!);
      }
      await store.save(shuffled(20).map((n) => aBox(`n${n}`)));
      await store.save([aBox('old', { rentalId: 'r_n0' as RentalId, state: 'retired' })]);
      const regions = ['Ahern', 'Cuddle'];
      const listed = await walk((input) => store.list({ ...input, regions }), 1);
      const expected = [
        'box_old',
        ...shuffled(20).flatMap((n) => (n % 3 === 1 ? [] : `box_n${n}`)),
      ];
      expect(listed.map(({ id }) => id).sort()).toEqual(expected.sort());
    });
  });
}
