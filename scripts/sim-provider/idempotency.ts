/** Answers given under an idempotency key, so that a repeated call changes nothing twice. */
import type { Instant } from '../../src/domain/time';
import type { UnitRecord } from './records';
import { Refusal } from './refusal';

interface Given {
  readonly request: string;
  readonly unit: UnitRecord;
  readonly at: Instant;
}

/** The oldest keys are forgotten above this. */
const MOST_KEYS = 100_000;

export class IdempotencyKeys {
  readonly #given = new Map<string, Given>();

  /** The answer given before; null for a new key. @throws Refusal (422) for another request. */
  answered(key: string, request: string): UnitRecord | null {
    const given = this.#given.get(key);
    if (given === undefined) return null;
    if (given.request !== request) {
      throw new Refusal(422, 'This idempotency key came with another request before.');
    }
    return given.unit;
  }

  keep(key: string, given: Given): void {
    this.#given.set(key, given);
    const oldest = this.#given.keys().next().value;
    if (this.#given.size > MOST_KEYS && oldest !== undefined) this.#given.delete(oldest);
  }

  /** A restored backup does not know what was answered after it, nor is it in force any more. */
  forgetSince(at: Instant): void {
    for (const [key, given] of this.#given) if (given.at >= at) this.#given.delete(key);
  }
}
