/** The one source of "now" and of every timer; tests and replays hand in a clock of their own. */
import type { Instant } from '../../domain/time';

export type Cancel = () => void;

export interface Clock {
  /** The present instant, milliseconds UTC. */
  now(): Instant;
  /** Runs `run` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, run: () => void): Cancel;
  /**
   * Runs `fire` at each match of a cron expression (five fields, or six with seconds first) in a
   * time zone; `fire` gets the instant for which it was due.
   */
  cron(input: CronInput): CronTask;
}

export interface CronInput {
  readonly name: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly fire: (dueAt: Instant) => void;
}

export interface CronTask {
  /** The next instant at which it will fire, or null when it never will. */
  nextAt(): Instant | null;
  stop(): void;
}

/** Resolves after `delayMs`, or at once when `signal` aborts; never rejects. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const wake = (): void => {
      cancel();
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = clock.after(delayMs, wake);
    signal?.addEventListener('abort', wake, { once: true });
  });
}
