/** Units in memory, as the contract of UnitStore says. */
import type { RentalId, UnitId } from '../../../src/domain/ids';
import type { KeptWord, Unit, UnitStore } from '../../../src/flows/ports/upkeep-ports';

export function createFakeUnitStore(): UnitStore {
  const units = new Map<UnitId, Unit>();
  const rentals = new Map<UnitId, RentalId>();
  const get = (ids: readonly UnitId[]): Unit[] =>
    ids.flatMap((id) => {
      const unit = units.get(id);
      return unit === undefined
        ? []
        : [structuredClone({ ...unit, rentalId: rentals.get(id) ?? null })];
    });

  return {
    async keep(words) {
      for (const kept of words) {
        units.set(kept.word.unitId, merged(units.get(kept.word.unitId), kept));
      }
    },
    get: async (ids) => get([...new Set(ids)]),
    async claim(unitId, rentalId) {
      const holder = rentals.get(unitId) ?? rentalId;
      rentals.set(unitId, holder);
      return holder === rentalId;
    },
  };
}

function merged(stored: Unit | undefined, kept: KeptWord): Unit {
  const { word, streamRank, seenAt, currentThrough } = structuredClone(kept);
  const fresh: Unit = { ...word, streamRank, seenAt, currentThrough, rentalId: null };
  if (stored === undefined || streamRank > stored.streamRank) return fresh;
  if (streamRank < stored.streamRank) return stored;
  const through = latest(stored.currentThrough, currentThrough);
  if (word.version < stored.version) return stored;
  if (word.version > stored.version) return { ...fresh, currentThrough: through };
  const base = seenAt >= stored.seenAt ? fresh : stored;
  return { ...base, currentThrough: through };
}

function latest<At extends number>(a: At | null, b: At | null): At | null {
  if (a === null || b === null) return a ?? b;
  return a >= b ? a : b;
}
