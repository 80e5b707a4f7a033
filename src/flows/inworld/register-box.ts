/**
 * Pairs an object with its box by a one-use code, and hands it the secret to sign with from then
 * on.
 */
import type { Box } from '../../domain/box';
import { isOpenTo, pairedWith } from '../../domain/box-secrets';
import type { BoxId } from '../../domain/ids';
import { earlier, type Instant } from '../../domain/time';
import { repeatFault, timeOrShardFault, type AdmitDeps } from './admit-call';
import type { BoxCaller, Turned, VerifiedCall } from './box-caller';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log-port';
import type { Mint } from '../ports/mint-port';
import { StorageUnavailable } from '../ports/money-ports';
import type { BoxStore, NonceStore } from '../ports/upkeep-ports';
import type { Wake } from '../ports/wake-port';

/** Concurrent registrations of one box beyond this are a fault, not a race. */
const MOST_TRIES = 5;

/**
 * Steps 2 to 5 for a call that is signed with a pairing code. A code that has run out, or was used
 * by another object, is as unknown as one that never was.
 */
export async function authenticatePairing(
  deps: AdmitDeps & {
    readonly boxes: Pick<BoxStore, 'byPairingKey'>;
    readonly clock: Pick<Clock, 'now'>;
  },
  caller: BoxCaller,
): Promise<VerifiedCall | Turned> {
  const boxes = await deps.boxes.byPairingKey(caller.key);
  const now = deps.clock.now();
  const codes = boxes.flatMap(({ pairing }) => (pairing === null ? [] : [pairing.code]));
  if (!caller.isSignedWith(codes)) return { kind: 'signature' };
  const box = boxes.find(
    ({ pairing }) =>
      pairing !== null && isOpenTo(pairing, caller, now) && caller.isSignedWith([pairing.code]),
  );
  if (box === undefined) return { kind: 'signature' };
  const fault = timeOrShardFault(deps, caller, now) ?? (await repeatFault(deps, caller, now));
  return fault ?? { kind: 'verified', box, caller, now };
}

export interface RegisterInput {
  readonly call: VerifiedCall;
  /** The shard and region as the body names them. */
  readonly shard: string;
  readonly region: string;
  readonly rezzedAt: Instant;
}

export type Registered =
  | { readonly kind: 'paired'; readonly boxId: BoxId; readonly secretText: string }
  | { readonly kind: 'signature' | 'shard' | 'nonce' };

/**
 * The same object gets the same secret again until it has signed with it, since the answer may have
 * been lost; of two objects with one code, the first to be written wins.
 */
export async function registerBox(
  deps: AdmitDeps & {
    readonly boxes: Pick<BoxStore, 'one' | 'save'>;
    readonly nonces: NonceStore;
    readonly mint: Pick<Mint, 'secretText'>;
    readonly wake: Pick<Wake, 'seen'>;
    readonly log: Log;
  },
  { call, shard, region, rezzedAt }: RegisterInput,
): Promise<Registered> {
  if (shard !== deps.settings.gridShard) return { kind: 'shard' };
  const { caller, now } = call;
  // The answer holds a secret, so whoever listened and repeats the call elsewhere gets none.
  if (!(await deps.nonces.claim(call.box.id, caller.nonce, now))) return { kind: 'nonce' };
  let box: Box | null = call.box;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const pairing = box?.pairing ?? null;
    if (box === null || pairing === null || pairing.code !== call.box.pairing?.code) break;
    if (!isOpenTo(pairing, caller, now)) break;
    const secretText = deps.mint.secretText();
    const use = { caller, secretText, rezzedAt: earlier(rezzedAt, now), now };
    const after: Box = pairedWith(box, use);
    const held = after.secrets[0];
    if (held === undefined) break;
    if (after === box || (await deps.boxes.save([after])).has(box.id)) {
      deps.wake.seen({ id: box.id, at: now, outbox: null });
      const fact = after === box ? 'box asked for its secret again' : 'box paired';
      deps.log.info(fact, { boxId: box.id, objectKey: caller.objectKey, region });
      return { kind: 'paired', boxId: box.id, secretText: held.text };
    }
    if (tries === MOST_TRIES - 1) throw new StorageUnavailable('The box is being written to.');
    box = await deps.boxes.one(call.box.id);
  }
  return { kind: 'signature' };
}
