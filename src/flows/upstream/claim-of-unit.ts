/** The provider's claim about a unit as it is kept beside its rental. */
import type { UnitId } from '../../domain/ids';
import type { UnitClaim } from '../../domain/rental';
import type { EstatePorts } from '../ports/estate-ports';
import type { Unit } from '../ports/upkeep-ports';

/** Null while the provider has said nothing about this unit. */
export async function readClaim(
  deps: Pick<EstatePorts, 'units'>,
  unitId: UnitId,
): Promise<UnitClaim | null> {
  const [unit] = await deps.units.get([unitId]);
  return unit === undefined ? null : claimOfUnit(unit);
}

export const claimOfUnit = (unit: Unit): UnitClaim => ({
  status: unit.status,
  rentedUntil: unit.rentedUntil,
  tenant: unit.tenant,
  version: unit.version,
  streamRank: unit.streamRank,
  seenAt: unit.seenAt,
  currentThrough: unit.currentThrough,
});
