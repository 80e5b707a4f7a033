/**
 * How often an object may call, and an address may fail, within this process; lets right calls
 * through.
 */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { SECOND_MS, type Instant } from '../../domain/time';
import type { CallBudget, StrangerBudget } from '../../flows/inworld/box-caller';

/** The grid itself allows an object 25 calls in 20 s: only a program outside it comes near this. */
const OBJECT_CALLS = { most: 600, windowS: 20 };

/** Coarse, since the boxes of a region share the address of its simulator. */
const ADDRESS_FAILURES = { most: 3_000, windowS: 60 };

export interface BudgetBounds {
  /** Calls in a window. */
  readonly most: number;
  readonly windowS: number;
}

/** Copies poll a few times an hour; each of their calls may be written down, and logged. */
const STRANGER_CALLS = { most: 20, windowS: 60 };

/** By object key; only calls whose signature is right are counted. */
export function createCallBudget(bounds: BudgetBounds = OBJECT_CALLS): CallBudget {
  const spend = createBudget(bounds);
  return { spend };
}

/** By box: calls in its name by objects that are not the registered one. */
export function createStrangerBudget(bounds: BudgetBounds = STRANGER_CALLS): StrangerBudget {
  const spend = createBudget(bounds);
  return { spend };
}

/** Wrong signatures by address: one that keeps failing is told to wait; a right call never is. */
export interface FailureBudget {
  /** Null: answer as usual. Otherwise the seconds after which it may try again. */
  count(address: string, now: Instant): Promise<number | null>;
}

export function createFailureBudget(bounds: BudgetBounds = ADDRESS_FAILURES): FailureBudget {
  const count = createBudget(bounds);
  return { count };
}

/**
 * The window is named by our clock, so that replays with a clock of their own are judged by it; the
 * package's timers, which run by the machine's, only forget what is over.
 */
function createBudget({ most, windowS }: BudgetBounds) {
  const limiter = new RateLimiterMemory({ points: most, duration: windowS });
  const windowMs = windowS * SECOND_MS;
  return async (who: string, now: Instant): Promise<number | null> => {
    const window = Math.floor(now / windowMs);
    try {
      await limiter.consume(`${who} ${window}`);
      return null;
    } catch (spent) {
      if (!(spent instanceof RateLimiterRes)) throw spent;
      return Math.max(1, Math.ceil(((window + 1) * windowMs - now) / SECOND_MS));
    }
  };
}
