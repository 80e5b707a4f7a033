/**
 * Which secrets a box may sign with, and how pairing, rotation and an end by hand change them;
 * makes none.
 */
import type { Box, BoxSecret, Pairing } from './box';
import type { AgentKey, ObjectKey } from './ids';
import { earlier, HOUR_MS, MINUTE_MS, plusMs, type Instant } from './time';

/** How long a secret stays valid after the first use of the one that takes its place. */
const OLD_SECRET_HOURS = 24;
/** How long a pairing code waits for its one use. */
const PAIRING_MINUTES = 30;

/** With the one on offer, no more than four are ever tried. */
const MOST_SECRETS = 3;
const MOST_KEYS = 100;

/** The object that called, as its simulator named it. */
export interface InworldObject {
  readonly objectKey: ObjectKey;
  readonly ownerKey: AgentKey;
}

/** Every secret that a call may be signed with at `now`; the one on offer is the last. */
export function secretsInForce(box: Box, now: Instant): readonly BoxSecret[] {
  const held = box.secrets.filter(isInForce(now));
  return box.nextSecret === null ? held : [...held, box.nextSecret];
}

/** It may sign with a secret that we cannot see: told that it is wrong, it would stop for good. */
export const maySignUnseen = (box: Box, now: Instant): boolean => box.unopened.some(isInForce(now));

const isInForce =
  (now: Instant) =>
  ({ until }: Pick<BoxSecret, 'until'>): boolean =>
    until === null || now < until;

/** What a verified call was signed with: the secret on offer, the newest held, or one before it. */
export type UsedSecret = 'next' | 'newest' | 'older';

/**
 * The box after a verified call; null where nothing changes. The first use of the secret on offer
 * sets an end to those before it; the first use of the newest ends the pairing that it came from.
 */
export function afterUse(box: Box, used: UsedSecret, now: Instant): Box | null {
  const pairing = box.pairing?.usedBy === null ? box.pairing : null;
  if (used === 'next' && box.nextSecret !== null) {
    const first = { ...box.nextSecret, since: now, until: null };
    return { ...box, ...replacing(box, first, now), nextSecret: null, pairing };
  }
  if (used === 'older' || box.pairing === pairing) return null;
  return { ...box, pairing };
}

/**
 * Gives the box a pairing code, in place of any earlier one; its secrets go on until it is used.
 */
export function withPairing(
  box: Box,
  code: { readonly key: string; readonly code: string },
  now: Instant,
): Box & { readonly pairing: Pairing } {
  const expiresAt = plusMs(now, PAIRING_MINUTES * MINUTE_MS);
  return { ...box, pairing: { ...code, expiresAt, usedBy: null } };
}

/** Ends every secret and any pairing at once: what a leak calls for. */
export function withoutSecrets(box: Box): Box {
  const state = box.state === 'retired' ? 'retired' : 'unpaired';
  return { ...box, state, secrets: [], unopened: [], nextSecret: null, pairing: null };
}

/**
 * Puts a secret on offer; one that is on offer already stays, since the box may have received it.
 */
export function withNextSecret(box: Box, text: string, now: Instant): Box {
  if (box.nextSecret !== null) return box;
  return { ...box, nextSecret: { text, since: now, until: null } };
}

/** An unused code until it expires; a used one, for the object that used it, until it is ended. */
export function isOpenTo(pairing: Pairing, caller: InworldObject, now: Instant): boolean {
  if (pairing.usedBy === null) return now < pairing.expiresAt;
  const { objectKey, ownerKey } = pairing.usedBy;
  return objectKey === caller.objectKey && ownerKey === caller.ownerKey;
}

/**
 * The box once `caller` has used its code: it alone may sign from now on, with `secretText`. A
 * repetition by the same object changes nothing, so that a lost answer can be asked for again. A
 * retired box stays so: it can be paired to get the payments out of it that it still holds.
 */
export function pairedWith(
  box: Box,
  use: {
    readonly caller: InworldObject;
    readonly secretText: string;
    readonly rezzedAt: Instant;
    readonly now: Instant;
  },
): Box {
  if (box.pairing === null || box.pairing.usedBy !== null) return box;
  const { caller, now } = use;
  const usedBy = { objectKey: caller.objectKey, ownerKey: caller.ownerKey };
  const first = { text: use.secretText, since: now, until: null };
  return {
    ...movedTo(box, caller.objectKey, now),
    state: box.state === 'retired' ? 'retired' : 'paired',
    ownerKey: caller.ownerKey,
    ...replacing(box, first, now),
    nextSecret: null,
    pairing: { ...box.pairing, usedBy },
    rezzedAt: use.rezzedAt,
  };
}

/**
 * The box under another object key; the one before goes into its history, all wishes are dealt
 * with.
 */
export function movedTo(box: Box, objectKey: ObjectKey, now: Instant): Box {
  const before = box.objectKey;
  const keyHistory =
    before === null || before === objectKey
      ? box.keyHistory
      : [...box.keyHistory, { objectKey: before, until: now }].slice(-MOST_KEYS);
  return { ...box, objectKey, keyHistory, rebindAsked: [] };
}

/** The box has it by now, so that none which does not open can be the one that it signs with. */
function replacing(box: Box, first: BoxSecret, now: Instant): Pick<Box, 'secrets' | 'unopened'> {
  const end = plusMs(now, OLD_SECRET_HOURS * HOUR_MS);
  const before = box.secrets
    .filter(isInForce(now))
    .map((secret) => ({ ...secret, until: earlier(secret.until ?? end, end) }));
  return { secrets: [first, ...before].slice(0, MOST_SECRETS), unopened: [] };
}
