/** Rentals in memory, as the contract of RentalStore says. */
import type { RentalId } from '../../../src/domain/ids';
import type { Rental, UnitClaim } from '../../../src/domain/rental';
import { earlier, later, type Instant } from '../../../src/domain/time';
import type { RentalQuery, RentalStore } from '../../../src/flows/ports/money-ports';
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
    ...notesOf(kept.all, change),
    ...readsOf(where),
  };
}

type Change = (id: RentalId, how: (rental: Rental) => Rental) => void;

function notesOf(all: () => Rental[], change: Change) {
  /** The latest wish for a resync of each rental, as long as one is open. */
  const wishes = new Map<RentalId, Instant>();
  return {
    async noteClaims(claims) {
      for (const one of all()) {
        const heard = one.unitId === null ? undefined : claims.get(one.unitId);
        if (heard !== undefined) {
          change(one.id, (rental) => ({ ...rental, claim: merged(rental.claim, heard) }));
        }
      }
    },
    async askResync(ids, at) {
      for (const id of ids) {
        change(id, (rental) => ({ ...rental, resyncAt: earlier(rental.resyncAt ?? at, at) }));
        wishes.set(id, later(wishes.get(id) ?? at, at));
      }
    },
    async resyncDone(id, askedAt) {
      change(id, (rental) => {
        const open = [rental.resyncAt, wishes.get(id) ?? null].filter(
          (wish) => wish !== null && wish > askedAt,
        );
        if (open.length === 0) wishes.delete(id);
        return { ...rental, resyncAt: open[0] ?? null };
      });
    },
    async noteBoxClear(id, at) {
      change(id, (rental) => ({ ...rental, boxClearAt: later(rental.boxClearAt ?? at, at) }));
    },
  } satisfies Partial<RentalStore>;
}

type Where = (wanted: (rental: Rental) => boolean) => Rental[];

function readsOf(where: Where) {
  return {
    secondKeysDue: async (now, limit) =>
      where((one) => one.secondKeyAt !== null && one.secondKeyAt <= now)
        .sort((a, b) => a.secondKeyAt! - b.secondKeyAt!)
        .slice(0, limit),
    resyncsDue: async (now, limit) =>
      where((one) => one.resyncAt !== null && one.resyncAt <= now)
        .sort((a, b) => a.resyncAt! - b.resyncAt!)
        .slice(0, limit),
    list: async (query) =>
      pageOf(
        where((one) => isWanted(query, one)).sort((a, b) => binary(a.id, b.id)),
        query,
        (one) => one.id,
      ),
    pageByUnit: async (after, through, limit) =>
      where((one) => one.unitId !== null && (after === null || one.unitId > after))
        .filter((one) => through === null || one.unitId! <= through)
        .sort((a, b) => binary(a.unitId!, b.unitId!))
        .slice(0, limit),
    pageWithoutUnit: async (after, limit) =>
      where((one) => one.unitId === null && (after === null || one.id > after))
        .sort((a, b) => binary(a.id, b.id))
        .slice(0, limit),
  } satisfies Partial<RentalStore>;
}

/** A later word replaces the one that stands; within a stream `currentThrough` only rises. */
function merged(stood: UnitClaim | null, heard: UnitClaim): UnitClaim {
  if (stood === null || heard.streamRank > stood.streamRank) return heard;
  if (heard.streamRank < stood.streamRank) return stood;
  const isLater = heard.version > stood.version || heard.seenAt >= stood.seenAt;
  if (heard.version < stood.version) return stood;
  const through = Math.max(stood.currentThrough ?? -1, heard.currentThrough ?? -1);
  const currentThrough = through < 0 ? null : (through as Instant);
  return { ...(isLater ? heard : stood), currentThrough };
}

function isWanted(query: RentalQuery, one: Rental): boolean {
  const { regions, text } = query;
  if (regions.length > 0 && !regions.includes(one.region)) return false;
  if (text === null) return true;
  const words = [one.name, one.region, one.parcel, one.unitId, one.tenancy?.tenant.name];
  return words.some((word) => (word ?? '').toLowerCase().includes(text.toLowerCase()));
}
