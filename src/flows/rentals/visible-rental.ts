/** A rental as far as a key reaches: outside its regions there is none; changes nothing. */
import { maySee } from '../../domain/access';
import type { RentalId } from '../../domain/ids';
import type { Rental } from '../../domain/rental';
import type { Scope } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';

/** As stored now, fit for a compare-and-set. */
export async function visibleRental(
  deps: Pick<EstatePorts, 'rentals'>,
  { regions, id }: Scope & { readonly id: RentalId },
): Promise<Rental | null> {
  const [rental] = await deps.rentals.get([id]);
  return rental !== undefined && maySee(regions, rental.region) ? rental : null;
}
