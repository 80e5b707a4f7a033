/** A provider and its follower in miniature: events with times, a link that loses and reorders. */
import { parseStreamId, type StreamId } from '../../src/domain/ids';
import {
  catchUpDue,
  coverByCatchUp,
  cursor,
  hear,
  hearGap,
  resumeCover,
  startCover,
  type CatchUp,
  type StreamCover,
  type StreamPlace,
} from '../../src/domain/stream-cover';
import { instant, plusMs, type Instant } from '../../src/domain/time';

export interface ModelEvent {
  readonly streamId: StreamId;
  readonly seq: number;
  readonly time: Instant;
}

type Frame =
  | { readonly kind: 'event'; readonly event: ModelEvent }
  | { readonly kind: 'heartbeat'; readonly seq: number; readonly time: Instant }
  | { readonly kind: 'gap' };

/** What can happen next; numbers are picks, read modulo what there is. */
export type Happening =
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'emit' | 'skip' | 'beat' | 'cut' | 'crash' | 'dial' | 'store' }
  | { readonly kind: 'deliver' | 'repeat' | 'lose'; readonly pick: number }
  | { readonly kind: 'renumber' }
  | { readonly kind: 'trim'; readonly keep: number }
  | { readonly kind: 'ask' | 'first-page' | 'last-page' | 'give-up' };

export class StreamModel {
  /** Every event that ever happened at the provider. */
  readonly events: ModelEvent[] = [];
  readonly heard = new Set<ModelEvent>();
  readonly fetched = new Set<ModelEvent>();
  cover: StreamCover | null = null;
  /** What the follower's store holds. */
  stored: { cursor: StreamPlace | null; horizon: Instant | null } = { cursor: null, horizon: null };

  #time = instant(Date.UTC(2026, 1, 19));
  #streams = 1;
  #seq = 0;
  #oldest = 1;
  #connected = false;
  #frames: Frame[] = [];
  #catchUp: { plan: CatchUp; rows: ModelEvent[]; firstPageTime: Instant | null } | null = null;

  /** @param skewMs how far our clock is ahead of the provider's. */
  constructor(readonly skewMs: number) {}

  get now(): Instant {
    return plusMs(this.#time, this.skewMs);
  }

  get frames(): number {
    return this.#frames.length;
  }

  happen(what: Happening): void {
    switch (what.kind) {
      case 'pass':
        this.#time = plusMs(this.#time, what.ms);
        return;
      case 'emit':
        return this.#send({ kind: 'event', event: this.#event() });
      case 'skip':
        return void this.#event();
      case 'beat':
        return this.#send({ kind: 'heartbeat', seq: this.#seq, time: this.#time });
      case 'deliver':
      case 'repeat':
      case 'lose':
        return this.#link(what.kind, what.pick);
      case 'renumber':
        return this.#renumber();
      case 'trim':
        this.#oldest = Math.max(this.#oldest, this.#seq + 1 - what.keep);
        return;
      case 'cut':
      case 'crash':
      case 'dial':
      case 'store':
        return this.#follow(what.kind);
      case 'ask':
      case 'first-page':
      case 'last-page':
      case 'give-up':
        return this.#catch(what.kind);
    }
  }

  isCovered(event: ModelEvent): boolean {
    return this.heard.has(event) || this.fetched.has(event);
  }

  #event(): ModelEvent {
    this.#seq += 1;
    const event = { streamId: this.#streamId(), seq: this.#seq, time: this.#time };
    this.events.push(event);
    return event;
  }

  #streamId(): StreamId {
    return parseStreamId(`s${this.#streams}`);
  }

  #send(frame: Frame): void {
    if (this.#connected) this.#frames.push(frame);
  }

  #renumber(): void {
    this.#follow('cut');
    this.#streams += 1;
    this.#seq = 0;
    this.#oldest = 1;
  }

  #link(fate: 'deliver' | 'repeat' | 'lose', pick: number): void {
    if (this.#frames.length === 0) return;
    const at = pick % this.#frames.length;
    const [frame] = fate === 'repeat' ? [this.#frames[at]] : this.#frames.splice(at, 1);
    if (fate === 'lose' || frame === undefined || this.cover === null) return;
    if (frame.kind === 'gap') this.cover = hearGap(this.cover);
    else if (frame.kind === 'heartbeat') this.cover = hear(this.cover, frame, this.now);
    else {
      this.heard.add(frame.event);
      this.cover = hear(this.cover, { kind: 'event', ...frame.event }, this.now);
    }
  }

  #follow(what: 'cut' | 'crash' | 'dial' | 'store'): void {
    if (what === 'store') {
      if (this.cover === null) return;
      this.stored = { cursor: cursor(this.cover), horizon: this.cover.horizon };
      return;
    }
    this.#connected = false;
    this.#frames = [];
    if (what === 'crash') {
      this.cover = null;
      this.#catchUp = null;
    }
    if (what === 'dial') this.#dial();
  }

  #dial(): void {
    const after = this.cover === null ? this.stored.cursor : cursor(this.cover);
    const hello = { streamId: this.#streamId(), seq: this.#seq, oldest: this.#oldest };
    this.#connected = true;
    this.cover =
      this.cover === null
        ? startCover(hello, this.stored, this.now)
        : resumeCover(this.cover, hello, this.now);
    if (after === null) return;
    if (after.streamId !== hello.streamId || after.seq < this.#oldest - 1) {
      return this.#send({ kind: 'gap' });
    }
    for (const event of this.events) {
      if (event.streamId === hello.streamId && event.seq > after.seq) {
        this.#send({ kind: 'event', event });
      }
    }
  }

  #catch(what: 'ask' | 'first-page' | 'last-page' | 'give-up'): void {
    if (this.cover === null) return;
    if (what === 'ask') {
      const plan = this.#catchUp === null ? catchUpDue(this.cover, this.now) : null;
      if (plan !== null) this.#catchUp = { plan, rows: [], firstPageTime: null };
    } else if (what === 'give-up') {
      this.#catchUp = null;
    } else if (what === 'first-page') {
      if (this.#catchUp === null || this.#catchUp.firstPageTime !== null) return;
      this.#catchUp.firstPageTime = this.#time;
      this.#catchUp.rows = this.#updatedSince(this.#catchUp.plan.since);
    } else if (this.#catchUp !== null && this.#catchUp.firstPageTime !== null) {
      const { plan, rows, firstPageTime } = this.#catchUp;
      for (const row of rows) this.fetched.add(row);
      this.cover = coverByCatchUp(this.cover, { catchUp: plan, firstPageTime }, this.now);
      this.#catchUp = null;
    }
  }

  /** `updatedAfter` is inclusive; what changes after the first page's answer is not counted. */
  #updatedSince(since: Instant | null): ModelEvent[] {
    return this.events.filter((event) => since === null || event.time >= since);
  }
}
