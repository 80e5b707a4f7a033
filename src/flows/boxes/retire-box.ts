/** Takes a box out of use; what it still reports about payments is stored and shown to a person. */
import type { BoxId, RentalId } from '../../domain/ids';
import { changeBox, type BoxChanged } from './change-box';
import type { Log } from '../ports/log-port';
import { StorageUnavailable, type RentalStore } from '../ports/money-ports';
import type { Conflict, NotFound } from '../access/refusal';
import type { BoxStore } from '../ports/upkeep-ports';

export interface RetireDeps {
  readonly boxes: Pick<BoxStore, 'get' | 'save'>;
  readonly rentals: Pick<RentalStore, 'get' | 'save'>;
  readonly log: Log;
}

const MOST_TRIES = 5;

/**
 * Its secrets stay (the one on offer too: it may hold that by now), so that a payment which it has
 * not reported yet can still come in.
 */
export async function retireBox(
  deps: RetireDeps,
  boxId: BoxId,
): Promise<BoxChanged | Conflict | NotFound> {
  const outcome = await changeBox(deps, boxId, (box) =>
    box.state === 'retired' ? box : { ...box, state: 'retired', pairing: null },
  );
  if (outcome.kind !== 'changed') return outcome;
  await freeRental(deps, { boxId, rentalId: outcome.box.rentalId });
  deps.log.info('box retired', { boxId });
  return outcome;
}

async function freeRental(
  deps: Pick<RetireDeps, 'rentals'>,
  { boxId, rentalId }: { readonly boxId: BoxId; readonly rentalId: RentalId },
): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const [rental] = await deps.rentals.get([rentalId]);
    if (rental === undefined || rental.boxId !== boxId) return;
    if ((await deps.rentals.save([{ ...rental, boxId: null }])).has(rentalId)) return;
  }
  throw new StorageUnavailable('The rental is being written to.');
}
