/** What the parts of one term of following share: where it stands, and how words are stored. */
import type { CaughtWords } from '../../flows/upstream/catch-up';
import type { Witness } from '../../domain/payments/transaction';
import type { LeaseTerm } from '../lease-term';
import type { CoverBook } from './cover-book';
import type { FollowDeps } from './follow-deps';

export interface Following {
  readonly deps: FollowDeps;
  readonly term: LeaseTerm;
  readonly book: CoverBook;
  /** Aborts when the term ends, for whatever reason. */
  readonly signal: AbortSignal;
  /** The book changed: timers are set anew, and the place is written soon. */
  changed(): void;
  /** Ends the term: what cannot be stored is heard again by the next one. */
  fail(error: unknown): void;
}

/**
 * Stores words, if we may still write.
 * @throws LeaseLost, or StorageUnavailable: they are not stored then, and must not count as
 * covered.
 */
export async function takeHeard(
  { deps, term }: Following,
  words: CaughtWords,
  heard: { readonly witness: Witness; readonly streamRank: number },
): Promise<void> {
  if (words.transactions.length + words.units.length === 0) return;
  term.assure();
  await deps.takeWords({ ...words, ...heard, differences: 'ask-for-resync' });
}
