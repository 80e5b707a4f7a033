/**
 * Whether the provider's claim about a unit differs from our ledger so that somebody must compare
 * the two; plans no repair.
 */
import type { Rental, UnitClaim } from './rental';
import { MINUTE_MS, type Instant } from './time';

/** `less-time`: shortened, overdue, vacant. `more-time`: nothing that we know explains it. */
export type ClaimDifference = 'less-time' | 'let-to-another' | 'more-time';

/** Smaller differences are roundings and clocks. */
const TOLERANCE_MS = MINUTE_MS;

/** Null where the two agree, where the claim says nothing, and for rentals without a provider. */
export function claimDifference(
  rental: Pick<Rental, 'verifiedBy' | 'tenancy' | 'cache'>,
  claim: Pick<UnitClaim, 'status' | 'rentedUntil' | 'tenant'>,
  now: Instant,
): ClaimDifference | null {
  const { verifiedBy, tenancy, cache } = rental;
  if (verifiedBy === 'box') return null;
  const folded = tenancy !== null && cache?.tenancyId === tenancy.id ? cache : null;
  const paidUntil = folded?.paidUntil ?? null;
  const isPaid = paidUntil !== null && paidUntil > now;
  const holder = claim.tenant?.key ?? null;
  if (isPaid && holder !== null && holder !== tenancy?.tenant.key) return 'let-to-another';
  if (isPaid && deniesTime(claim)) return 'less-time';
  if (claim.rentedUntil === null) return null;
  if (paidUntil !== null && paidUntil - claim.rentedUntil > TOLERANCE_MS) return 'less-time';
  const explainedUntil = folded?.possiblyPaidUntil ?? paidUntil ?? now;
  return claim.rentedUntil - explainedUntil > TOLERANCE_MS ? 'more-time' : null;
}

/** Status and expiry may disagree: either can deny a tenant time. `unreachable` says nothing. */
function deniesTime(claim: Pick<UnitClaim, 'status' | 'rentedUntil'>): boolean {
  switch (claim.status) {
    case 'available':
    case 'overdue':
      return true;
    case 'rented':
    case 'reserved':
      return claim.rentedUntil === null;
    case 'unreachable':
    case 'unknown':
      return false;
  }
}
