/** Which boxes were heard, and when last: gathered, and written together now and then. */
import type { BoxId } from '../../domain/ids';
import type { Instant } from '../../domain/time';
import type { Cancel, Clock } from '../../flows/ports/clock';
import type { Log } from '../../flows/ports/log-port';
import type { Metrics } from '../../flows/ports/metrics-port';
import type { BoxSeen } from '../../flows/ports/upkeep-ports';

export interface SeenDeps {
  readonly noteSeen: (seen: readonly BoxSeen[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'queueLength' | 'queueDropped'>;
}

const WRITE_MS = 10_000;
const MOST_AT_ONCE = 1_000;
const MOST_BOXES = 20_000;

export class SeenBoxes {
  #waiting = new Map<BoxId, BoxSeen>();
  #cancel: Cancel | null = null;
  #writing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(private readonly deps: SeenDeps) {}

  add(box: { readonly id: BoxId; readonly at: number; readonly outbox: number | null }): void {
    this.#keep({ ...box, at: box.at as Instant });
    this.deps.metrics.queueLength('seen', this.#waiting.size);
    if (this.#isClosed) return;
    this.#cancel ??= this.deps.clock.after(WRITE_MS, () => {
      this.#cancel = null;
      void this.#write();
    });
  }

  /** Writes what is waiting a last time. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel?.();
    await this.#write();
  }

  #keep(next: BoxSeen): void {
    const known = this.#waiting.get(next.id);
    if (known === undefined && this.#waiting.size >= MOST_BOXES) {
      return this.deps.metrics.queueDropped('seen', 1);
    }
    this.#waiting.set(next.id, known === undefined ? next : merged(known, next));
  }

  #write(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeAll());
    return this.#writing;
  }

  /** What cannot be written is kept, and joined by what is heard until the next time. */
  async #writeAll(): Promise<void> {
    const { log, metrics, noteSeen } = this.deps;
    const rows = [...this.#waiting.values()];
    this.#waiting = new Map();
    for (let i = 0; i < rows.length; i += MOST_AT_ONCE) {
      const some = rows.slice(i, i + MOST_AT_ONCE);
      try {
        await noteSeen(some);
      } catch (error) {
        log.warn('boxes seen not noted', { count: some.length, error });
        for (const row of some) this.add(row);
      }
    }
    metrics.queueLength('seen', this.#waiting.size);
  }
}

/** The later instant; of two outboxes the one that was said later. */
function merged(a: BoxSeen, b: BoxSeen): BoxSeen {
  const [earlier, later] = a.at <= b.at ? [a, b] : [b, a];
  return { ...later, outbox: later.outbox ?? earlier.outbox };
}
