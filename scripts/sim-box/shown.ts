/**
 * What can be seen of a simulated box from outside: counts, answers, the standing it was told
 * last.
 */
import type { DeadEvent } from './memory';

/** A standing as the box was told it; see the in-world interface for the fields. */
export interface StandingTold {
  readonly until: number;
  readonly left: number;
  readonly stage: string;
  readonly pending: number;
  readonly gate: number;
  readonly price: number;
  readonly term: number;
  readonly min: number;
  readonly text: string;
  readonly poll: number;
  /** The server's time of the answer, Unix seconds. */
  readonly t: number;
}

export interface BoxStateShown {
  readonly boxId: string | null;
  /** Events waiting. */
  readonly outbox: number;
  readonly dead: readonly DeadEvent[];
  /** Event ids of the payments that were answered `stored` or `known`, in that order. */
  readonly acknowledged: readonly string[];
  readonly standing: StandingTold | null;
  /** The code that made it stop and keep everything; null = it goes on. */
  readonly halted: string | null;
  /** Whether it takes payments just now. */
  readonly selling: boolean;
  readonly inFlight: boolean;
  readonly calls: number;
  /** How often each code was answered; what was lost counts under its error's name. */
  readonly codes: Readonly<Record<string, number>>;
}

export function standingTold(
  t: number,
  fields: Readonly<Record<string, string | number>>,
): StandingTold {
  const number = (name: string): number => Number(fields[name] ?? 0);
  return {
    until: number('until'),
    left: number('left'),
    stage: String(fields['stage']),
    pending: number('pending'),
    gate: number('gate'),
    price: number('price'),
    term: number('term'),
    min: number('min'),
    text: String(fields['text']),
    poll: number('poll'),
    t,
  };
}
