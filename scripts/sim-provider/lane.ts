/**
 * A queue of transactions that wait for their turn, each with an instant before which it is not
 * due.
 */
import type { Instant } from '../../src/domain/time';
import { swap } from './random';

export interface Waiting {
  readonly id: string;
  readonly dueAt: Instant;
  /** `sure`: completes whatever the rates say, and may come back from `failed` or `suspended`. */
  readonly fate: 'chance' | 'sure';
}

const SMALL = 1_000;

/** First in, first out, but for the window within which places may change. */
export class Lane {
  #waiting: Waiting[] = [];
  #head = 0;

  get size(): number {
    return this.#waiting.length - this.#head;
  }

  push(waiting: Waiting): void {
    this.#waiting.push(waiting);
  }

  /** When the first of them is due; null when nothing waits. */
  nextDue(): Instant | null {
    return this.#waiting[this.#head]?.dueAt ?? null;
  }

  /** Takes one that is due: the first, or another of the first few as `place` (0 = first) says. */
  take(now: Instant, place: (among: number) => number): Waiting | null {
    const first = this.#waiting[this.#head];
    if (first === undefined || first.dueAt > now) return null;
    const other = this.#head + place(this.size);
    const isDue = (this.#waiting[other]?.dueAt ?? Infinity) <= now;
    if (isDue && other !== this.#head) swap(this.#waiting, this.#head, other);
    const taken = this.#waiting[this.#head] as Waiting;
    this.#head += 1;
    this.#forgetTaken();
    return taken;
  }

  clear(): readonly Waiting[] {
    const all = this.#waiting.slice(this.#head);
    this.#waiting = [];
    this.#head = 0;
    return all;
  }

  #forgetTaken(): void {
    if (this.#head < SMALL || this.#head * 2 < this.#waiting.length) return;
    this.#waiting = this.#waiting.slice(this.#head);
    this.#head = 0;
  }
}
