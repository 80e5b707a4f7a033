/** SHA-256 behind the Digest port; keeps nothing and compares nothing. */
import { createHash } from 'node:crypto';
import type { Digest } from '../flows/ports/digest-port';

export const sha256: Digest = (text) => createHash('sha256').update(text, 'utf8').digest('hex');
