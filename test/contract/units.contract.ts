/** What every UnitStore keeps to, whatever it keeps its rows in. */
import type { AgentKey, RentalId, UnitId } from '../../src/domain/ids';
import type { Instant } from '../../src/domain/time';
import type { UnitWord } from '../../src/domain/unit';
import type { KeptWord, UnitStore } from '../../src/flows/ports/upkeep-ports';
import { shuffled } from './walk';

const at = (ms: number): Instant => (1_772_000_000_000 + ms) as Instant;

interface Said {
  readonly unit?: string;
  readonly version: number;
  readonly rank?: number;
  readonly seen?: number;
  readonly through?: number | null;
  readonly word?: Partial<UnitWord>;
}

function kept({
  unit = 'unit-1',
  version,
  rank = 1,
  seen = 0,
  through = null,
  word,
}: Said): KeptWord {
  return {
    word: {
      unitId: unit as UnitId,
      version,
      objectKey: null,
      name: '$first floor . left',
      region: 'Ahern',
      parcel: 'Harbour',
      tenant: { key: '22222222-2222-4222-8222-222222222222' as AgentKey, name: '$ünï 🏝' },
      rentedUntil: at(1000 + version),
      status: 'rented',
      price: 196,
      term: 'week',
      locked: false,
      updatedAt: at(version),
      ...word,
    },
    streamRank: rank,
    seenAt: at(seen),
    currentThrough: through === null ? null : at(through),
  };
}

