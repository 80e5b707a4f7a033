/** Cuts texts that came from outside to a length; what is cut off is let go of. */

/**
 * At most `most` UTF-16 units; half of a surrogate pair, which no store can keep, becomes U+FFFD.
 * The engine makes a part of a long text by pointing into it, which keeps the whole in memory for
 * as long as the part lives: so what was cut is written out anew.
 */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text.replace(/\p{Surrogate}/gu, '\uFFFD');
  return Buffer.from(text.slice(0, most), 'utf8').toString('utf8');
}
