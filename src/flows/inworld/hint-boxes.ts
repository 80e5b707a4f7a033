/** Hints boxes to poll now; whether they hear it changes nothing that is stored. */
import type { Box } from '../../domain/box';
import type { BoxId } from '../../domain/ids';
import type { HintSender } from '../ports/hints-port';
import type { BoxStore } from '../ports/upkeep-ports';
import { workAtOnce } from '../work-at-once';

export interface HintDeps {
  readonly boxes: Pick<BoxStore, 'get'>;
  readonly hintSender: HintSender;
}

const MOST_IN_FLIGHT = 16;

/** Boxes that gave no address are left to their polls. */
export async function hintBoxes(deps: HintDeps, ids: readonly BoxId[]): Promise<void> {
  const boxes = await deps.boxes.get(ids);
  const listening = boxes.filter(({ state, url }) => state === 'paired' && url !== null);
  const work = (box: Box): Promise<void> => deps.hintSender.send(box);
  await workAtOnce(listening, { most: MOST_IN_FLIGHT, work });
}
