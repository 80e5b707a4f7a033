/** Begins a tenancy because a manager says so; payments begin theirs in settle. */
import { tenancyId, type RentalId } from '../../domain/ids';
import type { Rental } from '../../domain/rental';
import { startNow, type Tenancy } from '../../domain/ledger/tenancy';
import type { Instant } from '../../domain/time';
import type { Agent } from '../../domain/payments/transaction';
import type { Acting } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import { recordChange, startChange, type ChangeStart } from '../access/record-change';
import { recordedTenancy } from '../access/recorded';
import { refreshRentals, type RefreshDeps } from '../refresh-rentals';
import {
  conflict,
  invalid,
  NOT_FOUND,
  type Conflict,
  type Invalid,
  type NotFound,
} from '../access/refusal';
import { visibleRental } from './visible-rental';

export type BeginTenancy =
  | { readonly kind: 'begun'; readonly rental: Rental; readonly tenancy: Tenancy }
  | NotFound
  | Conflict
  | Invalid;

export type BeginTenancyDeps = RefreshDeps & Pick<EstatePorts, 'audit' | 'digest'>;

export interface BeginTenancyInput {
  readonly rentalId: RentalId;
  readonly tenant: Agent;
  /** May lie in the past, but not before the end of the tenancy before; null = now. */
  readonly startsAt: Instant | null;
  readonly by: Acting;
}

const ACTION = 'tenancy-begun';
const MOST_TRIES = 10;

export async function beginTenancy(
  deps: BeginTenancyDeps,
  input: BeginTenancyInput,
): Promise<BeginTenancy> {
  const { rentalId, by } = input;
  const rental = await visibleRental(deps, { regions: by.regions, id: rentalId });
  if (rental === null) return NOT_FOUND;
  const start = await startChange(deps, { by, subject: rentalId, action: ACTION });
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const placed = await insert(deps, { ...input, rental, start });
    if (placed === 'lost') continue;
    if (placed.kind !== 'begun') return placed;
    await refreshRentals(deps, [rentalId]);
    const [fresh] = await deps.rentals.get([rentalId]);
    return { ...placed, rental: fresh ?? rental };
  }
  return conflict('Tenancies of this rental are being changed by others at this moment.');
}

/** The tenancy's own insert is the decision; the rental's pointer and caches follow it. */
async function insert(
  deps: BeginTenancyDeps,
  input: BeginTenancyInput & { readonly rental: Rental; readonly start: ChangeStart },
): Promise<Exclude<BeginTenancy, NotFound> | 'lost'> {
  const { rentalId, rental, tenant, by, start } = input;
  const known = await deps.tenancies.ofRentals([rentalId]);
  const at = input.startsAt ?? startNow(start.at, known);
  const open = known.find((tenancy) => tenancy.endedAt === null);
  if (open !== undefined) {
    const own = start.earlier !== null && open.tenant.key === tenant.key && saysSo(open, at);
    if (own) return { kind: 'begun', rental, tenancy: open };
    return conflict(`The tenancy ${open.id} has not ended: end it first.`);
  }
  if (known.some((tenancy) => tenancy.endedAt !== null && tenancy.endedAt > at)) {
    return invalid('/startsAt', 'A tenancy starts at the end of the one before it, or later.');
  }
  const n = Math.max(0, ...known.map((tenancy) => tenancy.n)) + 1;
  const id = tenancyId(rentalId, n);
  const setBy = { by: 'manager', at } as const;
  const tenancy: Tenancy = { id, rentalId, n, tenant, start: setBy, endedAt: null, rev: 0 };
  const change = { by, subject: rentalId, region: rental.region, action: ACTION, at: start.at };
  await recordChange(deps, { ...change, before: null, after: recordedTenancy(tenancy) });
  const saved = await deps.tenancies.save([tenancy]);
  return saved.has(id) ? { kind: 'begun', rental, tenancy } : 'lost';
}

const saysSo = ({ start }: Tenancy, at: Instant): boolean =>
  start.by === 'manager' && start.at === at;
