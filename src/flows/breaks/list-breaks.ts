/** Lists breaks, as far as a key reaches. */
import type { Break } from '../../domain/break';
import type { EstatePorts } from '../ports/estate-ports';
import type { BreakQuery, Listing } from '../ports/money-ports';

export async function listBreaks(
  deps: Pick<EstatePorts, 'breaks'>,
  query: BreakQuery,
): Promise<Listing<Break>> {
  return deps.breaks.list(query);
}
