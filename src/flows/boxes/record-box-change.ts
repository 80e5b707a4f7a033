/** Records a change of a box once it is made: only then is it known whether it might be. */
import type { Box } from '../../domain/box';
import type { BoxId } from '../../domain/ids';
import type { Acting } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import { recordChange, startChange } from '../access/record-change';
import type { Conflict, NotFound } from '../access/refusal';

interface Changed {
  readonly kind: 'changed';
  readonly before: Box | null;
  readonly box: Box;
}

export interface BoxChange {
  readonly by: Acting;
  readonly boxId: BoxId;
  readonly region: string;
  readonly action: string;
}

/** `run` can be repeated without harm, so that a request which is resumed ends recorded. */
export async function recordBoxChange<Outcome extends Changed>(
  deps: Pick<EstatePorts, 'audit' | 'digest' | 'clock'>,
  change: BoxChange,
  run: () => Promise<Outcome | NotFound | Conflict>,
): Promise<Outcome | NotFound | Conflict> {
  const { by, boxId, region, action } = change;
  const { at } = await startChange(deps, { by, subject: boxId, action });
  const outcome = await run();
  if (!isChanged(outcome)) return outcome;
  const before = outcome.before === null ? null : shown(outcome.before);
  const after = shown(outcome.box);
  await recordChange(deps, { by, subject: boxId, region, action, at, before, after });
  return outcome;
}

function isChanged<Outcome extends Changed>(
  outcome: Outcome | NotFound | Conflict,
): outcome is Outcome {
  return outcome.kind === 'changed';
}

/** How many secrets there are, never what they are. */
const shown = ({ rentalId, state, objectKey, secrets }: Box): object => ({
  rentalId,
  state,
  objectKey,
  secrets: secrets.length,
});
