/** Hints the boxes of rentals to poll now; whether they hear it changes nothing that is stored. */
import type { RentalId } from '../../domain/ids';
import type { HintSender } from '../ports/hints-port';
import type { RentalStore } from '../ports/money-ports';
import type { BoxStore } from '../ports/upkeep-ports';

export interface HintDeps {
  readonly rentals: Pick<RentalStore, 'get'>;
  readonly boxes: Pick<BoxStore, 'get'>;
  readonly hintSender: HintSender;
}

/**
 * All at once: whoever calls bounds how many. Boxes that gave no address are left to their polls.
 */
export async function hintBoxes(deps: HintDeps, ids: readonly RentalId[]): Promise<void> {
  const rentals = await deps.rentals.get(ids);
  const boxIds = rentals.flatMap(({ boxId }) => (boxId === null ? [] : [boxId]));
  if (boxIds.length === 0) return;
  const boxes = await deps.boxes.get(boxIds);
  const listening = boxes.filter(({ state, url }) => state === 'paired' && url !== null);
  await Promise.all(listening.map((box) => deps.hintSender.send(box)));
}
