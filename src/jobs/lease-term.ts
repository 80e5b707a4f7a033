/**
 * One unbroken time of holding a lease, from its taking to its loss or end; does no work under it.
 */
import type { Cancel, Clock } from '../flows/ports/clock';
import type { Log } from '../flows/ports/log-port';
import type { LeaseStore } from '../flows/ports/upkeep-ports';

export const LEASE_MS = 10_000;
export const RENEW_MS = 3_000;
/** So long before the lease can run out, by our own clock, we no longer count on it. */
export const MARGIN_MS = 2_000;
const RENEW_AGAIN_MS = 1_000;

export interface LeaseDeps {
  readonly leases: LeaseStore;
  readonly clock: Clock;
  readonly log: Log;
}

export interface LeaseTerm {
  /** Goes with every write, so that a later holder's refuses ours. */
  readonly fence: number;
  /** Aborts when the lease can no longer be counted on, and when the work is to stop. */
  readonly signal: AbortSignal;
  /**
   * Ask right before every write: it goes by the clock, and not by timers, which a process that was
   * stopped and wakes up may not have run yet. Still true while work that is to stop ends in order.
   */
  isHeld(): boolean;
  /** @throws LeaseLost unless it is held. */
  assure(): void;
}

export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

export interface Taken {
  readonly name: string;
  readonly holder: string;
  readonly fence: number;
  /** When it was asked for: by the database's clock it runs from no earlier. */
  readonly askedAt: number;
}

/** Renews itself until `end()`, or until it is lost; a lost one never comes back. */
export class RenewedTerm implements LeaseTerm {
  readonly fence: number;
  readonly #controller = new AbortController();
  #askedAt: number;
  #isLost = false;
  #hasEnded = false;
  #cancelRenewal: Cancel = () => undefined;
  #cancelDeadline: Cancel = () => undefined;
  readonly #halt = (): void => this.#controller.abort(this.stopping.reason);

  constructor(
    private readonly deps: LeaseDeps,
    private readonly taken: Taken,
    private readonly stopping: AbortSignal,
  ) {
    this.fence = taken.fence;
    this.#askedAt = taken.askedAt;
    if (stopping.aborted) this.#halt();
    else stopping.addEventListener('abort', this.#halt, { once: true });
    this.#countFrom(taken.askedAt);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  isHeld(): boolean {
    const ageMs = this.deps.clock.now() - this.#askedAt;
    if (ageMs < 0 || ageMs > LEASE_MS - MARGIN_MS) this.#lose('not renewed in time');
    return !this.#isLost;
  }

  assure(): void {
    if (!this.isHeld()) throw new LeaseLost(`The lease "${this.taken.name}" is no longer ours.`);
  }

  end(): void {
    this.#hasEnded = true;
    this.stopping.removeEventListener('abort', this.#halt);
    this.#disarm();
  }

  /** The deadline counts elapsed time, for a clock that was set back would flatter us. */
  #countFrom(askedAt: number): void {
    this.#disarm();
    this.#askedAt = askedAt;
    const { clock } = this.deps;
    const leftMs = LEASE_MS - MARGIN_MS - (clock.now() - askedAt);
    this.#cancelDeadline = clock.after(leftMs, () => this.#lose('not renewed in time'));
    this.#renewIn(RENEW_MS);
  }

  #renewIn(delayMs: number): void {
    this.#cancelRenewal = this.deps.clock.after(delayMs, () => void this.#renew());
  }

  #disarm(): void {
    this.#cancelRenewal();
    this.#cancelDeadline();
  }

  async #renew(): Promise<void> {
    if (!this.isHeld()) return;
    const { leases, clock, log } = this.deps;
    const { name, holder } = this.taken;
    const askedAt = clock.now();
    try {
      const renewed = await leases.take(name, holder, LEASE_MS);
      if (this.#isOver()) return;
      if (renewed === null) return this.#lose('taken by another');
      // It had run out and was taken anew: what another wrote in between we have not read.
      if (renewed.fence !== this.fence) return this.#lose('had run out');
      this.#countFrom(askedAt);
    } catch (error) {
      if (this.#isOver()) return;
      log.warn('lease not renewed', { name, error });
      this.#renewIn(RENEW_AGAIN_MS);
    }
  }

  #isOver(): boolean {
    return this.#isLost || this.#hasEnded;
  }

  #lose(why: string): void {
    if (this.#isOver()) return;
    this.#isLost = true;
    this.#disarm();
    const { name } = this.taken;
    this.deps.log.warn('lease lost', { name, fence: this.fence, why });
    this.#controller.abort(new LeaseLost(`The lease "${name}" was lost: ${why}.`));
  }
}
