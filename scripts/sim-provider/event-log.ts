/** The numbered events of one stream id, as many as are kept; knows nothing of sockets. */
import type { Instant } from '../../src/domain/time';
import type { FaultBoard } from './faults';
import { roll } from './random';
import type { Notice } from './records';
import type { Row } from './book';

/** What becomes of an event on the wire, decided once, so that all sockets and replays agree. */
export type EventFate = 'sent' | 'twice' | 'skipped' | 'garbage';

export interface StreamEvent {
  readonly seq: number;
  readonly time: Instant;
  readonly data: Row | Notice;
  readonly fate: EventFate;
}

export interface EventLogDeps {
  readonly seed: () => number;
  readonly faults: FaultBoard;
  readonly keepEvents: number;
  /** Makes stream ids differ from those of an earlier start. */
  readonly startedAt: Instant;
}

export class EventLog {
  readonly #deps: EventLogDeps;
  #numbering = 0;
  /** Numberings since the last reset: the chances of an event hang on it and on its number. */
  #round = 0;
  #streamId = '';
  #seq = 0;
  #oldest = 1;
  #events: StreamEvent[] = [];

  constructor(deps: EventLogDeps) {
    this.#deps = deps;
    this.restart();
  }

  get streamId(): string {
    return this.#streamId;
  }

  /** The highest number used; 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  /** The lowest number kept; one above `seq` when none is. */
  get oldest(): number {
    return this.#oldest;
  }

  push(data: Row | Notice, time: Instant): void {
    this.#seq += 1;
    this.#events.push({ seq: this.#seq, time, data, fate: this.#fate(this.#seq) });
    this.trimBelow(this.#seq - this.#deps.keepEvents + 1);
  }

  at(seq: number): StreamEvent | undefined {
    return seq < this.#oldest ? undefined : this.#events[seq - this.#seq + this.#events.length - 1];
  }

  /** Forgets everything below `seq`. */
  trimBelow(seq: number): void {
    this.#oldest = Math.max(this.#oldest, Math.min(seq, this.#seq + 1));
    const kept = this.#seq - this.#oldest + 1;
    if (this.#events.length > 1_000 + 2 * kept) {
      this.#events = kept === 0 ? [] : this.#events.slice(-kept);
    }
  }

  /** A numbering of its own, from 1, under an id that was never used. */
  restart(): void {
    this.#numbering += 1;
    this.#round += 1;
    this.#streamId = `st-${this.#deps.startedAt.toString(36)}-${this.#numbering}`;
    this.#seq = 0;
    this.#oldest = 1;
    this.#events = [];
  }

  /** The same with the chances of the first numbering. */
  reset(): void {
    this.#round = 0;
    this.restart();
  }

  #fate(seq: number): EventFate {
    const { seed, faults } = this.#deps;
    const happens = (fault: 'skipRate' | 'garbageRate' | 'duplicateRate'): boolean =>
      faults.now[fault] > 0 && roll(seed(), fault, this.#round, seq) < faults.now[fault];
    if (happens('skipRate')) return 'skipped';
    if (happens('garbageRate')) return 'garbage';
    return happens('duplicateRate') ? 'twice' : 'sent';
  }
}
