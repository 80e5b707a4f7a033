/** Calls a link dead when nothing comes for too long; stands still while we do not read. */
import type { Cancel, Clock } from '../../flows/ports/clock';
import { plusMs, type Instant } from '../../domain/time';

/**
 * One deadline at a time. `expect` sets it anew, `hold` stops it with what is left of it, `release`
 * lets it run on.
 */
export class LinkWatch {
  #dueAt: Instant | null = null;
  #leftMs: number | null = null;
  #expired: () => void = () => undefined;
  #timer: { readonly at: Instant; readonly cancel: Cancel } | null = null;
  #isHeld = false;

  constructor(private readonly clock: Clock) {}

  /** `expired` runs once, unless something is expected anew within `withinMs`. */
  expect(withinMs: number, expired: () => void): void {
    this.#expired = expired;
    if (this.#isHeld) this.#leftMs = withinMs;
    else this.#run(withinMs);
  }

  hold(): void {
    if (this.#isHeld) return;
    const leftMs = this.#dueAt === null ? null : Math.max(0, this.#dueAt - this.clock.now());
    this.stop();
    this.#isHeld = true;
    this.#leftMs = leftMs;
  }

  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    if (this.#leftMs !== null) this.#run(this.#leftMs);
    this.#leftMs = null;
  }

  stop(): void {
    this.#leftMs = null;
    this.#dueAt = null;
    this.#timer?.cancel();
    this.#timer = null;
  }

  /** Each frame moves the deadline; a timer that runs already is left to find that out. */
  #run(delayMs: number): void {
    this.#dueAt = plusMs(this.clock.now(), delayMs);
    if (this.#timer !== null && this.#timer.at <= this.#dueAt) return;
    this.#timer?.cancel();
    this.#arm(delayMs, () => this.#look());
  }

  /**
   * Timers run before sockets are read: after a pause of this process (a long computation, a stop
   * signal) the frames that prove the link alive lie in the kernel still. One turn lets them in.
   */
  #look(): void {
    if (this.#dueAt === null) return;
    const leftMs = this.#dueAt - this.clock.now();
    if (leftMs > 0) this.#arm(leftMs, () => this.#look());
    else this.#arm(0, () => this.#judge());
  }

  #judge(): void {
    if (this.#dueAt !== null && this.#dueAt > this.clock.now()) return this.#look();
    this.stop();
    this.#expired();
  }

  #arm(delayMs: number, run: () => void): void {
    this.#timer = {
      at: plusMs(this.clock.now(), delayMs),
      cancel: this.clock.after(delayMs, run),
    };
  }
}
