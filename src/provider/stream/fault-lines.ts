/** Lines about faults of one kind, so many a minute; keeps nothing but how many were unsaid. */
import { MINUTE_MS, type Instant } from '../../domain/time';
import type { Clock } from '../../flows/ports/clock';
import type { Log } from '../../flows/ports/log-port';

/** A provider with a fault is heard in full; one that sends nothing else does not fill the disk. */
const LINES_A_MINUTE = 60;

export class FaultLines {
  #begunAt: Instant | null = null;
  #said = 0;
  #unsaid = 0;

  constructor(
    private readonly fact: string,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  /** `unsaid` counts those that came since the line before. */
  note(fields: Readonly<Record<string, unknown>>): void {
    const now = this.clock.now();
    // A clock that was set back is no reason to be silent.
    const isOver = this.#begunAt === null || Math.abs(now - this.#begunAt) >= MINUTE_MS;
    if (isOver) [this.#begunAt, this.#said] = [now, 0];
    if (this.#said >= LINES_A_MINUTE) this.#unsaid += 1;
    else this.#say(fields);
  }

  /** Nothing more comes: says how many were not told of, if any. */
  end(): void {
    if (this.#unsaid > 0) this.#say({});
  }

  #say(fields: Readonly<Record<string, unknown>>): void {
    this.log.warn(this.fact, this.#unsaid === 0 ? fields : { ...fields, unsaid: this.#unsaid });
    this.#said += 1;
    this.#unsaid = 0;
  }
}
