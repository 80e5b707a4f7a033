/** Holds a few frames back so that they change places; sends none itself. */
import { swap, type Random } from './random';

/** While the window is full each frame that comes in pushes one out, drawn by chance. */
export class ReorderBuffer {
  readonly #random: Random;
  #held: string[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  get size(): number {
    return this.#held.length;
  }

  hold(frame: string): void {
    this.#held.push(frame);
  }

  /** Holds `frame` and returns those for which the window has no room. */
  exchange(frame: string, window: number): string[] {
    this.hold(frame);
    const out: string[] = [];
    while (this.#held.length >= window) {
      swap(this.#held, this.#random.below(this.#held.length), this.#held.length - 1);
      out.push(this.#held.pop() as string);
    }
    return out;
  }

  release(): string[] {
    const all = this.#random.shuffled(this.#held);
    this.#held = [];
    return all;
  }
}
