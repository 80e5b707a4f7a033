/**
 * A break as far as a key reaches: it lies where its rental lies; one of no rental lies nowhere.
 */
import { maySee } from '../../domain/access';
import type { Break } from '../../domain/break';
import { parseRentalId, type BreakId, type RentalId } from '../../domain/ids';
import type { Scope } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';

export interface VisibleBreak {
  readonly found: Break;
  readonly rentalId: RentalId | null;
  readonly region: string | null;
}

export async function visibleBreak(
  deps: Pick<EstatePorts, 'breaks' | 'rentals'>,
  { regions, id }: Scope & { readonly id: BreakId },
): Promise<VisibleBreak | null> {
  const found = await deps.breaks.get(id);
  if (found === null) return null;
  const rentalId = rentalAmong(found.subjects);
  const [rental] = rentalId === null ? [] : await deps.rentals.get([rentalId]);
  const region = rental?.region ?? null;
  return maySee(regions, region) ? { found, rentalId, region } : null;
}

function rentalAmong(subjects: readonly string[]): RentalId | null {
  const id = subjects.find((subject) => /^r_\w{1,40}$/.test(subject));
  return id === undefined ? null : parseRentalId(id);
}
