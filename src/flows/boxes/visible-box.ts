/** A box as far as a key reaches: it lies where its rental lies. */
import type { Box } from '../../domain/box';
import type { BoxId } from '../../domain/ids';
import type { Scope } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import { visibleRental } from '../rentals/visible-rental';

export interface VisibleBox {
  readonly box: Box;
  readonly region: string;
}

export async function visibleBox(
  deps: Pick<EstatePorts, 'boxes' | 'rentals'>,
  { regions, id }: Scope & { readonly id: BoxId },
): Promise<VisibleBox | null> {
  const [box] = await deps.boxes.get([id]);
  if (box === undefined) return null;
  const rental = await visibleRental(deps, { regions, id: box.rentalId });
  return rental === null ? null : { box, region: rental.region };
}
