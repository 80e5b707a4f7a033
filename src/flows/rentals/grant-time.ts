/**
 * Adds time that nobody paid for to a tenancy, or corrects it; refunds and payments are not made
 * here.
 */
import { END_OF_32_BIT, plusSeconds, type Instant, type Seconds } from '../../domain/time';
import type { Entry, EntryDraft } from '../../domain/ledger/entry';
import { parseTenancyId, type RentalId, type TenancyId } from '../../domain/ids';
import type { Audit } from '../../domain/access';
import type { Acting } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import { recordChange, startChange } from '../access/record-change';
import { recordedInstant } from '../access/recorded';
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

export interface Grant {
  readonly kind: 'granted' | 'outage' | 'adjustment';
  /** Negative for an `adjustment` only; never 0. */
  readonly seconds: Seconds;
}

export type GrantTime =
  { readonly kind: 'granted'; readonly entry: Entry } | NotFound | Conflict | Invalid;

const ACTION = 'time-granted';

export async function grantTime(
  deps: RefreshDeps & Pick<EstatePorts, 'audit' | 'digest'>,
  input: { readonly rentalId: RentalId; readonly grant: Grant; readonly by: Acting },
): Promise<GrantTime> {
  const { rentalId, grant, by } = input;
  const rental = await visibleRental(deps, { regions: by.regions, id: rentalId });
  if (rental === null) return NOT_FOUND;
  const { at, earlier } = await startChange(deps, { by, subject: rentalId, action: ACTION });
  const tenancyId = grantedBefore(earlier) ?? rental.tenancy?.id ?? null;
  if (tenancyId === null)
    return conflict('This rental is vacant: there is nobody to grant time to.');
  const until = rental.cache?.paidUntil ?? at;
  if (earlier === null && plusSeconds(until, grant.seconds) > END_OF_32_BIT) {
    return invalid('/seconds', 'In-world clocks end on 2038-01-19; this would reach beyond.');
  }
  const draft = draftOf({ tenancyId, grant, by, at });
  const after = { tenancyId, kind: grant.kind, seconds: grant.seconds };
  const change = { by, subject: rentalId, region: rental.region, action: ACTION, at };
  const before = { paidUntil: recordedInstant(rental.cache?.paidUntil ?? null) };
  await recordChange(deps, { ...change, before, after });
  const [added] = await deps.entries.append([draft], new Map());
  await refreshRentals(deps, [rentalId]);
  const isUpstream = rental.unitId !== null && grant.seconds > 0;
  // The provider knows nothing of it, and is told by the resync.
  if (isUpstream) await deps.rentals.askResync([rentalId], deps.clock.now());
  return { kind: 'granted', entry: added!.entry };
}

function draftOf(input: {
  readonly tenancyId: TenancyId;
  readonly grant: Grant;
  readonly by: Acting;
  readonly at: Instant;
}): EntryDraft {
  const { tenancyId, grant, by, at } = input;
  return {
    tenancyId,
    kind: grant.kind,
    source: `request:${by.requestId}`,
    seconds: grant.seconds,
    amount: null,
    at,
    paidAt: null,
    paymentId: null,
    reverses: null,
    author: by.author,
    reason: by.reason,
    evidence: `A manager's request, ${by.requestId}.`,
  };
}

/** A resumed request grants to the tenancy that it began with, whoever holds the rental by now. */
function grantedBefore(earlier: Audit | null): TenancyId | null {
  const after: unknown = earlier?.after;
  if (typeof after !== 'object' || after === null || !('tenancyId' in after)) return null;
  return typeof after.tenancyId === 'string' ? parseTenancyId(after.tenancyId) : null;
}
