/**
 * Changes a box by compare-and-set, trying again where another process was faster; says what came
 * of it.
 */
import type { Box } from '../../domain/box';
import type { BoxId } from '../../domain/ids';
import { StorageUnavailable } from '../ports/money-ports';
import { NOT_FOUND, type Conflict, type NotFound } from '../access/refusal';
import type { BoxStore } from '../ports/upkeep-ports';

/** `before` and `box` hold secrets: whoever shows or records them leaves those out. */
export interface BoxChanged {
  readonly kind: 'changed';
  readonly before: Box;
  readonly box: Box;
}

const MOST_TRIES = 5;

/** `change` answers the box itself where there is nothing to write. */
export async function changeBox(
  deps: { readonly boxes: Pick<BoxStore, 'get' | 'save'> },
  id: BoxId,
  change: (box: Box) => Box | Conflict,
): Promise<BoxChanged | Conflict | NotFound> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const [before] = await deps.boxes.get([id]);
    if (before === undefined) return NOT_FOUND;
    const after = change(before);
    if ('kind' in after) return after;
    if (after === before) return { kind: 'changed', before, box: before };
    const saved = await deps.boxes.save([after]);
    if (saved.has(id)) return { kind: 'changed', before, box: { ...after, rev: before.rev + 1 } };
  }
  throw new StorageUnavailable('The box is being written to.');
}
