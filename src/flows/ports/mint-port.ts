/**
 * What flows may ask to be drawn by chance: ids, secrets, codes; implemented with the system's
 * source.
 */
import type { BoxId } from '../../domain/ids';

export interface Mint {
  /** A new, unguessable id. */
  boxId(): BoxId;
  /** What a box signs with: at least 40 ASCII characters, none of which needs escaping in JSON. */
  secretText(): string;
  /**
   * `XXXX-` and 13 more of an alphabet of 32 without look-alikes; the first four name the pairing.
   */
  pairingCode(): string;
  /** A random (version 4) UUID in lower case. */
  uuid(): string;
  /** From 0 up to, not including, 1; for jitter, not for secrets. */
  fraction(): number;
}
