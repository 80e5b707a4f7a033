/**
 * Makes boxes and the one-use codes that pair an object with them; the object's side is register-
 * box.
 */
import { newBox, type Box } from '../../domain/box';
import { withoutSecrets, withPairing } from '../../domain/box-secrets';
import type { BoxId, RentalId } from '../../domain/ids';
import type { Rental } from '../../domain/rental';
import type { Instant } from '../../domain/time';
import { changeBox } from './change-box';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log-port';
import type { Mint } from '../ports/mint-port';
import { StorageUnavailable, type RentalStore } from '../ports/money-ports';
import { conflict, NOT_FOUND, type Conflict, type NotFound } from '../access/refusal';
import type { BoxStore } from '../ports/upkeep-ports';

export interface PairDeps {
  readonly boxes: Pick<BoxStore, 'get' | 'save'>;
  readonly mint: Pick<Mint, 'pairingCode'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** The code is shown once; it is in `box` too, which is never shown as it is. */
export interface PairingGiven {
  readonly kind: 'changed';
  /** Null for a box that was made by this call. */
  readonly before: Box | null;
  readonly box: Box;
  readonly pairingCode: string;
  readonly expiresAt: Instant;
}

const MOST_TRIES = 5;
const PAIRING_KEY_LENGTH = 4;

export interface PairInput {
  readonly boxId: BoxId;
  /** `end`: all secrets stop at once, whoever holds them. */
  readonly secrets: 'keep' | 'end';
}

/** Gives a code that one object may use within 30 minutes; an earlier code ends. */
export async function pairBox(
  deps: PairDeps,
  { boxId, secrets }: PairInput,
): Promise<PairingGiven | Conflict | NotFound> {
  const pairingCode = deps.mint.pairingCode();
  const now = deps.clock.now();
  const code = { key: `pair_${pairingCode.slice(0, PAIRING_KEY_LENGTH)}`, code: pairingCode };
  const outcome = await changeBox(deps, boxId, (box) => {
    const kept = secrets === 'end' ? withoutSecrets(box) : box;
    return withPairing(kept, code, now);
  });
  if (outcome.kind !== 'changed') return outcome;
  if (secrets === 'end') deps.log.warn('box secrets ended by hand', { boxId });
  const expiresAt = outcome.box.pairing?.expiresAt ?? now;
  deps.log.info('pairing code given', { boxId, expiresAt });
  return { ...outcome, pairingCode, expiresAt };
}

/**
 * Makes a box for a rental that has none in use, with its first code. `boxId` is the caller's, so
 * that a request which a crash left half-done finds the box that it made.
 */
export async function createBox(
  deps: PairDeps & { readonly rentals: Pick<RentalStore, 'get' | 'save'> },
  { boxId, rentalId }: { readonly boxId: BoxId; readonly rentalId: RentalId },
): Promise<PairingGiven | Conflict | NotFound> {
  const [rental] = await deps.rentals.get([rentalId]);
  if (rental === undefined) return NOT_FOUND;
  const inUse = await otherInUse(deps, rental, boxId);
  if (inUse !== null) return inUse;
  const made = newBox(boxId, rentalId, deps.clock.now());
  const isNew = (await deps.boxes.save([made])).has(boxId);
  const taken = await takeRental(deps, { boxId, rentalId });
  if (taken !== null) return taken;
  if (isNew) deps.log.info('box made', { boxId, rentalId });
  const paired = await pairBox(deps, { boxId, secrets: 'keep' });
  return paired.kind === 'changed' && isNew ? { ...paired, before: null } : paired;
}

/**
 * The second of two who make a box at once finds the first one's here, and its own gets no code.
 */
async function takeRental(
  deps: Pick<PairDeps, 'boxes'> & { readonly rentals: Pick<RentalStore, 'get' | 'save'> },
  { boxId, rentalId }: { readonly boxId: BoxId; readonly rentalId: RentalId },
): Promise<Conflict | NotFound | null> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const [rental] = await deps.rentals.get([rentalId]);
    if (rental === undefined) return NOT_FOUND;
    if (rental.boxId === boxId) return null;
    const inUse = await otherInUse(deps, rental, boxId);
    if (inUse !== null) return inUse;
    if ((await deps.rentals.save([{ ...rental, boxId }])).has(rentalId)) return null;
  }
  throw new StorageUnavailable('The rental is being written to.');
}

async function otherInUse(
  deps: Pick<PairDeps, 'boxes'>,
  rental: Rental,
  boxId: BoxId,
): Promise<Conflict | null> {
  if (rental.boxId === null || rental.boxId === boxId) return null;
  const [other] = await deps.boxes.get([rental.boxId]);
  if (other === undefined || other.state === 'retired') return null;
  return conflict(`The rental has the box ${rental.boxId}: retire that one first.`);
}
