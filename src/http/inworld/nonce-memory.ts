/**
 * Remembers nonces in this process for as long as their calls are in time, within bounds; the
 * database knows none of it.
 */
import type { Instant } from '../../domain/time';
import { NONCE_HELD_MS } from '../../flows/inworld/admit-call';
import type { NonceMemory } from '../../flows/inworld/box-caller';

export interface NonceBounds {
  /** The box unheard for longest is forgotten first. */
  readonly mostBoxes: number;
  /** A box's oldest nonce is forgotten first, so that no box crowds out another. */
  readonly mostPerBox: number;
}

/** A box that polls and pays uses some five in that time; the bounds are there for others. */
const BOUNDS: NonceBounds = { mostBoxes: 150_000, mostPerBox: 256 };

interface Heard {
  lastAt: Instant;
  /** The oldest first. */
  readonly nonces: Map<string, Instant>;
}

export function createNonceMemory({ mostBoxes, mostPerBox }: NonceBounds = BOUNDS): NonceMemory {
  /** The box heard last is the last. */
  const boxes = new Map<string, Heard>();

  return {
    isNew({ key, nonce, now }) {
      const heard = boxes.get(key) ?? { lastAt: now, nonces: new Map<string, Instant>() };
      heard.lastAt = now;
      boxes.delete(key);
      boxes.set(key, heard);
      forgetUnheard(boxes, now, mostBoxes);
      return isNewOf(heard.nonces, { nonce, now, mostPerBox });
    },
  };
}

function isNewOf(
  nonces: Map<string, Instant>,
  one: { readonly nonce: string; readonly now: Instant; readonly mostPerBox: number },
): boolean {
  for (const [old, at] of nonces) {
    if (one.now - at < NONCE_HELD_MS) break;
    nonces.delete(old);
  }
  if (nonces.has(one.nonce)) return false;
  nonces.set(one.nonce, one.now);
  const [first] = nonces.keys();
  if (nonces.size > one.mostPerBox && first !== undefined) nonces.delete(first);
  return true;
}

/** Two at a time are enough: each call adds one box at most. */
function forgetUnheard(boxes: Map<string, Heard>, now: Instant, mostBoxes: number): void {
  for (let step = 0; step < 2; step += 1) {
    const [first] = boxes;
    if (first === undefined) return;
    const [key, { lastAt }] = first;
    if (boxes.size <= mostBoxes && now - lastAt < NONCE_HELD_MS) return;
    boxes.delete(key);
  }
}
