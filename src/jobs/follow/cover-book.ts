/**
 * Where the follower stands: which stream ids appeared, which numbers are covered, how far the
 * horizon reaches. It hears, fetches and stores nothing itself.
 */
import type { StreamId } from '../../domain/ids';
import * as cover from '../../domain/stream-cover';
import type { CatchUp, Heard, HelloPlace, StreamCover } from '../../domain/stream-cover';
import type { Instant } from '../../domain/time';
import type { CatchUpInput } from '../../flows/upstream/catch-up';
import type { StreamCursor } from '../../flows/ports/provider-port';
import type { FollowerState } from '../../flows/ports/upkeep-ports';

/** As many stream ids as one record holds. */
export const MOST_STREAMS = 1_000;

/** `new-full`: there is no rank left for it, so that it shares the last one. */
export type Numbering = 'same' | 'new' | 'new-full';

export class CoverBook {
  #streams: readonly StreamId[];
  #cover: StreamCover | null = null;
  #reach: CatchUpInput['reach'] = 'changes';

  /** @param stored as it was read when the term began. */
  constructor(private readonly stored: FollowerState) {
    this.#streams = stored.streams;
  }

  /** Rank of the current stream id, from 1; 0 before the first was known. */
  get streamRank(): number {
    return this.#streams.length;
  }

  /** What a catch-up must fetch now. */
  get reach(): CatchUpInput['reach'] {
    return this.#reach;
  }

  /** Changes when frames may have been lost unseen, or numbers mean something else. */
  get connection(): number | null {
    return this.#cover?.connection ?? null;
  }

  get isSnapshotDue(): boolean {
    return this.#cover !== null && this.#cover.snapshotFor !== null;
  }

  get horizon(): Instant | null {
    return this.#cover === null ? this.stored.horizon : cover.horizon(this.#cover);
  }

  /** Where the next subscription begins; null = from now on. */
  cursor(): StreamCursor | null {
    if (this.#cover !== null) return cover.cursor(this.#cover);
    const streamId = this.stored.streams.at(-1);
    const { seq } = this.stored;
    return streamId === undefined || seq === null ? null : { streamId, seq };
  }

  /** What may be stored now: everything that it claims has been stored before. */
  state(): FollowerState {
    const seq = this.cursor()?.seq ?? null;
    return { streams: this.#streams, seq, horizon: this.horizon };
  }

  hello(hello: HelloPlace, now: Instant): Numbering {
    const stored = { cursor: this.cursor(), horizon: this.horizon };
    const isFirst = this.#cover === null;
    this.#cover =
      this.#cover === null
        ? cover.startCover(hello, stored, now)
        : cover.resumeCover(this.#cover, hello, now);
    const numbering = this.#number(hello.streamId);
    // Without a cursor it is not known what was fetched of this numbering.
    const isUnknown = isFirst && this.#cover.snapshotFor === 'first-start';
    if (numbering !== 'same' || isUnknown) this.#reach = 'new-numbering';
    return numbering;
  }

  hear(heard: Heard, now: Instant): void {
    if (this.#cover !== null) this.#cover = cover.hear(this.#cover, heard, now);
  }

  gap(): void {
    if (this.#cover !== null) this.#cover = cover.hearGap(this.#cover);
  }

  /** Milliseconds until a catch-up is due; null = nothing is missing. */
  waitMs(now: Instant): number | null {
    return this.#cover === null ? null : cover.waitForCatchUpMs(this.#cover, now);
  }

  /** Ask immediately before its first page is requested. */
  due(now: Instant): CatchUp | null {
    return this.#cover === null ? null : cover.catchUpDue(this.#cover, now);
  }

  /** All that `catchUp` had to fetch is stored; `reach` is what it was asked with. */
  caughtUp(
    done: {
      readonly catchUp: CatchUp;
      readonly firstPageTime: Instant;
      readonly reach: CatchUpInput['reach'];
    },
    now: Instant,
  ): void {
    if (this.#cover === null) return;
    const isCurrent = done.catchUp.streamId === this.#cover.streamId;
    this.#cover = cover.coverByCatchUp(this.#cover, done, now);
    if (isCurrent && done.reach === 'new-numbering') this.#reach = 'changes';
  }

  /**
   * An id that appeared before and comes back is a numbering of its own: what is said under it
   * outranks what was said in between.
   */
  #number(streamId: StreamId): Numbering {
    if (streamId === this.#streams.at(-1)) return 'same';
    const isFull = this.#streams.length >= MOST_STREAMS;
    const before = isFull ? this.#streams.slice(0, -1) : this.#streams;
    this.#streams = [...before, streamId];
    return isFull ? 'new-full' : 'new';
  }
}
