/** Lists boxes, as far as a key reaches: a box lies where its rental lies. */
import type { Box } from '../../domain/box';
import type { Instant } from '../../domain/time';
import type { Scope } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import type { Listing, ListInput } from '../ports/money-ports';

export interface BoxPage extends Listing<Box> {
  /** The instant at which `isReachable` is to be judged. */
  readonly now: Instant;
}

export async function listBoxes(
  deps: Pick<EstatePorts, 'boxes' | 'clock'>,
  { limit, cursor, scope }: ListInput & { readonly scope: Scope },
): Promise<BoxPage> {
  const page = await deps.boxes.list({ limit, cursor, regions: scope.regions });
  return { ...page, now: deps.clock.now() };
}
