/** One bounded queue of work without doubles, taken up at once where nothing keeps coming. */
import { sleep, type Clock } from '../../flows/ports/clock';
import type { Log } from '../../flows/ports/log-port';
import type { Metrics } from '../../flows/ports/metrics-port';
import { StorageUnavailable } from '../../flows/ports/money-ports';
import { ProviderUnavailable } from '../../flows/ports/provider-port';

export interface LaneDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'queueLength' | 'queueDropped'>;
}

export interface LaneInput<Item> {
  readonly name: 'settle' | 'resync' | 'hint';
  /** Items that may wait. */
  readonly most: number;
  /** Items of one run. */
  readonly atOnce: number;
  /** Runs in flight. */
  readonly runs: number;
  /**
   * While more keeps coming, a run rests so many times as long as its last batch took, at most
   * `mostMs`: who brings the work is answered first, and the next batch is larger. With half of the
   * places taken nobody rests.
   */
  readonly rest?: { readonly times: number; readonly mostMs: number };
  readonly keyOf: (item: Item) => string;
  readonly work: (items: readonly Item[]) => Promise<unknown>;
}

export class WorkLane<Item> {
  readonly #waiting = new Map<string, Item>();
  readonly #inHand = new Set<string>();
  readonly #runs = new Set<Promise<void>>();
  #underWay = 0;
  readonly #closed = new AbortController();

  constructor(
    private readonly deps: LaneDeps,
    private readonly input: LaneInput<Item>,
  ) {}

  /** What waits and what is in hand. */
  get length(): number {
    return this.#waiting.size + this.#inHand.size;
  }

  add(items: readonly Item[]): void {
    const { name, most, keyOf } = this.input;
    let dropped = 0;
    for (const item of items) {
      const key = keyOf(item);
      if (this.#closed.signal.aborted || (this.#waiting.size >= most && !this.#waiting.has(key)))
        dropped += 1;
      else this.#waiting.set(key, item);
    }
    if (dropped > 0) this.deps.metrics.queueDropped(name, dropped);
    this.#takeUp();
  }

  /** Nothing is accepted any more; resolves when all that was is done. */
  async close(): Promise<void> {
    this.#closed.abort();
    while (this.#runs.size > 0) await Promise.all(this.#runs);
  }

  #takeUp(): void {
    const { name, runs, atOnce } = this.input;
    this.deps.metrics.queueLength(name, this.#waiting.size);
    const wanted = Math.ceil(this.#waiting.size / atOnce);
    for (let begun = 0; begun < wanted && this.#underWay < runs; begun += 1) {
      this.#underWay += 1;
      const run: Promise<void> = this.#run().finally(() => this.#runs.delete(run));
      this.#runs.add(run);
    }
  }

  async #run(): Promise<void> {
    // What is asked for in the same turn joins in.
    await Promise.resolve();
    for (let batch = this.#next(); batch.size > 0; batch = this.#next()) {
      const began = this.deps.clock.now();
      await this.#work([...batch.values()]);
      for (const key of batch.keys()) this.#inHand.delete(key);
      const { size } = this.#waiting;
      if (size > 0 && size < this.input.most / 2) await this.#rest(this.deps.clock.now() - began);
    }
    // Here, and not a turn later: what is added meanwhile must find that nobody is at work.
    this.#underWay -= 1;
  }

  /** What is in hand already, and is asked for again meanwhile, waits until it is done. */
  #next(): ReadonlyMap<string, Item> {
    const { name, atOnce } = this.input;
    const batch = new Map<string, Item>();
    for (const [key, item] of this.#waiting) {
      if (batch.size === atOnce) break;
      if (!this.#inHand.has(key)) batch.set(key, item);
    }
    for (const key of batch.keys()) {
      this.#waiting.delete(key);
      this.#inHand.add(key);
    }
    this.deps.metrics.queueLength(name, this.#waiting.size);
    return batch;
  }

  async #rest(tookMs: number): Promise<void> {
    const { times, mostMs } = this.input.rest ?? { times: 0, mostMs: 0 };
    const restMs = Math.min(times * tookMs, mostMs);
    if (restMs > 0) await sleep(this.deps.clock, restMs, this.#closed.signal);
  }

  async #work(items: readonly Item[]): Promise<void> {
    const { name, work } = this.input;
    try {
      await work(items);
    } catch (error) {
      const passing = error instanceof StorageUnavailable || error instanceof ProviderUnavailable;
      const level = passing ? 'warn' : 'error';
      this.deps.log[level]('work left to the sweeps', { queue: name, count: items.length, error });
    }
  }
}
