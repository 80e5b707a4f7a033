/** Writes where the follower stands, under its lease's number, seldom enough not to be felt. */
import type { Cancel, Clock } from '../../flows/ports/clock';
import type { FollowerState, FollowerStore } from '../../flows/ports/upkeep-ports';
import { LeaseLost, type LeaseTerm } from '../lease-term';

export interface PlaceDeps {
  readonly follower: FollowerStore;
  readonly clock: Clock;
}

export interface PlaceListener {
  /** What may be stored now. */
  state(): FollowerState;
  stored(state: FollowerState): void;
  failed(error: unknown): void;
}

/** A place that is a second old costs a replay of a second. */
const INTERVAL_MS = 1_000;
/**
 * What changes the place has just been stored. A write that is nearly due is made behind it, rather
 * than at a moment when the next word may wait for its own.
 */
const NEARLY_MS = 750;

export class PlaceKeeper {
  #stored: FollowerState;
  #askedAt = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> = Promise.resolve();
  /** The one that begins when the one under way has ended: it writes for all who ask till then. */
  #next: Promise<void> | null = null;
  #cancel: Cancel | null = null;

  constructor(
    private readonly deps: PlaceDeps,
    private readonly term: LeaseTerm,
    private readonly listener: PlaceListener,
  ) {
    this.#stored = listener.state();
  }

  /** Something changed: write it soon. */
  note(): void {
    if (isSame(this.#stored, this.listener.state())) return;
    const { clock } = this.deps;
    const sinceMs = Math.max(0, clock.now() - this.#askedAt);
    if (sinceMs >= NEARLY_MS) return this.#writeNow();
    this.#cancel ??= clock.after(INTERVAL_MS - sinceMs, () => this.#writeNow());
  }

  /**
   * Resolves when what stands now is stored.
   * @throws LeaseLost where we no longer hold the lease, or a later follower has written.
   */
  write(): Promise<void> {
    this.#askedAt = this.deps.clock.now();
    if (this.#next !== null) return this.#next;
    const begin = (): Promise<void> => {
      this.#next = null;
      return this.#write();
    };
    this.#next = this.#writing.catch(() => undefined).then(begin);
    this.#writing = this.#next;
    return this.#next;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #writeNow(): void {
    this.stop();
    this.write().catch((error: unknown) => this.listener.failed(error));
  }

  async #write(): Promise<void> {
    const state = this.listener.state();
    if (isSame(this.#stored, state)) return;
    this.term.assure();
    if (!(await this.deps.follower.write(state, this.term.fence))) {
      throw new LeaseLost('A later follower has written where it stands.');
    }
    this.#stored = state;
    this.listener.stored(state);
  }
}

function isSame(a: FollowerState, b: FollowerState): boolean {
  const { length } = a.streams;
  return (
    a.seq === b.seq &&
    a.horizon === b.horizon &&
    length === b.streams.length &&
    a.streams[length - 1] === b.streams[length - 1]
  );
}
