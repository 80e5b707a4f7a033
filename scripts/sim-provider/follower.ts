/**
 * One socket on the status stream: its subscription, its place in the events, and its
 * back-pressure.
 */
import { WebSocket } from 'ws';
import type { Instant } from '../../src/domain/time';
import { ackSchema, subscribeSchema, type Subscription } from './bodies';
import type { EventLog, StreamEvent } from './event-log';
import type { FaultBoard } from './faults';
import {
  byeFrame,
  CLOSE_PROTOCOL_ERROR,
  CLOSE_SLOW_READER,
  eventFrame,
  gapFrame,
  garbageFrame,
  heartbeatFrame,
  helloFrame,
  MOST_FRAME_BYTES,
} from './frames';
import { randomFor, roll } from './random';
import type { SimClock } from './real-clock';
import { ReorderBuffer } from './reorder-buffer';

export interface FollowerDeps {
  readonly log: EventLog;
  readonly faults: FaultBoard;
  readonly clock: SimClock;
  /** The provider's clock. */
  readonly now: () => Instant;
  readonly seed: () => number;
  readonly heartbeatMs: number;
  readonly acknowledged: () => void;
}

const SUBSCRIBE_WITHIN_MS = 5_000;
/** A frame that is held back to change places, or to be repeated, leaves by then. */
const HELD_BACK_MS = 250;
/** Above this nothing more is handed to the socket until what it has is written out. */
const MOST_BUFFERED_BYTES = 1_048_576;

/**
 * Reads the shared events at its own speed, so a slow reader costs no memory; it is closed (4008)
 * when the events that it still needs are forgotten.
 */
export class Follower {
  readonly #socket: WebSocket;
  readonly #deps: FollowerDeps;
  readonly #held: ReorderBuffer;
  #cancelWait: () => void;
  #cancelRelease: (() => void) | null = null;
  #subscription: Subscription | null = null;
  /** The number to send next; null until the hello is sent. */
  #next: number | null = null;
  #acked = 0;
  #isBlocked = false;
  #isOver = false;
  #heartbeatDue: { readonly seq: number; readonly time: Instant } | null = null;

