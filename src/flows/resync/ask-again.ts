/** Notes when a rental is to be looked at once more, after a resync that did not end its matter. */
import type { RentalId } from '../../domain/ids';
import { plusMs } from '../../domain/time';
import type { Clock } from '../ports/clock';
import type { RentalStore } from '../ports/money-ports';
import type { Resynced } from './resync-rental';

/** What the provider has not done is asked of it again, whatever is heard of it meanwhile. */
export async function askAgain(
  { rentals, clock }: { readonly rentals: RentalStore; readonly clock: Pick<Clock, 'now'> },
  id: RentalId,
  { againMs }: Resynced,
): Promise<void> {
  if (againMs !== undefined) await rentals.askResync([id], plusMs(clock.now(), againMs));
}
