/** Rentals in memory, as the contract of RentalStore says. */
import type { RentalId } from '../../../src/domain/ids';
import type { Rental } from '../../../src/domain/rental';
import type { RentalQuery, RentalStore } from '../../../src/flows/ports';
import { binary, pageOf } from './page-of';
import { savedRows } from './saved-rows';

export interface FakeRentalStore extends RentalStore {
  all(): Rental[];
}

/** Fields that competing writers set by themselves, whatever `rev` says. */
const besides = ({ claim, resyncAt, boxClearAt }: Rental) => ({ claim, resyncAt, boxClearAt });

export function createFakeRentalStore(): FakeRentalStore {
  const kept = savedRows<RentalId, Rental>(
    (rental) => rental.id,
    (next, stored) => ({ ...next, ...besides(stored) }),
  );
  const where = (wanted: (rental: Rental) => boolean): Rental[] => kept.all().filter(wanted);
  const change = (id: RentalId, how: (rental: Rental) => Rental): void => {
    const rental = kept.rows.get(id);
    if (rental !== undefined) kept.rows.set(id, structuredClone(how(rental)));
  };
  return {
    all: kept.all,
    get: async (ids) => kept.get(ids),
    one: async (id) => kept.get([id])[0] ?? null,
    byUnits: async (ids) => where((one) => one.unitId !== null && ids.includes(one.unitId)),
    save: async (rentals) => kept.save(rentals),
    refresh: async (rows) =>
      kept.save(
        rows.flatMap((row) => {
          const [stored] = kept.get([row.id]);
          if (stored === undefined) return [];
          const { rev, cache, secondKeyAt } = row;
          return [{ ...stored, rev, cache, secondKeyAt }];
        }),
      ),
    async noteClaims(claims) {
      for (const one of kept.all()) {
        const claim = one.unitId === null ? undefined : claims.get(one.unitId);
        if (claim !== undefined && isLater(claim, one.claim)) {
          change(one.id, (rental) => ({ ...rental, claim }));
        }
      }
    },
    async askResync(ids, at) {
      for (const id of ids) {
        change(id, (rental) => {
          const earlier = rental.resyncAt !== null && rental.resyncAt <= at;
          return earlier ? rental : { ...rental, resyncAt: at };
        });
      }
    },
    async resyncDone(id, askedAt) {
      change(id, (rental) =>
        rental.resyncAt === askedAt ? { ...rental, resyncAt: null } : rental,
      );
    },
    async noteBoxClear(id, at) {
      change(id, (rental) => {
        const later = rental.boxClearAt !== null && rental.boxClearAt >= at;
        return later ? rental : { ...rental, boxClearAt: at };
      });
    },
    secondKeysDue: async (now, limit) =>
      where((one) => one.secondKeyAt !== null && one.secondKeyAt <= now).slice(0, limit),
    resyncsDue: async (now, limit) =>
      where((one) => one.resyncAt !== null && one.resyncAt <= now).slice(0, limit),
    list: async (query) =>
      pageOf(
        where((one) => isWanted(query, one)).sort((a, b) => binary(a.id, b.id)),
        query,
        (one) => one.id,
      ),
    pageByUnit: async (after, limit) =>
      where((one) => one.unitId !== null && (after === null || one.unitId > after))
        .sort((a, b) => binary(a.unitId!, b.unitId!))
        .slice(0, limit),
    pageWithoutUnit: async (after, limit) =>
      where((one) => one.unitId === null && (after === null || one.id > after))
        .sort((a, b) => binary(a.id, b.id))
        .slice(0, limit),
  };
}

function isLater(claim: NonNullable<Rental['claim']>, kept: Rental['claim']): boolean {
  if (kept === null || claim.streamRank !== kept.streamRank) {
    return kept === null || claim.streamRank > kept.streamRank;
  }
  if (claim.version !== kept.version) return claim.version > kept.version;
  return (claim.currentThrough ?? 0) >= (kept.currentThrough ?? 0);
}

function isWanted(query: RentalQuery, one: Rental): boolean {
  const { regions, text } = query;
  if (regions.length > 0 && !regions.includes(one.region)) return false;
  if (text === null) return true;
  const words = [one.name, one.region, one.parcel, one.unitId, one.tenancy?.tenant.name];
  return words.some((word) => (word ?? '').toLowerCase().includes(text.toLowerCase()));
}
