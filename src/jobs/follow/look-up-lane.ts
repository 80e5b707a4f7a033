/**
 * Asks by REST for the row of a frame that could not be read; what it cannot get, a catch-up gets.
 */
import type { StreamSignal } from '../../flows/ports/provider-port';
import { ProviderUnavailable } from '../../flows/ports/provider-port';
import { takeHeard, type Following } from './following';

export type UnreadableSignal = Extract<StreamSignal, { readonly kind: 'unreadable' }>;

interface Wanted {
  readonly signal: UnreadableSignal;
  readonly connection: number | null;
  readonly streamRank: number;
}

/** More than this many at once are a catch-up's business. */
const MOST_WAITING = 200;

export class LookUpLane {
  readonly #waiting: Wanted[] = [];
  #running: Promise<void> | null = null;

  constructor(private readonly following: Following) {}

  add(signal: UnreadableSignal): void {
    if (signal.txId === null && signal.unitId === null) return;
    if (this.#waiting.length >= MOST_WAITING || this.following.signal.aborted) return;
    const { connection, streamRank } = this.following.book;
    this.#waiting.push({ signal, connection, streamRank });
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is under way, after the following's signal has aborted. */
  async ended(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      await this.#lookUpAll();
    } finally {
      // Here, and not a turn later: what is added meanwhile must find that nobody is at work.
      this.#running = null;
    }
  }

  async #lookUpAll(): Promise<void> {
    const { signal } = this.following;
    for (let one = this.#waiting.shift(); one !== undefined; one = this.#waiting.shift()) {
      if (signal.aborted) return;
      try {
        await this.#lookUp(one);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ProviderUnavailable)) return this.following.fail(error);
        const { seq, txId, unitId } = one.signal;
        this.following.deps.log.info('row not looked up', { seq, txId, unitId, error });
      }
    }
  }

  /**
   * The frame's number counts as covered only where the frame was whole enough to be trusted about
   * it: JSON, for its time could be read, and about a transaction that the provider knows.
   */
  async #lookUp({ signal, connection, streamRank }: Wanted): Promise<void> {
    const { deps, book, signal: ending } = this.following;
    const { seq, time, txId, unitId } = signal;
    const word = txId === null ? null : await deps.provider.transaction(txId, ending);
    const unit = txId !== null || unitId === null ? null : await deps.provider.unit(unitId, ending);
    const words = { transactions: word === null ? [] : [word], units: unit === null ? [] : [unit] };
    await takeHeard(this.following, words, { witness: 'lookup', streamRank });
    if (word === null || seq === null || time === null || connection !== book.connection) return;
    book.hear({ kind: 'fetched', seq }, deps.clock.now());
    this.following.changed();
  }
}
