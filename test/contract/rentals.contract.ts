/** What every RentalStore keeps to when it is written, whatever it keeps its rows in. */
import { parseRentalId, parseUnitId, type RentalId, type UnitId } from '../../src/domain/ids';
import type { Rental, UnitClaim } from '../../src/domain/rental';
import type { RentalStore } from '../../src/flows/ports/money-ports';
import { rentalOf } from '../support/estate';
import { at, claimOf, wholeRental } from './money-rows';
import { savingContract } from './saving.contract';
import { shuffled } from './walk';

const id = parseRentalId('r_1');
const unit = parseUnitId('unit-1');

export function rentalStoreContract(create: () => Promise<RentalStore>): void {
  let store: RentalStore;
  beforeEach(async () => {
    store = await create();
  });
  const read = async (): Promise<Rental> => (await store.one(id))!;
  const note = (over: Partial<UnitClaim>, of: UnitId = unit): Promise<void> =>
    store.noteClaims(new Map([[of, claimOf(over)]]));

  describe('saving', () => {
    savingContract<RentalId, Rental>(create, {
      row: wholeRental,
      idOf: (row) => row.id,
      changed: (row, text) => ({
        ...row,
        name: text,
        tenancy: null,
        cache: null,
        secondKeyAt: null,
      }),
    });

    it('keeps a rental without a provider, and one that is given a unit', async () => {
      const bare = rentalOf(1, { unitId: null, verifiedBy: 'box' });
      await store.save([bare]);
      expect(await read()).toEqual({ ...bare, rev: 1 });
      const { rev } = await read();
      await store.save([{ ...bare, rev, unitId: unit, verifiedBy: 'provider' }]);
      expect(await store.byUnits([unit])).toHaveLength(1);
      expect(await store.pageWithoutUnit(null, 5)).toEqual([]);
    });

    it('leaves alone what was heard since the rental was read', async () => {
      await store.save([rentalOf(1)]);
      const before = await read();
      await note({ version: 9 });
      await store.noteBoxClear(id, at(2));
      await store.askResync([id], at(3));
      expect(await store.save([{ ...before, name: 'New' }])).toEqual(new Set([id]));
      expect(await read()).toEqual({
        ...before,
        rev: 2,
        name: 'New',
        claim: claimOf({ version: 9 }),
        boxClearAt: at(2),
        resyncAt: at(3),
      });
    });
  });

  describe('refreshing caches', () => {
    const { cache } = wholeRental(1);

    it('writes the cache and the second key by revision, and nothing else', async () => {
      await store.save([wholeRental(1), rentalOf(2)]);
      const before = await read();
      const fresh = { ...cache!, throughSeq: 8, paidUntil: at(99) };
      const rows = [{ id, rev: 1, cache: fresh, secondKeyAt: at(70) }];
      expect(await store.refresh(rows)).toEqual(new Set([id]));
      expect(await store.refresh(rows)).toEqual(new Set());
      expect(await read()).toEqual({ ...before, rev: 2, cache: fresh, secondKeyAt: at(70) });
      await store.refresh([{ id, rev: 2, cache: null, secondKeyAt: null }]);
      expect(await read()).toMatchObject({ cache: null, secondKeyAt: null, rev: 3 });
    });

    it('makes nothing of a rental that is not there', async () => {
      const rows = [{ id, rev: 0, cache, secondKeyAt: null }];
      expect(await store.refresh(rows)).toEqual(new Set());
      expect(await store.one(id)).toBeNull();
    });

    it('lets either a save or a refresh win where both have read the same', async () => {
      const rentals = shuffled(40).map((n) => wholeRental(n));
      await store.save(rentals);
      const known = await store.get(rentals.map((one) => one.id));
      const [refreshed, saved] = await Promise.all([
        store.refresh(known.map((one) => ({ ...one, secondKeyAt: at(1), rev: one.rev }))),
        store.save(known.map((one) => ({ ...one, name: 'Saved' }))),
      ]);
      for (const one of await store.get(rentals.map((rental) => rental.id))) {
        expect([refreshed.has(one.id), saved.has(one.id)].filter(Boolean)).toHaveLength(1);
        expect(one.rev).toBe(2);
        expect(one.name === 'Saved').toBe(saved.has(one.id));
        expect(one.secondKeyAt === at(1)).toBe(refreshed.has(one.id));
      }
    });
  });

  describe('noting what the provider claims', () => {
    beforeEach(async () => {
      await store.save([rentalOf(1), rentalOf(2)]);
    });
    const claim = async (): Promise<UnitClaim | null> => (await read()).claim;

    it('keeps the claim beside the rental of its unit, and raises no revision', async () => {
      const bare = { tenant: null, rentedUntil: null, currentThrough: null };
      await note({ ...bare, status: 'unknown', streamRank: 0, version: 0 });
      expect(await claim()).toEqual(
        claimOf({ ...bare, status: 'unknown', streamRank: 0, version: 0 }),
      );
      await note({ version: 3 });
      expect(await claim()).toEqual(claimOf({ version: 3 }));
      expect((await read()).rev).toBe(1);
      expect((await store.one(parseRentalId('r_2')))?.claim).toBeNull();
    });

    it('passes over claims about units that are none of ours', async () => {
      await note({}, parseUnitId('unit-9'));
      await store.noteClaims(new Map());
      expect(await claim()).toBeNull();
    });

    it('takes a later version, and passes over an earlier one', async () => {
      await note({ version: 5 });
      await note({ version: 4, seenAt: at(9) });
      expect(await claim()).toEqual(claimOf({ version: 5 }));
    });

    it('lets a later stream outrank an earlier one, and begins anew under it', async () => {
      await note({ version: 90, streamRank: 1, currentThrough: at(8) });
      await note({ version: 2, streamRank: 2, currentThrough: null });
      await note({ version: 91, streamRank: 1, currentThrough: at(9) });
      const anew = claimOf({ version: 2, streamRank: 2, currentThrough: null });
      expect(await claim()).toEqual(anew);
    });

    it('raises how far the claim is current, never lowers it, within a stream', async () => {
      await note({ version: 3, currentThrough: at(1) });
      await note({ version: 3, currentThrough: at(4), seenAt: at(4) });
      expect(await claim()).toMatchObject({ currentThrough: at(4), seenAt: at(4) });
      await note({ version: 4, currentThrough: at(3), seenAt: at(5) });
      expect(await claim()).toMatchObject({ version: 4, currentThrough: at(4), seenAt: at(5) });
      await note({ version: 4, currentThrough: null, seenAt: at(6) });
      expect(await claim()).toMatchObject({ currentThrough: at(4), seenAt: at(6) });
    });

    it('takes no lower version for proof that a higher one still stands', async () => {
      await note({ version: 4, currentThrough: at(1) });
      await note({ version: 3, currentThrough: at(9), seenAt: at(9) });
      expect(await claim()).toMatchObject({ version: 4, currentThrough: at(1) });
    });

    it('never loses the highest, however many are noted at once, amid saves', async () => {
      const claims = shuffled(30).map((n) => ({
        version: n % 10,
        streamRank: 1 + Math.floor(n / 10),
        seenAt: at(n),
        currentThrough: at(n),
      }));
      const saves = async (): Promise<void> => {
        for (let round = 0; round < 5; round += 1) {
          const before = await read();
          expect(await store.save([{ ...before, name: `${round}` }])).toEqual(new Set([id]));
        }
      };
      await Promise.all([...claims.map((one) => note(one)), saves()]);
      const highest = { version: 9, streamRank: 3, seenAt: at(29), currentThrough: at(29) };
      expect(await read()).toMatchObject({ name: '4', rev: 6, claim: highest });
    });

    it('takes the claims of hundreds of units at once', async () => {
      const rentals = shuffled(300).map((n) => rentalOf(n + 10));
      await store.save(rentals);
      await store.noteClaims(
        new Map(rentals.map((one, i) => [one.unitId!, claimOf({ version: i })])),
      );
      const kept = await store.get(rentals.map((one) => one.id));
      const versions = new Map(kept.map((one) => [one.id, one.claim?.version]));
      rentals.forEach((one, i) => expect(versions.get(one.id)).toBe(i));
    });
  });
}
