/** Calls a link dead when nothing comes for too long; stands still while we ourselves do not read. */
import type { Cancel, Clock } from '../../flows/clock';
import type { Instant } from '../../domain/time';

/**
 * One deadline at a time. `expect` sets it anew, `hold` stops it with what is left of it, `release`
 * lets it run on.
 */
export class LinkWatch {
  #dueAt: Instant | null = null;
  #leftMs: number | null = null;
  #expired: () => void = () => undefined;
  #cancel: Cancel = () => undefined;
  #isHeld = false;

  constructor(private readonly clock: Clock) {}

  /** `expired` runs once, unless something is expected anew within `withinMs`. */
  expect(withinMs: number, expired: () => void): void {
    this.stop();
    this.#expired = expired;
    if (this.#isHeld) this.#leftMs = withinMs;
    else this.#arm(withinMs);
  }

  hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#leftMs = this.#dueAt === null ? null : Math.max(0, this.#dueAt - this.clock.now());
    this.#disarm();
  }

  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    if (this.#leftMs !== null) this.#arm(this.#leftMs);
    this.#leftMs = null;
  }

  stop(): void {
    this.#leftMs = null;
    this.#disarm();
  }

  #arm(delayMs: number): void {
    this.#dueAt = (this.clock.now() + delayMs) as Instant;
    this.#cancel = this.clock.after(delayMs, () => this.#lastChance());
  }

  #disarm(): void {
    this.#cancel();
    this.#cancel = () => undefined;
    this.#dueAt = null;
  }

  /**
   * Timers run before sockets are read: after a pause of this process (a long computation, a stop
   * signal) the frames that prove the link alive lie in the kernel still. One turn lets them in.
   */
  #lastChance(): void {
    this.#cancel = this.clock.after(0, () => {
      this.#dueAt = null;
      this.#expired();
    });
  }
}
