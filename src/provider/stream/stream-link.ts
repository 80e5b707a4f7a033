/** One link to the status stream, from dialling to its one end; it knows nothing of the cover. */
import { WebSocket, type RawData } from 'ws';
import type { Clock } from '../../flows/ports/clock';
import type { Log } from '../../flows/ports/log-port';
import type {
  StreamConnection,
  StreamCursor,
  StreamEnd,
  StreamSignal,
} from '../../flows/ports/provider-port';
import { BoundedLines } from '../../flows/ports/bounded-lines';
import { readFrame, refuseFrame } from './frames';
import { LinkWatch } from './link-watch';
import { SignalQueue } from './signal-queue';
import { readStreamEnd } from './stream-end';
import { faultOf, type Blot } from '../token-blot';

export interface StreamLimits {
  /** Signals waiting before the socket is paused. */
  readonly queueSignals: number;
  /** The same for the bytes of the frames in which they came. */
  readonly queueBytes: number;
  /** The most signals in one turn of the iteration. */
  readonly batchSignals: number;
  /** How long dialling may take. */
  readonly dialMs: number;
  /** How long after subscribing the hello may take. */
  readonly helloMs: number;
}

export const DEFAULT_STREAM_LIMITS: StreamLimits = {
  queueSignals: 12_000,
  queueBytes: 16 * 1024 * 1024,
  batchSignals: 4_000,
  dialMs: 10_000,
  helloMs: 10_000,
};

export interface StreamLinkOptions {
  readonly address: URL;
  readonly token: string;
  readonly blot: Blot;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: StreamLimits;
  readonly cursor: StreamCursor | null;
}

const OUR_CLOSE = 'Closed by us.';
/** No frame for this many heartbeats, and the link is dead. */
const DEAD_AFTER_BEATS = 2.5;
/**
 * Frames above the protocol's 64 KiB are refused one by one, so that a single one, replayed after
 * each reconnect, cannot end every link. Above this size the WebSocket itself gives the link up.
 */
const MOST_MESSAGE_BYTES = 1024 * 1024;
/** Acknowledgements are optional: none is added to a socket whose peer does not read. */
const MOST_UNSENT_BYTES = 64 * 1024;

export class StreamLink implements StreamConnection {
  readonly signals: SignalQueue<StreamSignal>;
  readonly end: Promise<StreamEnd>;

  readonly #options: StreamLinkOptions;
  readonly #watch: LinkWatch;
  readonly #unreadable: BoundedLines;
  readonly #socket: WebSocket | null;
  #settle: (end: StreamEnd) => void = () => undefined;
  #ended: StreamEnd | null = null;
  /** Null until the hello. */
  #heartbeatMs: number | null = null;
  #retryMs: number | null = null;
  /** The WebSocket's own complaint; its `close` follows and takes it as its reason. */
  #fault = '';

  constructor(options: StreamLinkOptions) {
    this.#options = options;
    this.#watch = new LinkWatch(options.clock);
    this.#unreadable = new BoundedLines('warn', 'stream frame unreadable', options);
    this.end = new Promise((resolve) => {
      this.#settle = resolve;
    });
    const { queueSignals, queueBytes, batchSignals, dialMs } = options.limits;
    this.signals = new SignalQueue(
      { capacity: queueSignals, capacityBytes: queueBytes, batch: batchSignals },
      {
        onFull: () => this.#pause(),
        onRoom: () => this.#resume(),
        onEnded: () => this.#settle(this.#finish(null, 'The reader left.')),
      },
    );
    this.#socket = this.#dial();
    if (this.#socket === null) return;
    this.#watch.expect(dialMs, () => this.#giveUp(`No connection within ${dialMs} ms.`));
    this.#listen(this.#socket);
  }

  ack(seq: number): void {
    const socket = this.#socket;
    // A link that is still dialling cannot be told what the one before it has brought.
    const isOpen = this.#ended === null && socket?.readyState === WebSocket.OPEN;
    if (!isOpen || socket.bufferedAmount > MOST_UNSENT_BYTES) return;
    this.#send({ op: 'ack', seq });
  }

  close(): void {
    this.#finish(null, OUR_CLOSE);
    this.signals.discard();
  }

  #dial(): WebSocket | null {
    const { address, token, blot } = this.#options;
    try {
      return new WebSocket(address, {
        headers: { authorization: `Bearer ${token}` },
        maxPayload: MOST_MESSAGE_BYTES,
        perMessageDeflate: false,
        followRedirects: false,
        // A text that is no UTF-8 is one unreadable frame, not the end of the link.
        skipUTF8Validation: true,
      });
    } catch (error) {
      this.#finish(null, faultOf(error, blot));
      return null;
    }
  }

