/** What a unit of the provider becomes as a rental; stores nothing. */
import type { EntryDraft } from '../../domain/ledger/entry';
import { tenancyId, type RentalId, type UnitId } from '../../domain/ids';
import { isLindens } from '../../domain/money';
import type { Terms } from '../../domain/ledger/price';
import { newRental, type Rental } from '../../domain/rental';
import { END_OF_32_BIT, SECOND_MS, toRfc3339, type Instant, type Seconds } from '../../domain/time';
import type { Agent } from '../../domain/payments/transaction';
import { claimOfUnit } from '../upstream/claim-of-unit';
import type { Unit } from '../ports/upkeep-ports';

export type UnitPlan =
  | { readonly kind: 'let'; readonly unit: Unit; readonly terms: Terms; readonly tenant: Agent }
  | { readonly kind: 'vacant'; readonly unit: Unit; readonly terms: Terms }
  /** It cannot become a rental by itself; `why` is a sentence for the person who imports. */
  | { readonly kind: 'skipped'; readonly unit: Unit; readonly why: string };

export function planUnit(unit: Unit, now: Instant): UnitPlan {
  const { price, term, tenant, rentedUntil } = unit;
  if (price === null || term === null || !isLindens(price)) {
    const why = 'The provider states no price and term for it: create this rental by hand.';
    return { kind: 'skipped', unit, why };
  }
  if (rentedUntil !== null && rentedUntil > END_OF_32_BIT) {
    const why = 'It is rented beyond 2038, where in-world clocks end: create it by hand.';
    return { kind: 'skipped', unit, why };
  }
  const terms = { from: now, price: { amount: price, term }, minimum: null, graceHours: null };
  return tenant === null ? { kind: 'vacant', unit, terms } : { kind: 'let', unit, terms, tenant };
}

export type FitPlan = Exclude<UnitPlan, { readonly kind: 'skipped' }>;

export const isFit = (plan: UnitPlan): plan is FitPlan => plan.kind !== 'skipped';

/** What the opening rests on; kept as JSON in the entry's evidence, and read from there again. */
export interface OpeningFacts {
  readonly unitId: UnitId;
  readonly unitVersion: number;
  readonly streamRank: number;
  readonly importedAt: Instant;
  readonly tenant: Agent;
}

/**
 * Starts at the import instant, taken back by less than a second so that whole seconds end exactly
 * at the provider's `rentedUntil`; negative where the time is used up; 0 where none is stated.
 */
export function openingDraft(input: {
  readonly rentalId: RentalId;
  readonly unit: Unit;
  readonly tenant: Agent;
  readonly now: Instant;
  readonly author: string;
}): EntryDraft {
  const { rentalId, unit, tenant, now, author } = input;
  const until = unit.rentedUntil ?? now;
  const seconds = Math.ceil((until - now) / SECOND_MS) as Seconds;
  const at = (until - seconds * SECOND_MS) as Instant;
  const facts: OpeningFacts = {
    unitId: unit.unitId,
    unitVersion: unit.version,
    streamRank: unit.streamRank,
    importedAt: now,
    tenant,
  };
  const stated = unit.rentedUntil === null ? 'no end' : toRfc3339(unit.rentedUntil);
  return {
    tenancyId: tenancyId(rentalId, 1),
    kind: 'opening',
    source: 'opening',
    seconds,
    amount: null,
    at,
    paidAt: null,
    paymentId: null,
    reverses: null,
    author,
    reason: `Taken over from the provider, which stated ${stated}.`,
    evidence: JSON.stringify(facts),
  };
}

/** Without its tenancy: the pointer follows the tenancy that is stored beside it. */
export function rentalOfUnit(id: RentalId, { unit, terms }: FitPlan): Rental {
  const { unitId, region, parcel } = unit;
  const name = unit.name.trim() === '' ? unitId : unit.name;
  const place = { id, name, region, parcel, unitId };
  const fresh = {
    ...place,
    verifiedBy: 'provider',
    terms: [terms],
    createdAt: terms.from,
  } as const;
  return { ...newRental(fresh), claim: claimOfUnit(unit) };
}
