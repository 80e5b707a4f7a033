/** Lists the repairs of one sweep; for a dry run those that it would make. */
import type { SweepId } from '../../domain/ids';
import type { Repair } from '../../domain/sweep';
import type { Scope } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import type { Listing, ListInput } from '../ports/money-ports';
import type { NotFound } from '../access/refusal';
import { showSweep } from './show-sweep';

export async function listRepairs(
  deps: Pick<EstatePorts, 'sweeps'>,
  { id, scope, ...page }: ListInput & { readonly id: SweepId; readonly scope: Scope },
): Promise<(Listing<Repair> & { readonly kind: 'found' }) | NotFound> {
  const shown = await showSweep(deps, { id, scope });
  if (shown.kind !== 'found') return shown;
  return { kind: 'found', ...(await deps.sweeps.repairs(id, page)) };
}
