/** HMAC-SHA256 for names that must tell nothing of what they name; keeps nothing. */
import { createHmac } from 'node:crypto';

/**
 * Lower-case hex, 64 characters. Whoever lacks the key cannot try guesses against it, however few
 * there are.
 * @param purpose a constant phrase, so that one key serves several purposes apart from each other.
 */
export function keyedSha256(key: Uint8Array, purpose: string, text: string): string {
  return createHmac('sha256', key).update(`tierbridge ${purpose}\n`).update(text).digest('hex');
}
