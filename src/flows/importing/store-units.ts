/** Stores one page of units as rentals, in an order in which a crash loses and doubles nothing. */
import type { Entry, EntryDraft } from '../../domain/ledger/entry';
import {
  parseRentalId,
  tenancyOfEntry,
  rentalOfTenancy,
  tenancyId,
  type RentalId,
  type TenancyId,
  type UnitId,
} from '../../domain/ids';
import type { Tenancy } from '../../domain/ledger/tenancy';
import type { Instant } from '../../domain/time';
import type { Asking } from '../access/acting';
import { claimOfUnit } from '../upstream/claim-of-unit';
import { nameFrom } from '../ports/digest-port';
import type { EstatePorts } from '../ports/estate-ports';
import { recordChange, startChange } from '../access/record-change';
import { recordedRental, recordedTenancy } from '../access/recorded';
import { computeRentals, type RefreshDeps } from '../refresh-rentals';
import type { SettleDeps } from '../settlement/batch';
import { openingDraft, rentalOfUnit, type FitPlan, type OpeningFacts } from './unit-plan';

export type StoreDeps = RefreshDeps & SettleDeps & Pick<EstatePorts, 'units' | 'audit' | 'digest'>;

type Claimed = FitPlan & { readonly rentalId: RentalId };

export interface StoreInput {
  readonly plans: readonly FitPlan[];
  readonly now: Instant;
  readonly by: Asking & { readonly reason: string | null };
}

/**
 * The unit is claimed, then its opening entry is made, which decides start and seconds once and for
 * all; the tenancy is derived from that entry, and last comes the rental, which makes the unit ours
 * for settle. Killed anywhere between, the next import does the same again and finds what is there.
 */
export async function storeUnits(
  deps: StoreDeps,
  input: StoreInput,
): Promise<Map<UnitId, RentalId>> {
  const claimed = await claimUnits(deps, input.plans);
  if (claimed.length === 0) return new Map();
  const openings = await openLedgers(deps, claimed, input);
  const tenancies = new Map(openings.map(tenancyOf).map((one) => [one.rentalId, one]));
  await deps.tenancies.save([...tenancies.values()]);
  const added = await storeRentals(deps, { claimed, tenancies, input });
  await noteLatestClaims(deps, claimed);
  return new Map(
    claimed.flatMap(({ unit, rentalId }) => (added.has(rentalId) ? [[unit.unitId, rentalId]] : [])),
  );
}

/** The rental's id follows from the unit's, so that two imports at once make one rental. */
async function claimUnits(deps: StoreDeps, plans: readonly FitPlan[]): Promise<Claimed[]> {
  const claimed: Claimed[] = [];
  for (const plan of plans) {
    const { unitId, rentalId: claimedFor } = plan.unit;
    const rentalId = claimedFor ?? parseRentalId(`r_${nameFrom(deps.digest, 'unit', unitId)}`);
    if (await deps.units.claim(unitId, rentalId)) claimed.push({ ...plan, rentalId });
  }
  return claimed;
}

/** The openings as they are stored: made now, or by an import that a crash left half-done. */
async function openLedgers(
  deps: StoreDeps,
  claimed: readonly Claimed[],
  { now, by }: StoreInput,
): Promise<Entry[]> {
  const drafts: EntryDraft[] = [];
  const vacant: TenancyId[] = [];
  for (const plan of claimed) {
    const { rentalId, unit } = plan;
    if (plan.kind === 'vacant') vacant.push(tenancyId(rentalId, 1));
    else {
      const { tenant } = plan;
      drafts.push(openingDraft({ rentalId, unit, tenant, now, author: by.author }));
    }
  }
  const [appended, earlier] = await Promise.all([
    drafts.length === 0 ? [] : deps.entries.append(drafts, new Map()),
    vacant.length === 0
      ? []
      : deps.entries.ofTenancies(vacant.map((id) => ({ tenancyId: id, afterSeq: 0 }))),
  ]);
  const left = earlier.filter((entry) => entry.source === 'opening');
  return [...appended.map(({ entry }) => entry), ...left];
}

/** From the entry alone, so that whoever stores the tenancy stores the same one. */
function tenancyOf(entry: Entry): Tenancy {
  const id = tenancyOfEntry(entry.id);
  const rentalId = rentalOfTenancy(id);
  const facts = JSON.parse(entry.evidence) as OpeningFacts;
  const { unitVersion, streamRank, importedAt, tenant } = facts;
  const start = { by: 'opening', at: entry.at, unitVersion, streamRank, importedAt } as const;
  return { id, rentalId, n: 1, tenant, start, endedAt: null, rev: 0 };
}

/** The stream may have said more about a unit before its rental was there to note it beside. */
async function noteLatestClaims(deps: StoreDeps, claimed: readonly Claimed[]): Promise<void> {
  const units = await deps.units.get(claimed.map(({ unit }) => unit.unitId));
  await deps.rentals.noteClaims(new Map(units.map((unit) => [unit.unitId, claimOfUnit(unit)])));
}

/** Each with its tenancy and caches from the first moment on: a box may ask at any time. */
async function storeRentals(
  deps: StoreDeps,
  given: {
    readonly claimed: readonly Claimed[];
    readonly tenancies: ReadonlyMap<RentalId, Tenancy>;
    readonly input: StoreInput;
  },
): Promise<Set<RentalId>> {
  const { claimed, tenancies, input } = given;
  const bare = claimed.map((plan) => rentalOfUnit(plan.rentalId, plan));
  const rentals = (await computeRentals(deps, bare)).map(({ fresh }) => fresh);
  for (const rental of rentals) {
    const change = { by: input.by, subject: rental.id, action: 'rental-imported' };
    const { at } = await startChange(deps, change);
    const tenancy = tenancies.get(rental.id);
    const after = {
      ...recordedRental(rental),
      tenancy: tenancy === undefined ? null : recordedTenancy(tenancy),
    };
    await recordChange(deps, { ...change, region: rental.region, at, before: null, after });
  }
  return deps.rentals.save(rentals);
}
