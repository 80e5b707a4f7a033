/** Lines of one kind, so many a minute; keeps nothing but how many were unsaid. */
import { MINUTE_MS, type Instant } from '../../domain/time';
import type { Clock } from './clock';
import type { Log } from './log-port';

/** Whoever sends a few is heard in full; one who sends nothing else does not fill the disk. */
const LINES_A_MINUTE = 60;

export class BoundedLines {
  #begunAt: Instant | null = null;
  #said = 0;
  #unsaid = 0;

  constructor(
    private readonly level: 'info' | 'warn',
    private readonly fact: string,
    private readonly deps: { readonly clock: Pick<Clock, 'now'>; readonly log: Log },
  ) {}

  /** `unsaid` counts those that came since the line before. */
  note(fields: Readonly<Record<string, unknown>>): void {
    const now = this.deps.clock.now();
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
    const unsaid = this.#unsaid === 0 ? {} : { unsaid: this.#unsaid };
    this.deps.log[this.level](this.fact, { ...fields, ...unsaid });
    this.#said += 1;
    this.#unsaid = 0;
  }
}
