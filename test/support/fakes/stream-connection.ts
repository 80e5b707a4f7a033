/** One link of a scripted status stream: what is put on the wire arrives when a test lets it. */
import type {
  StreamConnection,
  StreamEnd,
  StreamSignal,
} from '../../../src/flows/ports/provider-port';

const BROKEN: StreamEnd = { code: null, reason: 'the link broke', retry: 'backoff', retryMs: null };

export class FakeConnection implements StreamConnection {
  /** On their way; `deliver` lets them arrive. */
  readonly wire: StreamSignal[] = [];
  readonly acked: number[] = [];
  readonly end: Promise<StreamEnd>;
  #settle: (end: StreamEnd) => void = () => undefined;
  #arrived: StreamSignal[] = [];
  #hasEnded = false;
  #wake: () => void = () => undefined;

  /** @param batch the most that one turn of the iteration hands out. */
  constructor(private readonly batch: number) {
    this.end = new Promise((resolve) => (this.#settle = resolve));
  }

  get isOpen(): boolean {
    return !this.#hasEnded;
  }

  readonly signals: AsyncIterable<readonly StreamSignal[]> = {
    [Symbol.asyncIterator]: () => ({
      next: () => this.#next(),
      return: async () => {
        this.close();
        return { done: true, value: undefined };
      },
    }),
  };

  /** Everything on the wire, or what is given, arrives. */
  deliver(signals: readonly StreamSignal[] = this.wire.splice(0)): void {
    if (this.#hasEnded) return;
    this.#arrived.push(...signals);
    this.#wake();
  }

  /** As the other side, or the line, ends it; what has arrived can still be read. */
  cut(end: Partial<StreamEnd> = {}): void {
    this.#finish({ ...BROKEN, ...end });
  }

  ack(seq: number): void {
    if (!this.#hasEnded) this.acked.push(seq);
  }

  close(): void {
    this.#arrived = [];
    this.#finish({ ...BROKEN, reason: 'Closed by us.' });
  }

  #finish(end: StreamEnd): void {
    this.#hasEnded = true;
    this.#settle(end);
    this.#wake();
  }

  async #next(): Promise<IteratorResult<readonly StreamSignal[], undefined>> {
    while (this.#arrived.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const value = this.#arrived.splice(0, this.batch);
    return value.length === 0 ? { done: true, value: undefined } : { done: false, value };
  }
}
