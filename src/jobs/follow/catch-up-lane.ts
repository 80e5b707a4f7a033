/** Makes good by REST what the stream did not tell: one catch-up at a time, while it goes on. */
import type { CatchUp } from '../../domain/stream-cover';
import { plusMs, type Instant } from '../../domain/time';
import type { Cancel } from '../../flows/ports/clock';
import { ProviderUnavailable } from '../../flows/ports/provider-port';
import { takeHeard, type Following } from './following';

const FIRST_PAUSE_MS = 1_000;
const MOST_PAUSE_MS = 60_000;

export class CatchUpLane {
  #running: Promise<void> | null = null;
  #controller = new AbortController();
  #cancel: Cancel = () => undefined;
  #failures = 0;
  #notBefore = 0 as Instant;

  constructor(private readonly following: Following) {
    const { signal } = following;
    signal.addEventListener('abort', () => this.#controller.abort(signal.reason), { once: true });
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Looks again when one is due. */
  arm(): void {
    this.#cancel();
    const { book, deps, signal } = this.following;
    const now = deps.clock.now();
    const waitMs = book.waitMs(now);
    if (this.#running !== null || waitMs === null || signal.aborted) return;
    const delayMs = Math.max(waitMs, this.#notBefore - now);
    this.#cancel = deps.clock.after(delayMs, () => this.#start());
  }

  /** Numbering began anew: what is being fetched proves nothing under it. */
  restart(): void {
    this.#controller.abort(new Error('Numbering began anew.'));
    this.#notBefore = 0 as Instant;
  }

  /** Resolves when nothing is under way, after the following's signal has aborted. */
  async ended(): Promise<void> {
    this.#cancel();
    await this.#running;
  }

  #start(): void {
    const { book, deps, signal } = this.following;
    if (this.#running !== null || signal.aborted) return;
    const due = book.due(deps.clock.now());
    if (due === null) return this.arm();
    this.#controller = new AbortController();
    this.#running = this.#run(due, this.#controller.signal).finally(() => {
      this.#running = null;
      this.following.changed();
    });
    this.following.changed();
  }

  async #run(catchUp: CatchUp, signal: AbortSignal): Promise<void> {
    const { book, deps } = this.following;
    const { reach, streamRank } = book;
    const { reason, since } = catchUp;
    deps.log.info('catch-up begun', { reason, since, reach });
    try {
      const done = await deps.catchUp({
        ...{ since, reach, signal },
        take: (words) => takeHeard(this.following, words, { witness: 'lookup', streamRank }),
      });
      const { firstPageTime } = done;
      book.caughtUp({ catchUp, firstPageTime, reach }, deps.clock.now());
      this.#failures = 0;
      deps.metrics.catchUpEnded('complete');
      deps.metrics.putAside('lookup', done.unreadable);
      deps.log.info('catch-up complete', { reason, ...done });
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    }
  }

  /** The horizon stays where it was. */
  #failed(error: unknown): void {
    if (!(error instanceof ProviderUnavailable)) return this.following.fail(error);
    const { clock, log, mint, metrics } = this.following.deps;
    const ceilingMs = Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.#failures, 10));
    const pauseMs = error.mayRetry ? ceilingMs * (0.5 + mint.fraction() / 2) : MOST_PAUSE_MS;
    this.#failures += 1;
    this.#notBefore = plusMs(clock.now(), Math.round(pauseMs));
    metrics.catchUpEnded('failed');
    log.warn('catch-up failed', { error, failures: this.#failures, pauseMs });
  }
}
