/** An abort signal that fires at its time, by the Clock, or together with another signal. */
import type { Cancel, Clock } from '../../flows/ports/clock';
import type { Instant } from '../../domain/time';

/** Always `clear()` it, or its timer and its listener stay. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #endsAt: Instant;
  readonly #cancel: Cancel;
  readonly #follow = (): void => this.#controller.abort(this.outer?.reason);
  #isOver = false;

  constructor(
    private readonly clock: Clock,
    afterMs: number,
    private readonly outer?: AbortSignal,
  ) {
    this.#endsAt = (clock.now() + afterMs) as Instant;
    this.#cancel = clock.after(afterMs, () => {
      this.#isOver = true;
      this.#controller.abort(new Error(`Not done within ${afterMs} ms.`));
    });
    if (outer?.aborted) this.#follow();
    else outer?.addEventListener('abort', this.#follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** It fired by itself, not because the outer signal did. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get leftMs(): number {
    return Math.max(0, this.#endsAt - this.clock.now());
  }

  clear(): void {
    this.#cancel();
    this.outer?.removeEventListener('abort', this.#follow);
  }
}
