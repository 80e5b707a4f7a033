/** Domain things as the record of changes keeps them for people: instants in RFC 3339, no more. */
import type { AccessKey } from '../../domain/access';
import type { Break } from '../../domain/break';
import type { Hold, Rental } from '../../domain/rental';
import type { Tenancy } from '../../domain/ledger/tenancy';
import { toRfc3339, type Instant } from '../../domain/time';

export const recordedInstant = (at: Instant | null): string | null =>
  at === null ? null : toRfc3339(at);

export const recordedHold = ({ id, reason, until, releasedAt }: Hold): object => ({
  id,
  reason,
  until: toRfc3339(until),
  releasedAt: recordedInstant(releasedAt),
});

export const recordedTenancy = (tenancy: Tenancy): object => ({
  id: tenancy.id,
  tenant: tenancy.tenant,
  startsAt: tenancy.start.by === 'payments' ? null : toRfc3339(tenancy.start.at),
  endedAt: recordedInstant(tenancy.endedAt),
});

export const recordedBreak = (one: Break): object => ({
  kind: one.kind,
  state: one.state,
  owner: one.owner,
  comments: one.comments.length,
  resolution: one.resolution,
});

export const recordedRental = (rental: Rental): object => {
  const { name, region, parcel, unitId, verifiedBy, terms } = rental;
  return { name, region, parcel, unitId, verifiedBy, ...recordedTerms(terms.at(-1)) };
};

/** Never the key, and never its hash. */
export const recordedKey = ({ name, role, regions, revokedAt }: AccessKey): object => ({
  name,
  role,
  regions,
  revokedAt: recordedInstant(revokedAt),
});

function recordedTerms(terms: Rental['terms'][number] | undefined): object {
  if (terms === undefined) return {};
  const { price, minimum, graceHours } = terms;
  return { price, minimum, graceHours };
}
