/**
 * Lists sweeps, the latest first: a limited key sees those that went no further than it reaches.
 */
import type { Sweep } from '../../domain/sweep';
import type { Scope } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import type { Listing, ListInput } from '../ports/money-ports';

export async function listSweeps(
  deps: Pick<EstatePorts, 'sweeps'>,
  { limit, cursor, scope }: ListInput & { readonly scope: Scope },
): Promise<Listing<Sweep>> {
  return deps.sweeps.list({ limit, cursor, regions: scope.regions });
}
