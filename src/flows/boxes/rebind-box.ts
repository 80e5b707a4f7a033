/** Binds a box to another object that asked for it; only then does the object before it stop. */
import { movedTo } from '../../domain/box-secrets';
import type { BoxId, ObjectKey } from '../../domain/ids';
import { changeBox, type BoxChanged } from './change-box';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log-port';
import { conflict, type Conflict, type NotFound } from '../access/refusal';
import type { BoxStore } from '../ports/upkeep-ports';

export interface RebindDeps {
  readonly boxes: Pick<BoxStore, 'get' | 'save'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** Accepts only an object that asked with a right signature, and so has the same owner. */
export async function rebindBox(
  deps: RebindDeps,
  { boxId, objectKey }: { readonly boxId: BoxId; readonly objectKey: ObjectKey },
): Promise<BoxChanged | Conflict | NotFound> {
  const outcome = await changeBox(deps, boxId, (box) => {
    if (box.state === 'retired') return conflict('The box is retired.');
    if (box.objectKey === objectKey) return box;
    if (!box.rebindAsked.some((wish) => wish.objectKey === objectKey)) {
      return conflict(
        'This object has not asked for the box with a valid signature, or others did since. ' +
          'Where strangers hold its secret, revoke that with a new pairing code.',
      );
    }
    return movedTo(box, objectKey, deps.clock.now());
  });
  if (outcome.kind === 'changed') deps.log.info('box bound to an object', { boxId, objectKey });
  return outcome;
}
