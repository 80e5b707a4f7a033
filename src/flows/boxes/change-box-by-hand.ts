/**
 * What an owner does to a box that is there: within the key's reach, recorded without any secret.
 */
import type { Box } from '../../domain/box';
import type { BoxId, ObjectKey } from '../../domain/ids';
import type { Instant } from '../../domain/time';
import type { Acting } from '../access/acting';
import type { BoxChanged } from './change-box';
import type { EstatePorts } from '../ports/estate-ports';
import { rebindBox } from './rebind-box';
import { recordBoxChange } from './record-box-change';
import { NOT_FOUND, type Conflict, type NotFound } from '../access/refusal';
import { retireBox } from './retire-box';
import { rotateSecret } from './rotate-secret';
import { visibleBox } from './visible-box';

export type ChangeBoxDeps = Pick<
  EstatePorts,
  'boxes' | 'rentals' | 'mint' | 'clock' | 'log' | 'audit' | 'digest' | 'hints'
>;

export type BoxWish =
  | { readonly kind: 'rebind'; readonly objectKey: ObjectKey }
  | { readonly kind: 'rotate-secret' }
  | { readonly kind: 'retire' };

export type ChangeBoxByHand =
  { readonly kind: 'changed'; readonly box: Box; readonly now: Instant } | NotFound | Conflict;

export async function changeBoxByHand(
  deps: ChangeBoxDeps,
  input: { readonly boxId: BoxId; readonly wish: BoxWish; readonly by: Acting },
): Promise<ChangeBoxByHand> {
  const { boxId, wish, by } = input;
  const visible = await visibleBox(deps, { regions: by.regions, id: boxId });
  if (visible === null) return NOT_FOUND;
  const change = { by, boxId, region: visible.region, action: ACTIONS[wish.kind] };
  const outcome = await recordBoxChange(deps, change, () => fulfil(deps, boxId, wish));
  return outcome.kind === 'changed' ? { ...outcome, now: deps.clock.now() } : outcome;
}

const ACTIONS: Readonly<Record<BoxWish['kind'], string>> = {
  rebind: 'box-rebound',
  'rotate-secret': 'box-secret-rotated',
  retire: 'box-retired',
};

function fulfil(
  deps: ChangeBoxDeps,
  boxId: BoxId,
  wish: BoxWish,
): Promise<BoxChanged | NotFound | Conflict> {
  switch (wish.kind) {
    case 'rebind':
      return rebindBox(deps, { boxId, objectKey: wish.objectKey });
    case 'rotate-secret':
      return rotateSecret(deps, boxId);
    case 'retire':
      return retireBox(deps, boxId);
  }
}
