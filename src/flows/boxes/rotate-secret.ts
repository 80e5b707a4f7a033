/**
 * Puts a new secret on offer, which the box takes up at its next polls; a leak needs pair-box
 * instead.
 */
import { secretsInForce, withNextSecret } from '../../domain/box-secrets';
import type { BoxId } from '../../domain/ids';
import { changeBox, type BoxChanged } from './change-box';
import type { Clock } from '../ports/clock';
import type { Hints } from '../ports/hints-port';
import type { Log } from '../ports/log-port';
import type { Mint } from '../ports/mint-port';
import { conflict, type Conflict, type NotFound } from '../access/refusal';
import type { BoxStore } from '../ports/upkeep-ports';

export interface RotateDeps {
  readonly boxes: Pick<BoxStore, 'get' | 'save'>;
  readonly mint: Pick<Mint, 'secretText'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly hints: Hints;
  readonly log: Log;
}

/** A rotation that is under way already goes on: the box may hold the secret on offer by now. */
export async function rotateSecret(
  deps: RotateDeps,
  boxId: BoxId,
): Promise<BoxChanged | Conflict | NotFound> {
  const text = deps.mint.secretText();
  const outcome = await changeBox(deps, boxId, (box) => {
    if (box.state !== 'paired')
      return conflict(`The box is ${box.state}: there is no secret in use.`);
    const now = deps.clock.now();
    // What is on offer reaches a box only by an answer to a call that it has signed.
    if (secretsInForce(box, now).length === 0)
      return conflict('No secret of the box is in force: give it a new pairing code.');
    return withNextSecret(box, text, now);
  });
  if (outcome.kind === 'changed') {
    deps.log.info('box secret put on offer', { boxId });
    deps.hints.hint([boxId]);
  }
  return outcome;
}
