/** Compares our ledger with the provider's claim about a unit, and names what must be done. */
import { TOLERANCE_SECONDS } from './ledger/credit';
import type { Entry } from './ledger/entry';
import { isStanding } from './ledger/ledger';
import type { Rental } from './rental';
import { SECOND_MS, type Instant } from './time';
import type { UnitWord } from './unit';

export type Comparison =
  | { readonly kind: 'in-step' }
  /** The provider shows less time than was paid for, or none: it must be told. */
  | { readonly kind: 'short'; readonly shows: Instant | null; readonly ours: Instant }
  /** The provider shows more time than any entry explains: never taken from the tenant. */
  | { readonly kind: 'long'; readonly shows: Instant; readonly ours: Instant | null }
  /** Let to another, free to let or gone, while our tenancy is paid. */
  | { readonly kind: 'evicted'; readonly ours: Instant; readonly to: string | null };

export type ComparedRental = Pick<Rental, 'tenancy' | 'cache'>;
/** What a sweep reads of every rental, to find those that it must look at closely. */
export type ListedRental = ComparedRental & Pick<Rental, 'id' | 'unitId' | 'region'>;
export type ComparedUnit = Pick<UnitWord, 'tenant' | 'status' | 'rentedUntil'>;

/** @param unit null: the provider has no such unit. */
export function compareUnit(
  rental: ComparedRental,
  unit: ComparedUnit | null,
  now: Instant,
): Comparison {
  const { tenancy, cache } = rental;
  const ours = tenancy !== null && cache?.tenancyId === tenancy.id ? cache.paidUntil : null;
  if (tenancy === null || ours === null) return compareVacant(unit, now);
  const isPaid = (cache?.possiblyPaidUntil ?? ours) > now;
  if (unit === null) return isPaid ? { kind: 'evicted', ours, to: null } : { kind: 'in-step' };
  const other = unit.tenant !== null && unit.tenant.key !== tenancy.tenant.key;
  const free = unit.status === 'available' || (unit.status === 'reserved' && unit.tenant === null);
  if (other || free) {
    if (!isPaid) return { kind: 'in-step' };
    return { kind: 'evicted', ours, to: other ? unit.tenant.name || unit.tenant.key : null };
  }
  return compareTime(ours, unit, now);
}

/** How the fingerprint of a break `expiry-by-hand` begins: one for each time that is to be set. */
export const expiryToSet = (ours: Instant): string => `${ours} `;

/** A credit that the provider seems to have counted twice, where one explains the surplus. */
export function creditedTwice(
  entries: readonly Entry[],
  surplus: { readonly shows: Instant; readonly ours: Instant },
): Entry | null {
  const seconds = (surplus.shows - surplus.ours) / SECOND_MS;
  const fits = (entry: Entry): boolean =>
    entry.kind === 'paid' &&
    Math.abs(entry.seconds - seconds) <= TOLERANCE_SECONDS &&
    isStanding(entry, entries);
  return entries.findLast(fits) ?? null;
}

function compareVacant(unit: ComparedUnit | null, now: Instant): Comparison {
  const shows = unit?.rentedUntil ?? null;
  if (unit === null || unit.tenant === null || shows === null || shows <= now) {
    return { kind: 'in-step' };
  }
  return { kind: 'long', shows, ours: null };
}

function compareTime(ours: Instant, unit: ComparedUnit, now: Instant): Comparison {
  const shows = unit.rentedUntil;
  if (shows === null) {
    const says = unit.status === 'overdue' || unit.status === 'rented';
    return says && ours > now ? { kind: 'short', shows, ours } : { kind: 'in-step' };
  }
  // Status and time may disagree: a paid unit that is called overdue is in danger whatever its
  // time.
  if (unit.status === 'overdue' && ours > now) return { kind: 'short', shows, ours };
  const apartS = (ours - shows) / SECOND_MS;
  if (Math.abs(apartS) <= TOLERANCE_SECONDS) return { kind: 'in-step' };
  return apartS > 0 ? { kind: 'short', shows, ours } : { kind: 'long', shows, ours };
}
