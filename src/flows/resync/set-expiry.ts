/** Tells the provider until when a unit is paid, and doubts an answer that does not show it. */
import { compareUnit } from '../../domain/resync';
import type { Rental } from '../../domain/rental';
import type { Instant } from '../../domain/time';
import type { UnitWord } from '../../domain/unit';
import type { Clock } from '../ports/clock';
import type { ChangeOutcome, ProviderApi } from '../ports/provider-port';

interface Wanted {
  readonly rental: Rental;
  /** As it was read just now. */
  readonly unit: UnitWord;
  readonly ours: Instant;
  /** Of the stream id under which the unit was read. */
  readonly streamRank: number;
}

/**
 * `doubtful`: it says that it was changed, and shows no newer unit or not the time that was set.
 * @throws ProviderUnavailable
 */
export async function setExpiry(
  { provider, clock }: { readonly provider: ProviderApi; readonly clock: Pick<Clock, 'now'> },
  { rental, unit, ours, streamRank }: Wanted,
): Promise<ChangeOutcome | { readonly kind: 'doubtful' }> {
  const outcome = await provider.setExpiry({
    unitId: unit.unitId,
    rentedUntil: ours,
    tenant: rental.tenancy?.tenant ?? null,
    reason: 'The ledger shows this time as paid.',
    ifVersion: unit.version,
    // Versions begin anew with another stream, and an answer from before it would tell of nothing.
    idempotencyKey: `${rental.id}:${streamRank}.${unit.version}:${ours}`,
  });
  if (outcome.kind !== 'changed') return outcome;
  const isNewer = outcome.unit.version > unit.version;
  // Its status may follow later: the next comparison judges that. Then only the status is wrong.
  const isRight = (shown: UnitWord): boolean =>
    compareUnit(rental, shown, clock.now()).kind === 'in-step';
  const wasRight = isRight({ ...unit, status: 'rented' });
  const isSet = isRight(wasRight ? outcome.unit : { ...outcome.unit, status: 'rented' });
  return isNewer && isSet ? outcome : { kind: 'doubtful' };
}
