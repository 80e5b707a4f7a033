/** How many calls may be under way at once, and how many may wait; it makes none itself. */

/** Thrown when even the waiting places are taken. */
export class GateFull extends Error {
  override readonly name = 'GateFull';
}

/** First come, first served; a place is handed on directly, so that nobody overtakes. */
export class CallGate {
  #inside = 0;
  readonly #waiters = new Set<() => void>();

  constructor(
    private readonly places: number,
    private readonly waitingPlaces: number,
  ) {}

  /**
   * Resolves with what gives the place back (once; more calls do nothing).
   * @throws GateFull, or the signal's reason when it aborts first.
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#inside >= this.places) await this.#wait(signal);
    else this.#inside += 1;
    let isInside = true;
    return () => {
      if (isInside) this.#leave();
      isInside = false;
    };
  }

  #wait(signal: AbortSignal): Promise<void> {
    if (this.#waiters.size >= this.waitingPlaces) {
      throw new GateFull(`More than ${this.waitingPlaces} calls are waiting.`);
    }
    return new Promise((resolve, reject) => {
      const admit = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiters.delete(admit);
        reject(signal.reason as Error);
      };
      this.#waiters.add(admit);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #leave(): void {
    const [next] = this.#waiters;
    if (next === undefined) {
      this.#inside -= 1;
      return;
    }
    this.#waiters.delete(next);
    next();
  }
}
