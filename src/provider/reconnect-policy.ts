/** When to dial the status stream again, if at all; pure: time, health and chance are arguments. */
import type { StreamEnd } from '../flows/ports/provider-port';

const FIRST_BACKOFF_MS = 500;
const MOST_BACKOFF_MS = 30_000;
/** A link that lived this long after its hello was healthy: the doubling begins anew. */
const HEALTHY_MS = 60_000;
/** A `bye` may ask for a longer pause than our own, but not for ever. */
const MOST_BYE_MS = 300_000;

export interface EndedLink {
  readonly end: Pick<StreamEnd, 'retry' | 'retryMs'>;
  /** Links in a row that ended before they were healthy, this one not counted; 0 at first. */
  readonly failures: number;
  /** How long the link lived after its hello; 0 when it got none. */
  readonly healthyMs: number;
}

export type Reconnect =
  | { readonly kind: 'wait'; readonly delayMs: number; readonly failures: number }
  /** Close code 4001: not before somebody gives us another token. */
  | { readonly kind: 'never' };

/**
 * Full jitter: anything from nothing to the backoff, so that a thousand clients of a server that
 * restarts do not come back as one. What a `bye` asked for comes first, the jitter after it.
 *
 * @param random from 0 up to but not including 1.
 */
export function nextReconnect(link: EndedLink, random: number): Reconnect {
  if (link.end.retry === 'never') return { kind: 'never' };
  const failures = link.healthyMs >= HEALTHY_MS ? 0 : Math.max(0, link.failures);
  // 2 ** 6 is past the ceiling already: the power itself stays small however often we fail.
  const backoffMs = Math.min(MOST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures, 6));
  const askedMs = Math.min(MOST_BYE_MS, Math.max(0, link.end.retryMs ?? 0));
  const delayMs = Math.round(askedMs + random * backoffMs);
  return { kind: 'wait', delayMs, failures: failures + 1 };
}
