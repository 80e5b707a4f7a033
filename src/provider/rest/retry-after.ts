/** Reads `Retry-After`; it decides no retry. */
import type { Instant } from '../../domain/time';

/**
 * Milliseconds to wait, from whole seconds or an HTTP date (RFC 9110, 10.2.3); 0 for a date that is
 * past, null where there is none or it says neither.
 */
export function retryAfterMs(header: string | null, now: Instant): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  // A date holds letters: `Date.parse` would take "-5" or "2" for one.
  const at = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
