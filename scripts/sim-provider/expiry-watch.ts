/** Turns a rented unit to overdue when its time runs out; knows nothing of payments. */
import type { Book } from './book';
import type { SimClock } from './real-clock';
import type { UnitRecord } from './records';
import { statusOf } from './terms';

/** An hour at most per timer, so that no clock needs to hold a longer one. */
const LONGEST_WAIT_MS = 3_600_000;
const MOST_PER_RUN = 2_000;
const SMALL = 1_000;

/**
 * A heap of unit versions by `rentedUntil`; versions that are no longer current are passed over.
 */
export class ExpiryWatch {
  readonly #book: Book;
  readonly #clock: SimClock;
  #heap: Timed[] = [];
  #timer: { readonly at: number; readonly cancel: () => void } | null = null;

  constructor(book: Book, clock: SimClock) {
    this.#book = book;
    this.#clock = clock;
  }

  follow(unit: UnitRecord): void {
    if (!isTimed(unit)) return;
    this.#push(unit);
    if (this.#heap.length > SMALL + 4 * this.#book.units.size) this.#rebuild();
    this.#plan();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#heap = [];
  }

  #run(): void {
    this.#timer = null;
    const now = this.#book.now();
    for (let done = 0; done < MOST_PER_RUN; done += 1) {
      const first = this.#heap[0];
      if (first === undefined || first.rentedUntil > now) break;
      this.#pop();
      if (this.#book.units.get(first.id) !== first) continue;
      const status = statusOf(first, now);
      this.#book.step((step) => step.changeUnit(first, { status }));
    }
    this.#plan();
  }

  /** When most of the heap is out of date. */
  #rebuild(): void {
    this.#heap = [...this.#book.units.all()].filter(isTimed);
    this.#heap.sort((a, b) => a.rentedUntil - b.rentedUntil);
  }

  #plan(): void {
    const at = this.#heap[0]?.rentedUntil;
    if (at === undefined || (this.#timer !== null && this.#timer.at <= at)) return;
    this.#timer?.cancel();
    const delayMs = Math.min(Math.max(1, at - this.#book.now()), LONGEST_WAIT_MS);
    this.#timer = { at, cancel: this.#clock.after(delayMs, () => this.#run()) };
  }

  #push(unit: Timed): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(unit);
    while (index > 0) {
      const parent = (index - 1) >>> 1;
      const above = heap[parent] as Timed;
      if (above.rentedUntil <= unit.rentedUntil) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = unit;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && right.rentedUntil < (heap[child] as Timed).rentedUntil) child += 1;
      const below = heap[child] as Timed;
      if (below.rentedUntil >= last.rentedUntil) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }
}

type Timed = UnitRecord & { readonly rentedUntil: number };

const isTimed = (unit: UnitRecord): unit is Timed =>
  unit.rentedUntil !== null && unit.status === 'rented';
