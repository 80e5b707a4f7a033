/**
 * One REST call with everything that may go wrong around it: places, time-outs, retries, pauses
 * that the provider asks for. It knows no route and reads no schema.
 */
import { ConstantBackoff, handleType, retry } from 'cockatiel';
import { later, plusMs, type Instant } from '../../domain/time';
import { sleep, type Clock } from '../../flows/ports/clock';
import type { Log } from '../../flows/ports/log-port';
import { ProviderUnavailable } from '../../flows/ports/provider-port';
import { CallGate, GateFull } from './call-gate';
import { Deadline } from './deadline';
import { askOnce, PassingFault, type Answer, type AnswerLimits, type Ask } from './rest-attempt';
import { faultOf, type Blot } from '../token-blot';

export interface RestLimits extends AnswerLimits {
  /** Calls in flight at once. */
  readonly inFlight: number;
  /** Calls that may wait for a place. */
  readonly waiting: number;
  /** For one attempt, from the first byte sent to the last byte read. */
  readonly attemptMs: number;
  readonly attempts: number;
  /** For one call, with all its waiting and attempts. */
  readonly totalMs: number;
  /** The first pause between attempts; each further one is twice as long, jittered. */
  readonly backoffMs: number;
  readonly mostBackoffMs: number;
  /** The longest `Retry-After` that is taken at its word. */
  readonly mostRetryAfterMs: number;
}

export const DEFAULT_REST_LIMITS: RestLimits = {
  inFlight: 8,
  waiting: 1_000,
  attemptMs: 10_000,
  attempts: 4,
  totalMs: 60_000,
  backoffMs: 250,
  mostBackoffMs: 5_000,
  mostRetryAfterMs: 30_000,
  bodyBytes: 8 * 1024 * 1024,
  problemBytes: 16 * 1024,
};

export interface RestCallOptions {
  readonly base: URL;
  readonly token: string;
  readonly blot: Blot;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: RestLimits;
  /** From 0 up to but not including 1; for the jitter. */
  readonly random: () => number;
}

/** Shared by all calls of one client: the places, and the pause that the provider asked for. */
export class RestCaller {
  readonly #gate: CallGate;
  #heldUntil: Instant;

  constructor(private readonly options: RestCallOptions) {
    const { limits, clock } = options;
    this.#gate = new CallGate(limits.inFlight, limits.waiting);
    this.#heldUntil = clock.now();
  }

  /** @throws ProviderUnavailable, or the reason of `signal` when the caller gives up. */
  async call(ask: Ask, signal?: AbortSignal): Promise<Answer> {
    const { clock, limits } = this.options;
    signal?.throwIfAborted();
    const deadline = new Deadline(clock, limits.totalMs, signal);
    try {
      return await this.#withRetries(ask, deadline);
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#asUnavailable(ask, error, deadline);
    } finally {
      deadline.clear();
    }
  }

  /**
   * Cockatiel sorts and counts the attempts. Its own timers are kept at nothing, because they would
   * run by the wall clock: pauses are slept here, by ours.
   */
  #withRetries(ask: Ask, deadline: Deadline): Promise<Answer> {
    const policy = retry(handleType(PassingFault), {
      maxAttempts: this.options.limits.attempts - 1,
      backoff: new ConstantBackoff(0),
    });
    let last: PassingFault | null = null;
    return policy.execute(async ({ attempt }) => {
      if (last !== null) await this.#pause(ask, { fault: last, attempt, deadline });
      try {
        return await this.#attempt(ask, deadline.signal);
      } catch (error) {
        if (error instanceof PassingFault) last = this.#noted(error);
        throw error;
      }
    }, deadline.signal);
  }

  async #attempt(ask: Ask, signal: AbortSignal): Promise<Answer> {
    const leave = await this.#gate.enter(signal);
    try {
      // The place is kept meanwhile: while all calls are held, nobody else could use it.
      await this.#untilAllowed(signal);
      return await this.#askInTime(ask, signal);
    } finally {
      leave();
    }
  }

  async #untilAllowed(signal: AbortSignal): Promise<void> {
    const { clock } = this.options;
    while (this.#heldUntil > clock.now()) {
      await sleep(clock, this.#heldUntil - clock.now(), signal);
      signal.throwIfAborted();
    }
  }

  async #askInTime(ask: Ask, signal: AbortSignal): Promise<Answer> {
    const { base, token, blot, clock, limits } = this.options;
    const { attemptMs, bodyBytes, problemBytes } = limits;
    const deadline = new Deadline(clock, attemptMs, signal);
    const { signal: inTime } = deadline;
    const input = { base, token, blot, bodyBytes, problemBytes, now: clock.now(), signal: inTime };
    try {
      return await askOnce(ask, input);
    } catch (error) {
      if (!deadline.isOver || error !== inTime.reason) throw error;
      throw new PassingFault(`${ask.name} got no answer within ${attemptMs} ms.`);
    } finally {
      deadline.clear();
    }
  }

  /** A 429 that names a time holds every call of this client, not only the one that was told. */
  #noted(fault: PassingFault): PassingFault {
    const { clock, limits } = this.options;
    if (fault.holds !== 'client' || fault.waitMs === null) return fault;
    const until = plusMs(clock.now(), Math.min(fault.waitMs, limits.mostRetryAfterMs));
    this.#heldUntil = later(this.#heldUntil, until);
    return fault;
  }

  async #pause(
    ask: Ask,
    retrying: {
      readonly fault: PassingFault;
      readonly attempt: number;
      readonly deadline: Deadline;
    },
  ): Promise<void> {
    const { clock, limits, log, random } = this.options;
    const { fault, attempt, deadline } = retrying;
    const backoffMs = Math.min(limits.mostBackoffMs, limits.backoffMs * 2 ** (attempt - 1));
    const askedMs = Math.min(fault.waitMs ?? 0, limits.mostRetryAfterMs);
    const waitMs = Math.round(askedMs + random() * backoffMs);
    // Waiting for what could only be broken off afterwards helps nobody.
    if (waitMs >= deadline.leftMs) throw new ProviderUnavailable(fault.message, true);
    log.warn('provider call repeated', { call: ask.name, attempt, waitMs, fault: fault.message });
    await sleep(clock, waitMs, deadline.signal);
    deadline.signal.throwIfAborted();
  }

  #asUnavailable(ask: Ask, error: unknown, deadline: Deadline): Error {
    if (error instanceof ProviderUnavailable) return error;
    const isKnown = error instanceof PassingFault || error instanceof GateFull;
    if (isKnown) return new ProviderUnavailable(error.message, true);
    if (deadline.isOver) {
      const { totalMs } = this.options.limits;
      return new ProviderUnavailable(`${ask.name} was not answered within ${totalMs} ms.`, true);
    }
    return new ProviderUnavailable(`${ask.name}: ${faultOf(error, this.options.blot)}`, true);
  }
}
