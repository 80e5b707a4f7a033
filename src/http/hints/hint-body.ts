/**
 * What a hint says to a box, signed in its body, since a script can read no header; sends nothing.
 */
import { createHmac } from 'node:crypto';

export interface HintInput {
  readonly boxId: string;
  /** Of the object that the box is bound to. */
  readonly objectKey: string;
  /** Unix seconds at sending. */
  readonly time: number;
  /** A UUID per hint. */
  readonly nonce: string;
}

/** Six lines joined by LF, none at the end; begins unlike any text that a box itself signs. */
export function hintToSign({ boxId, objectKey, time, nonce }: HintInput): string {
  return ['SL1-HINT', 'poll', time, nonce, boxId, objectKey].join('\n');
}

/** One flat JSON object: `v`, `do`, `t`, `nonce`, `sig` (`SL1=` and Base64). */
export function hintBody(hint: HintInput, secret: string): string {
  const mac = createHmac('sha256', secret).update(hintToSign(hint), 'utf8').digest('base64');
  const { time: t, nonce } = hint;
  return JSON.stringify({ v: 1, do: 'poll', t, nonce, sig: `SL1=${mac}` });
}
