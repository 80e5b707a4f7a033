/** Shows one sweep, as far as a key reaches. */
import type { SweepId } from '../../domain/ids';
import type { Sweep } from '../../domain/sweep';
import type { Scope } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import { NOT_FOUND, type NotFound } from '../access/refusal';

type Found = { readonly kind: 'found'; readonly sweep: Sweep };

export async function showSweep(
  deps: Pick<EstatePorts, 'sweeps'>,
  { id, scope }: { readonly id: SweepId; readonly scope: Scope },
): Promise<Found | NotFound> {
  const sweep = await deps.sweeps.get(id);
  return sweep !== null && reaches(scope, sweep) ? { kind: 'found', sweep } : NOT_FOUND;
}

/** As the lists of the store say it: the sweep went no further than the key reaches. */
function reaches({ regions }: Scope, sweep: Sweep): boolean {
  if (regions.length === 0) return true;
  const covered = sweep.region === null ? sweep.regions : [sweep.region];
  return covered.length > 0 && covered.every((region) => regions.includes(region));
}
