/** Lists breaks, as far as a key reaches. */
import type { Break } from '../domain/break';
import type { EstatePorts } from './estate-ports';
import type { BreakQuery, Listing } from './ports';

export async function listBreaks(
  deps: Pick<EstatePorts, 'breaks'>,
  query: BreakQuery,
): Promise<Listing<Break>> {
  return deps.breaks.list(query);
}
