/** Lets a box's call in, or says why not: steps 2 to 5 of the verification; reads no body. */
import type { Box } from '../../domain/box';
import { afterUse, maySignUnseen, secretsInForce, type UsedSecret } from '../../domain/box-secrets';
import type { BoxId } from '../../domain/ids';
import type { Instant } from '../../domain/time';
import { repeatFault, timeOrShardFault, type AdmitDeps } from './admit-call';
import type { BoxCaller, StrangerBudget, Turned, VerifiedCall } from './box-caller';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log-port';
import type { BoxStore } from '../ports/upkeep-ports';
import type { Wake } from '../ports/wake-port';

export interface AuthenticateDeps extends AdmitDeps {
  readonly boxes: Pick<BoxStore, 'one' | 'save'>;
  readonly strangers: StrangerBudget;
  readonly wake: Pick<Wake, 'seen'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** How many other objects' wishes are kept; the oldest goes first. */
const MOST_WISHES = 20;
const UNSEEN_RETRY_S = 300;

/**
 * One read, and a write only where this call changes something: the first use of a secret, or the
 * wish of another object of the same owner. An unknown key is checked like a known one.
 */
export async function authenticateBox(
  deps: AuthenticateDeps,
  caller: BoxCaller,
): Promise<VerifiedCall | Turned> {
  const read = await deps.boxes.one(caller.key as BoxId);
  const now = deps.clock.now();
  const secrets = read === null ? [] : secretsInForce(read, now);
  if (!caller.isSignedWith(secrets.map(({ text }) => text)) || read === null) {
    const mayBeRight = read !== null && maySignUnseen(read, now);
    return mayBeRight ? { kind: 'busy', retryS: UNSEEN_RETRY_S } : { kind: 'signature' };
  }
  const fault = timeOrShardFault(deps, caller, now);
  if (fault !== null) return fault;
  if (caller.objectKey !== read.objectKey || caller.ownerKey !== read.ownerKey) {
    const retryS = await deps.strangers.spend(read.id, now);
    if (retryS !== null) return { kind: 'busy', retryS };
    await recordWish(deps, { box: read, caller, now });
    return { kind: 'rebind' };
  }
  const repeated = await repeatFault(deps, caller, now);
  if (repeated !== null) return repeated;
  deps.wake.seen({ id: read.id, at: now, outbox: null });
  const box = await recordUse(deps, { box: read, caller, now });
  return { kind: 'verified', box, caller, now };
}

/** Another owner's object can never be bound to the box, so its wish is not kept. */
async function recordWish(
  deps: Pick<AuthenticateDeps, 'boxes' | 'log'>,
  { box, caller, now }: { readonly box: Box; readonly caller: BoxCaller; readonly now: Instant },
): Promise<void> {
  const { objectKey, ownerKey } = caller;
  if (ownerKey !== box.ownerKey) {
    deps.log.warn('box used by an object of another owner', { boxId: box.id, objectKey, ownerKey });
    return;
  }
  if (box.rebindAsked.some((wish) => wish.objectKey === objectKey)) return;
  const rebindAsked = [...box.rebindAsked, { objectKey, at: now }].slice(-MOST_WISHES);
  const saved = await deps.boxes.save([{ ...box, rebindAsked }]);
  // NOTE: where somebody else wrote the box at this moment, the object's next call asks again.
  if (saved.has(box.id)) deps.log.info('rebind asked for', { boxId: box.id, objectKey });
}

async function recordUse(
  deps: Pick<AuthenticateDeps, 'boxes' | 'log'>,
  { box, caller, now }: { readonly box: Box; readonly caller: BoxCaller; readonly now: Instant },
): Promise<Box> {
  if (box.nextSecret === null && (box.pairing === null || box.pairing.usedBy === null)) return box;
  const used = usedSecret(box, caller);
  const after = afterUse(box, used, now);
  if (after === null) return box;
  const saved = await deps.boxes.save([after]);
  // NOTE: where the write lost a race, the box's next call, signed with the same secret, does it.
  if (!saved.has(box.id)) return box;
  deps.log.info(used === 'next' ? 'box secret rotated' : 'box pairing ended', { boxId: box.id });
  return { ...after, rev: box.rev + 1 };
}

function usedSecret(box: Box, caller: BoxCaller): UsedSecret {
  const isBy = (text: string | undefined): boolean =>
    text !== undefined && caller.isSignedWith([text]);
  if (isBy(box.nextSecret?.text)) return 'next';
  // Of those that do not open one may be the newest.
  return isBy(box.secrets[0]?.text) && box.unopened.length === 0 ? 'newest' : 'older';
}
