/** Follows the status stream for one term of the lease: link after link, until the term ends. */
import type { Instant } from '../../domain/time';
import { sleep } from '../../flows/ports/clock';
import type { StreamConnection } from '../../flows/ports/provider-port';
import type { FollowerState } from '../../flows/ports/upkeep-ports';
import type { LeaseTerm } from '../lease-term';
import { CatchUpLane } from './catch-up-lane';
import { CoverBook } from './cover-book';
import type { FollowDeps } from './follow-deps';
import { followLink, type EndedLink } from './follow-link';
import type { Following } from './following';
import { LookUpLane } from './look-up-lane';
import { PlaceKeeper } from './place-keeper';

/** `refused`: the provider refuses our token, and must not be asked again with it. */
export type TermEnd = 'ended' | 'refused';

/**
 * Everything begins with what is stored, and nothing outlives the term: whatever fails, the next
 * term hears again what this one could not store.
 *
 * @throws LeaseLost, StorageUnavailable, or a fault of ours: the first that ended it.
 */
export async function followTerm(deps: FollowDeps, term: LeaseTerm): Promise<TermEnd> {
  const following = new TermFollowing(deps, term, await deps.follower.read());
  try {
    return await following.run();
  } finally {
    await following.close();
  }
}

class TermFollowing implements Following {
  readonly book: CoverBook;
  readonly #ending = new AbortController();
  readonly #place: PlaceKeeper;
  readonly #catchUps: CatchUpLane;
  readonly #lookUps: LookUpLane;
  readonly #end = (): void => this.#ending.abort(this.term.signal.reason);
  #failure: { readonly error: unknown } | null = null;
  #connection: StreamConnection | null = null;
  #told: Instant | null = null;

  constructor(
    readonly deps: FollowDeps,
    readonly term: LeaseTerm,
    stored: FollowerState,
  ) {
    this.book = new CoverBook(stored);
    if (term.signal.aborted) this.#end();
    else term.signal.addEventListener('abort', this.#end, { once: true });
    this.#place = new PlaceKeeper(deps, term, {
      state: () => this.book.state(),
      stored: ({ seq }) => (seq === null ? undefined : this.#connection?.ack(seq)),
      failed: (error) => this.fail(error),
    });
    this.#catchUps = new CatchUpLane(this);
    this.#lookUps = new LookUpLane(this);
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  async run(): Promise<TermEnd> {
    const { deps } = this;
    let failures = 0;
    while (!this.signal.aborted) {
      const link = await this.#follow();
      if (link === null || this.signal.aborted) break;
      const next = deps.reconnect({ ...link, failures }, deps.mint.fraction());
      if (next.kind === 'never') return 'refused';
      failures = next.failures;
      await sleep(deps.clock, next.delayMs, this.signal);
    }
    if (this.#failure !== null) throw this.#failure.error;
    return 'ended';
  }

  /** Stopping in order, what was covered is written a last time. */
  async close(): Promise<void> {
    this.#ending.abort();
    this.term.signal.removeEventListener('abort', this.#end);
    this.#place.stop();
    await Promise.all([this.#catchUps.ended(), this.#lookUps.ended()]);
    this.#place.stop();
    if (this.#failure !== null || !this.term.isHeld()) return;
    await this.#place.write().catch((error: unknown) => {
      this.deps.log.warn('place in the stream not written', { error });
    });
  }

  changed(): void {
    if (this.signal.aborted) return;
    this.#catchUps.arm();
    this.#place.note();
    this.#tell();
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#ending.abort(error);
  }

  /** Null when it failed, which ends the term. */
  async #follow(): Promise<EndedLink | null> {
    this.deps.metrics.streamState('connecting');
    this.#connection = this.deps.stream.connect(this.book.cursor());
    try {
      return await followLink(this, this.#parts(), this.#connection);
    } catch (error) {
      this.fail(error);
      return null;
    } finally {
      this.#connection = null;
      this.deps.metrics.streamState('connecting');
    }
  }

  #parts() {
    return {
      place: this.#place,
      lookUps: this.#lookUps,
      renumbered: () => this.#catchUps.restart(),
    };
  }

  #tell(): void {
    const { metrics } = this.deps;
    const { horizon } = this.book;
    if (this.#catchUps.isRunning) metrics.streamState('catching-up');
    else if (this.#connection !== null) metrics.streamState('live');
    if (horizon === null || horizon === this.#told) return;
    this.#told = horizon;
    metrics.evidenceHorizon(horizon);
  }
}
