/** An owner makes a box, or gives one a new pairing code: within the key's reach, and recorded. */
import type { Box } from '../../domain/box';
import { parseBoxId, type BoxId, type RentalId } from '../../domain/ids';
import type { Instant } from '../../domain/time';
import type { Acting } from '../access/acting';
import type { ChangeBoxDeps } from './change-box-by-hand';
import { nameFrom } from '../ports/digest-port';
import { createBox, pairBox } from './pair-box';
import { recordBoxChange } from './record-box-change';
import { NOT_FOUND, type Conflict, type NotFound } from '../access/refusal';
import { visibleBox } from './visible-box';
import { visibleRental } from '../rentals/visible-rental';

export interface BoxPaired {
  readonly kind: 'changed';
  readonly box: Box;
  /** Shown once. */
  readonly pairingCode: string;
  readonly expiresAt: Instant;
  readonly now: Instant;
}

export interface PairBoxInput {
  /** A new box for a rental, or one that is there. */
  readonly of:
    | { readonly kind: 'new'; readonly rentalId: RentalId }
    | { readonly kind: 'known'; readonly boxId: BoxId; readonly secrets: 'keep' | 'end' };
  readonly by: Acting;
}

/** A request that is resumed gives a new code: the first one was never answered. */
export async function pairBoxByHand(
  deps: ChangeBoxDeps,
  { of, by }: PairBoxInput,
): Promise<BoxPaired | NotFound | Conflict> {
  const outcome = of.kind === 'new' ? await make(deps, of, by) : await pair(deps, of, by);
  return outcome.kind === 'changed' ? { ...outcome, now: deps.clock.now() } : outcome;
}

async function make(
  deps: ChangeBoxDeps,
  { rentalId }: { readonly rentalId: RentalId },
  by: Acting,
): ReturnType<typeof createBox> {
  const rental = await visibleRental(deps, { regions: by.regions, id: rentalId });
  if (rental === null) return NOT_FOUND;
  const boxId = parseBoxId(`box_${nameFrom(deps.digest, by.requestId, 'box')}`);
  const change = { by, boxId, region: rental.region, action: 'box-created' };
  return recordBoxChange(deps, change, () => createBox(deps, { boxId, rentalId }));
}

async function pair(
  deps: ChangeBoxDeps,
  { boxId, secrets }: { readonly boxId: BoxId; readonly secrets: 'keep' | 'end' },
  by: Acting,
): ReturnType<typeof pairBox> {
  const visible = await visibleBox(deps, { regions: by.regions, id: boxId });
  if (visible === null) return NOT_FOUND;
  const action = secrets === 'end' ? 'box-secrets-revoked' : 'box-pairing-code-given';
  const change = { by, boxId, region: visible.region, action };
  return recordBoxChange(deps, change, () => pairBox(deps, { boxId, secrets }));
}
