/** What a box makes of an answer, as the table of in-world answers says; does nothing itself. */
import type { BoxAnswer, Exchanged } from './exchange';

export type Verdict =
  /** Stored, known, told or paired. */
  | { readonly kind: 'done'; readonly answer: BoxAnswer }
  /** Sign again with our offset to the server's time. */
  | { readonly kind: 'resign'; readonly code: 'clock' | 'nonce'; readonly answer: BoxAnswer }
  /** Try again later; at least after `retryS`. */
  | { readonly kind: 'wait'; readonly code: string; readonly retryS: number }
  /** Refused for good: into the dead pair. */
  | { readonly kind: 'dead'; readonly code: string }
  /** Stop and keep everything: a person must act. */
  | { readonly kind: 'halt'; readonly code: string };

const DEAD = new Set(['malformed', 'conflict', 'too-large', 'refused', 'unknown', 'method']);
const HALT = new Set(['signature', 'rebind', 'retired', 'shard']);

export function verdictOf(exchanged: Exchanged): Verdict {
  if (exchanged.kind === 'lost') return { kind: 'wait', code: exchanged.why, retryS: 0 };
  const { status, code, retryS } = exchanged;
  if (status === 200) return { kind: 'done', answer: exchanged };
  if (code === 'clock' || code === 'nonce') return { kind: 'resign', code, answer: exchanged };
  if (status >= 400 && status < 500 && DEAD.has(code)) return { kind: 'dead', code };
  if (status >= 400 && status < 500 && HALT.has(code)) return { kind: 'halt', code };
  return { kind: 'wait', code, retryS };
}
