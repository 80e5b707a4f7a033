/**
 * The bounded queue between the socket and whoever stores what was heard; it knows no socket: it
 * only says when it is full, and when there is room again.
 */

export interface QueueLimits {
  /** From so many waiting values on, `onFull` asks the source to stop. */
  readonly capacity: number;
  /** The same for the bytes in which the waiting values came. */
  readonly capacityBytes: number;
  /** The most that one batch hands out. */
  readonly batch: number;
}

export interface QueueListener {
  onFull(): void;
  /**
   * Half empty again, in values and in bytes: not earlier, so that the source is not switched with
   * every batch.
   */
  onRoom(): void;
  /** The reader left the loop, or everything before the end was read. */
  onEnded(): void;
}

/**
 * One reader. Each turn of the iteration takes all that is waiting (at least one value, at most a
 * batch). What is pushed after `onFull` is kept nevertheless: a source cannot stop within a chunk
 * that it has read already, and the chunk bounds it.
 */
export class SignalQueue<Value> implements AsyncIterable<readonly Value[]> {
  #waiting: Value[] = [];
  /** Of each waiting value, in the same order. */
  #sizesBytes: number[] = [];
  #waitingBytes = 0;
  #isFull = false;
  #isClosed = false;
  #hasEnded = false;
  #wake: (() => void) | null = null;

  constructor(
    private readonly limits: QueueLimits,
    private readonly listener: QueueListener,
  ) {}

  /** @param sizeBytes of the frame in which it came: what is kept of it is no larger. */
  push(value: Value, sizeBytes: number): void {
    if (this.#isClosed) return;
    this.#waiting.push(value);
    this.#sizesBytes.push(sizeBytes);
    this.#waitingBytes += sizeBytes;
    if (!this.#isFull && this.#fill() >= 1) {
      this.#isFull = true;
      this.listener.onFull();
    }
    this.#wake?.();
  }

  /** Nothing more comes; what is waiting can still be read. */
  finish(): void {
    this.#isClosed = true;
    this.#wake?.();
    if (this.#wake === null && this.#waiting.length === 0) this.#end();
  }

  /** Nothing more comes, and what is waiting is dropped. */
  discard(): void {
    this.#waiting = [];
    this.#sizesBytes = [];
    this.#waitingBytes = 0;
    this.finish();
    this.#end();
  }

  [Symbol.asyncIterator](): AsyncIterator<readonly Value[], undefined> {
    return {
      next: () => this.#next(),
      return: () => {
        this.discard();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  async #next(): Promise<IteratorResult<readonly Value[], undefined>> {
    while (this.#waiting.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
    const batch = this.#take();
    if (batch.length === 0) {
      this.#end();
      return { done: true, value: undefined };
    }
    if (this.#isFull && this.#fill() <= 1 / 2) {
      this.#isFull = false;
      if (!this.#isClosed) this.listener.onRoom();
    }
    return { done: false, value: batch };
  }

  #take(): Value[] {
    for (const bytes of this.#sizesBytes.splice(0, this.limits.batch)) this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, this.limits.batch);
  }

  /** 1 = full, by whichever bound is nearer. */
  #fill(): number {
    const { capacity, capacityBytes } = this.limits;
    return Math.max(this.#waiting.length / capacity, this.#waitingBytes / capacityBytes);
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.listener.onEnded();
  }
}
