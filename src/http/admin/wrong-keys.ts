/** Slows down an address that keeps sending wrong keys; a right key is never asked of this. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Wrong keys that an address may send in a minute before it is slowed down. */
const WRONG_KEYS_A_MINUTE = 10;
const MINUTE_S = 60;

export interface WrongKeys {
  /** Counts one; null while the address may go on, else the seconds until it may. */
  count(address: string): Promise<number | null>;
}

/**
 * In the memory of this process: the minute begins with an address's first wrong key.
 * NOTE: the window is measured by the package's own timers, not by the Clock port.
 */
export function createWrongKeys(): WrongKeys {
  const limiter = new RateLimiterMemory({ points: WRONG_KEYS_A_MINUTE, duration: MINUTE_S });
  return {
    async count(address) {
      try {
        await limiter.consume(address);
        return null;
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      }
    },
  };
}