  #listen(socket: WebSocket): void {
    socket.on('open', () => this.#subscribe());
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (this.#ended === null) this.#hear(bytesOf(data), isBinary ? 'binary' : 'text');
    });
    socket.on('error', (error) => this.#complain(error));
    socket.on('close', (code, reason) => {
      const said = this.#options.blot(reason.toString('utf8'));
      this.#finish(code, said === '' ? this.#fault : said);
    });
  }

  #subscribe(): void {
    const { cursor, limits } = this.#options;
    if (this.#ended !== null) return;
    this.#send({ op: 'subscribe', stream: cursor?.streamId ?? null, after: cursor?.seq ?? null });
    const { helloMs } = limits;
    this.#watch.expect(helloMs, () => this.#giveUp(`No hello within ${helloMs} ms.`));
  }

  #hear(bytes: Buffer, form: 'text' | 'binary'): void {
    const signal = form === 'text' ? readFrame(bytes) : refuseFrame(bytes, 'The frame is binary.');
    if (signal.kind === 'hello' && this.#heartbeatMs !== null) {
      this.#pass(refuseFrame(bytes, 'A second hello came on one link.'), bytes.length);
    } else {
      if (signal.kind === 'hello') this.#heartbeatMs = signal.heartbeatMs;
      if (signal.kind === 'bye') this.#retryMs = signal.retryMs;
      this.#pass(signal, bytes.length);
    }
    this.#expectFrame();
  }

  #expectFrame(): void {
    if (this.#heartbeatMs === null || this.#ended !== null) return;
    const withinMs = DEAD_AFTER_BEATS * this.#heartbeatMs;
    this.#watch.expect(withinMs, () => this.#giveUp(`No frame for ${withinMs} ms.`));
  }

  #pass(signal: StreamSignal, sizeBytes: number): void {
    const { blot } = this.#options;
    if (signal.kind !== 'unreadable') return this.signals.push(signal, sizeBytes);
    const { seq, txId, unitId, fault, excerpt } = signal;
    this.#unreadable.note({ seq, txId, unitId, fault });
    this.signals.push({ ...signal, excerpt: blot(excerpt) }, sizeBytes);
  }

  #complain(error: Error): void {
    if (this.#ended !== null) return;
    this.#fault = faultOf(error, this.#options.blot);
    if ('code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
      const fault = `A frame is longer than ${MOST_MESSAGE_BYTES} bytes.`;
      this.#pass(refuseFrame(Buffer.alloc(0), fault), 0);
    }
    // `close` follows every error; a closing handshake with a peer in trouble would only hang.
    this.#socket?.terminate();
  }

  /** Terminates: a dead link would not answer a closing handshake. */
  #giveUp(reason: string): void {
    this.#finish(null, reason);
  }

  #finish(code: number | null, reason: string): StreamEnd {
    if (this.#ended !== null) return this.#ended;
    this.#ended = readStreamEnd(code, reason, this.#retryMs);
    this.#watch.stop();
    this.#unreadable.end();
    this.#socket?.terminate();
    const level = reason === OUR_CLOSE ? 'debug' : 'warn';
    this.#options.log[level]('stream link ended', { ...this.#ended });
    this.signals.finish();
    return this.#ended;
  }

  #pause(): void {
    this.#options.log.debug('stream reading paused');
    this.#socket?.pause();
    this.#watch.hold();
  }

  #resume(): void {
    this.#options.log.debug('stream reading resumed');
    this.#socket?.resume();
    this.#watch.release();
  }

  #send(frame: object): void {
    // A failure to send shows as the link's `error` and `close`.
    this.#socket?.send(JSON.stringify(frame), () => undefined);
  }
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