export function unitStoreContract(create: () => Promise<UnitStore>): void {
  let store: UnitStore;
  const stand = async () => {
    const [unit] = await store.get(['unit-1' as UnitId]);
    return unit;
  };
  beforeEach(async () => {
    store = await create();
  });

  describe('keeping the words about a unit', () => {
    it('keeps the first word whole', async () => {
      const first = kept({ version: 3, seen: 5, through: 4 });
      const { word, ...known } = first;
      await store.keep([first]);
      expect(await stand()).toEqual({ ...word, ...known, rentalId: null });
    });

    it('keeps a word in which nothing is known', async () => {
      const blank = { objectKey: null, tenant: null, rentedUntil: null, price: null, term: null };
      const first = kept({ version: 0, rank: 0, word: blank });
      await store.keep([first]);
      expect(await stand()).toMatchObject({ ...blank, version: 0, streamRank: 0 });
    });

    it('takes a later version, and passes over an earlier one', async () => {
      await store.keep([kept({ version: 3, seen: 1 })]);
      await store.keep([kept({ version: 5, seen: 2, word: { tenant: null } })]);
      await store.keep([kept({ version: 4, seen: 3 })]);
      expect(await stand()).toMatchObject({ version: 5, tenant: null, seenAt: at(2) });
    });

    it('lets a later stream outrank an earlier one, whatever the version', async () => {
      await store.keep([kept({ version: 90, rank: 1, through: 80 })]);
      await store.keep([kept({ version: 2, rank: 2 })]);
      await store.keep([kept({ version: 91, rank: 1, through: 95 })]);
      expect(await stand()).toMatchObject({ version: 2, streamRank: 2 });
    });

    it('takes nothing seen of an earlier stream for proof about a later one', async () => {
      await store.keep([kept({ version: 9, rank: 1, through: 80 })]);
      await store.keep([kept({ version: 2, rank: 2, through: null })]);
      expect((await stand())?.currentThrough).toBeNull();
      await store.keep([kept({ version: 2, rank: 2, through: 30 })]);
      expect((await stand())?.currentThrough).toBe(at(30));
    });

    it('raises how far a unit is current, never lowers it, within a stream', async () => {
      const through = async () => (await stand())?.currentThrough;
      await store.keep([kept({ version: 3, through: 10 })]);
      await store.keep([kept({ version: 3, through: 20, seen: 2 })]);
      expect(await through()).toBe(at(20));
      await store.keep([kept({ version: 4, through: 15 })]);
      expect(await through()).toBe(at(20));
      await store.keep([kept({ version: 4, through: null })]);
      expect(await through()).toBe(at(20));
    });

    it('takes no lower version for proof that a higher one still stands', async () => {
      await store.keep([kept({ version: 4, through: 10 })]);
      await store.keep([kept({ version: 2, through: 30 })]);
      expect(await stand()).toMatchObject({ version: 4, currentThrough: at(10) });
    });

    it('notes when the same version is heard again later', async () => {
      await store.keep([kept({ version: 3, seen: 10 })]);
      await store.keep([kept({ version: 3, seen: 20 })]);
      expect((await stand())?.seenAt).toBe(at(20));
      await store.keep([kept({ version: 3, seen: 15 })]);
      expect((await stand())?.seenAt).toBe(at(20));
    });

    it('takes a batch of hundreds, with several words about one unit in it', async () => {
      const batch = shuffled(600).map((n) => kept({ unit: `u${n % 300}`, version: 1 + n }));
      await store.keep(batch);
      const units = await store.get(shuffled(300).map((n) => `u${n}` as UnitId));
      expect(units).toHaveLength(300);
      for (const unit of units) expect(unit.version).toBe(301 + Number(unit.unitId.slice(1)));
    });

    it('never loses the highest word, however many are kept at once', async () => {
      const words = shuffled(40).map((n) =>
        kept({ version: n % 10, rank: 1 + Math.floor(n / 10), through: n, seen: n }),
      );
      await Promise.all(words.map((word) => store.keep([word])));
      expect(await stand()).toMatchObject({
        version: 9,
        streamRank: 4,
        seenAt: at(39),
        currentThrough: at(39),
      });
    });

    it('never loses the highest words of batches that meet', async () => {
      const batches = Array.from({ length: 8 }, (_, seed) =>
        shuffled(120, seed + 1).map((n) =>
          kept({ unit: `u${n % 30}`, version: n, rank: 1 + (seed % 2), through: seed }),
        ),
      );
      await Promise.all(batches.map((batch) => store.keep(batch)));
      const units = await store.get(shuffled(30).map((n) => `u${n}` as UnitId));
      expect(units).toHaveLength(30);
      for (const unit of units) {
        const highest = 90 + Number(unit.unitId.slice(1));
        expect(unit).toMatchObject({ version: highest, streamRank: 2, currentThrough: at(7) });
      }
    });

    it('does nothing for no words', async () => {
      await store.keep([]);
      expect(await stand()).toBeUndefined();
    });
  });

  describe('claiming a unit for a rental', () => {
    const mine = 'r_mine' as RentalId;
    const other = 'r_other' as RentalId;

    it('gives a unit to one rental, for good', async () => {
      const unit = 'unit-1' as UnitId;
      await store.keep([kept({ version: 1 })]);
      expect(await store.claim(unit, mine)).toBe(true);
      expect(await store.claim(unit, other)).toBe(false);
      expect(await store.claim(unit, mine)).toBe(true);
      await store.keep([kept({ version: 2, rank: 2 })]);
      expect(await stand()).toMatchObject({ version: 2, rentalId: mine });
    });

    it('gives a unit to one of many rentals that ask at once', async () => {
      await store.keep([kept({ version: 1 })]);
      const rentals = shuffled(20).map((n) => `r_${n}` as RentalId);
      const won = await Promise.all(rentals.map((id) => store.claim('unit-1' as UnitId, id)));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await stand())?.rentalId).toBe(rentals[won.indexOf(true)]);
    });

    it('keeps a claim on a unit of which no word has come yet', async () => {
      const unit = 'unit-1' as UnitId;
      const rentals = shuffled(20).map((n) => `r_${n}` as RentalId);
      const won = await Promise.all(rentals.map((id) => store.claim(unit, id)));
      const holder = rentals[won.indexOf(true)];
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await store.get([unit])).toEqual([]);
      await store.keep([kept({ version: 1 })]);
      expect(await stand()).toMatchObject({ version: 1, rentalId: holder });
    });
  });
}
