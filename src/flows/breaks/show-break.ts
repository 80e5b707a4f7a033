/** Shows one break, as far as a key reaches. */
import type { Break } from '../../domain/break';
import type { BreakId } from '../../domain/ids';
import type { Scope } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import { NOT_FOUND, type NotFound } from '../access/refusal';
import { visibleBreak } from './visible-break';

export async function showBreak(
  deps: Pick<EstatePorts, 'breaks' | 'rentals'>,
  { id, scope }: { readonly id: BreakId; readonly scope: Scope },
): Promise<{ readonly kind: 'found'; readonly found: Break } | NotFound> {
  const visible = await visibleBreak(deps, { regions: scope.regions, id });
  return visible === null ? NOT_FOUND : { kind: 'found', found: visible.found };
}
