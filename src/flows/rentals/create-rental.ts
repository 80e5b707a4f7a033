/**
 * Creates a rental, let or vacant; taking over the provider's units as they are is import-units.
 */
import { maySee } from '../../domain/access';
import { parseRentalId, tenancyId, type RentalId, type UnitId } from '../../domain/ids';
import type { Lindens } from '../../domain/money';
import type { Price } from '../../domain/ledger/price';
import { newRental, type Rental } from '../../domain/rental';
import { startNow, type Tenancy } from '../../domain/ledger/tenancy';
import type { Instant } from '../../domain/time';
import type { Agent } from '../../domain/payments/transaction';
import type { Acting } from '../access/acting';
import { adoptTransactions } from '../upstream/adopt-transactions';
import { readClaim } from '../upstream/claim-of-unit';
import { nameFrom } from '../ports/digest-port';
import type { EstatePorts } from '../ports/estate-ports';
import { recordChange, startChange } from '../access/record-change';
import { recordedRental, recordedTenancy } from '../access/recorded';
import { computeRentals, type RefreshDeps } from '../refresh-rentals';
import { conflict, NOT_FOUND, type Conflict, type NotFound } from '../access/refusal';
import type { SettleDeps } from '../settlement/batch';

export interface NewRental {
  readonly name: string;
  readonly region: string;
  readonly parcel: string;
  /** Null exactly when its box verifies its payments. */
  readonly unitId: UnitId | null;
  readonly price: Price;
  readonly minimum: Lindens | null;
  /** Null = the estate's. */
  readonly graceHours: number | null;
  /** Null = vacant: the first confirmed payment starts a tenancy. */
  readonly tenant: Agent | null;
  /** Null = now. */
  readonly startsAt: Instant | null;
}

export type CreateRental =
  { readonly kind: 'created'; readonly rental: Rental } | NotFound | Conflict;

export type CreateRentalDeps = RefreshDeps &
  SettleDeps &
  Pick<EstatePorts, 'units' | 'audit' | 'digest'>;

const ACTION = 'rental-created';

/** A region outside the key's is answered as one that is not there, and so is a unit in one. */
export async function createRental(
  deps: CreateRentalDeps,
  { draft, by }: { readonly draft: NewRental; readonly by: Acting },
): Promise<CreateRental> {
  if (!maySee(by.regions, draft.region)) return NOT_FOUND;
  const id = parseRentalId(`r_${nameFrom(deps.digest, by.requestId, 'rental')}`);
  const { unitId } = draft;
  if (unitId !== null && !(await isInReach(deps, unitId, by))) return NOT_FOUND;
  if (unitId !== null && !(await takeUnit(deps, unitId, id))) {
    return conflict('This unit is let as another rental already.');
  }
  const { at } = await startChange(deps, { by, subject: id, action: ACTION });
  const claim = unitId === null ? null : await readClaim(deps, unitId);
  const rental: Rental = { ...draftedRental(id, draft, at), claim };
  const tenancy = draft.tenant === null ? null : firstTenancy(id, draft, draft.tenant, at);
  const after = { ...recordedRental(rental), tenancy: tenancy && recordedTenancy(tenancy) };
  const change = { by, subject: id, region: draft.region, action: ACTION, at };
  await recordChange(deps, { ...change, before: null, after });
  await insert(deps, rental, tenancy);
  if (unitId !== null) await adoptTransactions(deps, { unitId });
  const [stored] = await deps.rentals.get([id]);
  return { kind: 'created', rental: stored ?? rental };
}

/**
 * The tenancy first: once the rental is there a payment may come in at any moment, and must find
 * it let, and a box may ask, and must find its caches. Revision 0 leaves alone what an earlier
 * attempt has stored.
 */
async function insert(
  deps: CreateRentalDeps,
  rental: Rental,
  tenancy: Tenancy | null,
): Promise<void> {
  if (tenancy !== null) await deps.tenancies.save([tenancy]);
  const rows = await computeRentals(deps, [rental]);
  await deps.rentals.save(rows.map(({ fresh }) => fresh));
  await noteLatestClaim(deps, rental);
}

/** The stream may have said more about the unit before its rental was there to note it beside. */
async function noteLatestClaim(deps: CreateRentalDeps, { unitId }: Rental): Promise<void> {
  const claim = unitId === null ? null : await readClaim(deps, unitId);
  if (unitId !== null && claim !== null) await deps.rentals.noteClaims(new Map([[unitId, claim]]));
}

/**
 * Whoever holds a unit sees its payments, so the provider's word says where it lies; where it has
 * said nothing yet, a limited key cannot tell.
 */
async function isInReach(
  deps: CreateRentalDeps,
  unitId: UnitId,
  { regions }: Acting,
): Promise<boolean> {
  const [unit] = await deps.units.get([unitId]);
  return maySee(regions, unit?.region ?? null);
}

async function takeUnit(
  deps: CreateRentalDeps,
  unitId: UnitId,
  rentalId: RentalId,
): Promise<boolean> {
  const holders = await deps.rentals.byUnits([unitId]);
  if (holders.some((holder) => holder.id !== rentalId)) return false;
  return deps.units.claim(unitId, rentalId);
}

function firstTenancy(rentalId: RentalId, draft: NewRental, tenant: Agent, at: Instant): Tenancy {
  const start = { by: 'manager', at: draft.startsAt ?? startNow(at, []) } as const;
  return { id: tenancyId(rentalId, 1), rentalId, n: 1, tenant, start, endedAt: null, rev: 0 };
}

function draftedRental(id: RentalId, draft: NewRental, at: Instant): Rental {
  const { name, region, parcel, unitId, price, minimum, graceHours } = draft;
  const verifiedBy = unitId === null ? 'box' : 'provider';
  const terms = [{ from: at, price, minimum, graceHours }];
  return newRental({ id, name, region, parcel, unitId, verifiedBy, terms, createdAt: at });
}
