/** Ends the current tenancy of a rental; what was paid into it stays in its ledger. */
import type { RentalId, TenancyId } from '../../domain/ids';
import type { Rental } from '../../domain/rental';
import type { Tenancy } from '../../domain/ledger/tenancy';
import type { Acting } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import { recordChange, startChange, type ChangeStart } from '../access/record-change';
import { recordedTenancy } from '../access/recorded';
import { NONE_UNRESOLVED, readUnresolved } from '../read-unresolved';
import { refreshRentals, type RefreshDeps } from '../refresh-rentals';
import { conflict, NOT_FOUND, type Conflict, type NotFound } from '../access/refusal';
import { visibleRental } from './visible-rental';

export type EndTenancy = { readonly kind: 'ended'; readonly rental: Rental } | NotFound | Conflict;

export type EndTenancyDeps = RefreshDeps & Pick<EstatePorts, 'audit' | 'digest'>;

export interface EndTenancyInput {
  readonly rentalId: RentalId;
  /** `refuse`: not while a payment of this rental is unresolved. */
  readonly unresolved: 'refuse' | 'force';
  readonly by: Acting;
}

const ACTION = 'tenancy-ended';
const MOST_TRIES = 10;

export async function endTenancy(
  deps: EndTenancyDeps,
  input: EndTenancyInput,
): Promise<EndTenancy> {
  const { rentalId, by } = input;
  const rental = await visibleRental(deps, { regions: by.regions, id: rentalId });
  if (rental === null) return NOT_FOUND;
  const start = await startChange(deps, { by, subject: rentalId, action: ACTION });
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const outcome = await end(deps, { ...input, rental, start });
    if (outcome === 'lost') continue;
    if (outcome !== 'ended') return outcome;
    await refreshRentals(deps, [rentalId]);
    const [fresh] = await deps.rentals.get([rentalId]);
    return { kind: 'ended', rental: fresh ?? rental };
  }
  return conflict('Tenancies of this rental are being changed by others at this moment.');
}

async function end(
  deps: EndTenancyDeps,
  input: EndTenancyInput & { readonly rental: Rental; readonly start: ChangeStart },
): Promise<'ended' | 'lost' | Conflict> {
  const { rentalId, rental, by, start } = input;
  const known = await deps.tenancies.ofRentals([rentalId]);
  const open = known.find((tenancy) => tenancy.endedAt === null);
  if (endedBefore(known, start)) return 'ended';
  if (open === undefined) return conflict('This rental is vacant: there is no tenancy to end.');
  if (input.unresolved === 'refuse') {
    const unresolved = await countUnresolved(deps, rentalId);
    if (unresolved > 0) return conflict(unresolvedText(unresolved));
  }
  const ended: Tenancy = { ...open, endedAt: start.at };
  const change = { by, subject: rentalId, region: rental.region, action: ACTION, at: start.at };
  await recordChange(deps, {
    ...change,
    before: recordedTenancy(open),
    after: recordedTenancy(ended),
  });
  const saved = await deps.tenancies.save([ended]);
  return saved.has(open.id) ? 'ended' : 'lost';
}

/** A resumed request ends the tenancy that it began to end, never the one after it. */
function endedBefore(known: readonly Tenancy[], { earlier, at }: ChangeStart): boolean {
  if (earlier === null) return false;
  const id = idOf(earlier.before);
  return known.some((tenancy) => tenancy.id === id && tenancy.endedAt === at);
}

function idOf(recorded: unknown): TenancyId | null {
  if (typeof recorded !== 'object' || recorded === null || !('id' in recorded)) return null;
  return typeof recorded.id === 'string' ? (recorded.id as TenancyId) : null;
}

async function countUnresolved(deps: EndTenancyDeps, id: RentalId): Promise<number> {
  const { transactions, reports } = (await readUnresolved(deps, [id])).get(id) ?? NONE_UNRESOLVED;
  return transactions.length + reports.length;
}

function unresolvedText(count: number): string {
  const what = count === 1 ? 'A payment is' : `${count} payments are`;
  return `${what} unresolved: wait, decide, or send force if it must end all the same.`;
}