  constructor(socket: WebSocket, number: number, deps: FollowerDeps) {
    this.#socket = socket;
    this.#deps = deps;
    this.#held = new ReorderBuffer(randomFor(deps.seed(), 'reorder', number));
    this.#cancelWait = deps.clock.after(SUBSCRIBE_WITHIN_MS, () => {
      this.end(CLOSE_PROTOCOL_ERROR, 'no subscription within 5 s');
    });
    socket.on('message', (data, isBinary) => this.#receive(String(data), isBinary));
    socket.on('close', () => this.#stop());
    // A broken frame or a reset: ws closes the socket by itself, and there is nothing to add.
    socket.on('error', () => undefined);
  }

  /** Up to which number the client says that it has everything. */
  get acked(): number {
    return this.#acked;
  }

  /** Sends what is there to send, as far as the client reads. */
  pump(): void {
    const { log, faults } = this.#deps;
    while (this.#next !== null && !this.#isBlocked && !faults.now.silentStream) {
      if (this.#heartbeatDue !== null && this.#next > this.#heartbeatDue.seq) this.#beat();
      if (this.#next > log.seq) return;
      const event = log.at(this.#next);
      if (event === undefined) return this.end(CLOSE_SLOW_READER, 'slow reader');
      this.#next += 1;
      this.#deliver(event);
      this.#isBlocked = this.#socket.bufferedAmount > MOST_BUFFERED_BYTES;
    }
  }

  /**
   * Its place is behind the events up to now, so that none of them seems missing without being so.
   */
  heartbeat(): void {
    if (this.#next === null || this.#deps.faults.now.silentStream) return;
    this.#heartbeatDue ??= { seq: this.#deps.log.seq, time: this.#deps.now() };
    this.pump();
  }

  /**
   * What fell into the silence is lost to this socket; a client that waits for its hello gets it.
   */
  silenceChanged(): void {
    this.#heartbeatDue = null;
    if (this.#deps.faults.now.silentStream) this.#held.release();
    else if (this.#next !== null) this.#next = this.#deps.log.seq + 1;
    else if (this.#subscription !== null) this.#greet(this.#subscription);
  }

  /** Frames held back to change places go out when the window is closed. */
  release(): void {
    this.#cancelRelease?.();
    this.#cancelRelease = null;
    for (const frame of this.#held.release()) this.#send(frame);
  }

  /** With a `bye` where a reason for it is given. */
  goodbye(reason: string, retryMs: number): void {
    if (this.#next !== null && !this.#deps.faults.now.silentStream) {
      this.#send(byeFrame(reason, retryMs));
    }
  }

  end(code: number, reason: string): void {
    this.#stop();
    this.#socket.close(code, reason);
  }

  /** No close frame: as if the line were cut. */
  cut(): void {
    this.#stop();
    this.#socket.terminate();
  }

  #receive(text: string, isBinary: boolean): void {
    if (this.#isOver) return;
    const frame = isBinary || text.length > MOST_FRAME_BYTES ? null : jsonOrNull(text);
    if (typeof frame !== 'object' || frame === null || !('op' in frame)) {
      return this.end(CLOSE_PROTOCOL_ERROR, 'not a frame of this protocol');
    }
    if (this.#subscription === null) return this.#subscribe(frame);
    // Operations that we do not know are passed over: a later client may have more of them.
    if (frame.op === 'subscribe') this.end(CLOSE_PROTOCOL_ERROR, 'subscribed already');
    else if (frame.op === 'ack') this.#acknowledge(frame);
  }

  #subscribe(frame: object): void {
    const subscription = subscribeSchema.safeParse(frame);
    if (!subscription.success) return this.end(CLOSE_PROTOCOL_ERROR, 'subscribe comes first');
    this.#cancelWait();
    this.#subscription = subscription.data;
    if (!this.#deps.faults.now.silentStream) this.#greet(subscription.data);
  }

  #greet({ stream, after }: Subscription): void {
    const { log, heartbeatMs } = this.#deps;
    const { seq, oldest, streamId } = log;
    const time = this.#deps.now();
    this.#send(helloFrame({ stream: streamId, seq, oldest, heartbeatMs, time }));
    const from = stream === null || after === null ? seq : after;
    const isGap =
      from > seq || from + 1 < oldest || (stream !== null && after !== null && stream !== streamId);
    if (isGap) this.#send(gapFrame(oldest));
    this.#next = isGap ? seq + 1 : from + 1;
    this.pump();
  }

  #acknowledge(frame: object): void {
    const ack = ackSchema.safeParse(frame);
    if (!ack.success) return this.end(CLOSE_PROTOCOL_ERROR, 'ack needs a seq');
    // Nobody can have what was not yet sent, nor what another numbering sent.
    const sent = (this.#next ?? 1) - 1;
    this.#acked = Math.max(this.#acked, Math.min(ack.data.seq, sent));
    this.#deps.acknowledged();
  }

  #deliver(event: StreamEvent): void {
    if (event.fate === 'skipped') return;
    const { faults } = this.#deps;
    const seed = this.#deps.seed();
    const frame = event.fate === 'garbage' ? garbageFrame(event, seed) : eventFrame(event);
    const window = faults.now.reorderWindow;
    if (window > 1) for (const out of this.#held.exchange(frame, window)) this.#send(out);
    else this.#send(frame);
    if (event.fate === 'twice') {
      if (roll(seed, 'repeat-late', event.seq) < 0.5) this.#held.hold(frame);
      else this.#send(frame);
    }
    if (this.#held.size > 0) {
      this.#cancelRelease ??= this.#deps.clock.after(HELD_BACK_MS, () => this.release());
    }
  }

  #beat(): void {
    const due = this.#heartbeatDue;
    this.#heartbeatDue = null;
    if (due !== null) this.#send(heartbeatFrame(due.seq, due.time));
  }

  #send(frame: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(frame, this.#written);
  }

  readonly #written = (): void => {
    if (!this.#isBlocked || this.#socket.bufferedAmount > MOST_BUFFERED_BYTES / 2) return;
    this.#isBlocked = false;
    this.pump();
  };

  #stop(): void {
    this.#isOver = true;
    this.#cancelWait();
    this.#cancelRelease?.();
    this.#next = null;
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
