/**
 * The status stream's door and its open sockets; what is sent on each is the follower's business.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { Follower, type FollowerDeps } from './follower';
import { CLOSE_BAD_TOKEN, CLOSE_RESTART, MOST_FRAME_BYTES } from './frames';
import { randomFor } from './random';
import { hasToken } from './token';

export interface StreamDeps extends Omit<FollowerDeps, 'acknowledged'> {
  readonly token: string;
}

const MOST_SOCKETS = 1_000;
/** Larger frames than the protocol's are read and refused with its own close code, up to this. */
const MOST_PAYLOAD_BYTES = 16 * MOST_FRAME_BYTES;
const RETRY_MS = 500;

export class Stream {
  readonly #deps: StreamDeps;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_PAYLOAD_BYTES,
    perMessageDeflate: false,
  });
  readonly #followers = new Set<Follower>();
  #accepted = 0;
  #wasSilent = false;
  #cancelHeartbeat: () => void = () => undefined;

  constructor(deps: StreamDeps) {
    this.#deps = deps;
  }

  get connections(): number {
    return this.#followers.size;
  }

  /** An HTTP upgrade. A wrong token is accepted and then closed, so that the client hears why. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { faults, token } = this.#deps;
    socket.on('error', () => socket.destroy());
    if (pathOf(request) !== '/v1/stream') return refuse(socket, '404 Not Found');
    if (faults.now.refuseStream || this.#sockets.clients.size >= MOST_SOCKETS) {
      return refuse(socket, '503 Service Unavailable');
    }
    this.#sockets.handleUpgrade(request, socket, head, (accepted) => {
      if (hasToken(request.headers.authorization, token)) this.#follow(accepted);
      else refuseToken(accepted);
    });
  }

  /** New events are there. */
  pump(): void {
    for (const follower of this.#followers) follower.pump();
  }

  faultsChanged(): void {
    const { silentStream, refuseStream, reorderWindow } = this.#deps.faults.now;
    const silenceChanged = silentStream !== this.#wasSilent;
    this.#wasSilent = silentStream;
    for (const follower of this.#followers) {
      if (silenceChanged) follower.silenceChanged();
      if (reorderWindow <= 1 && !silentStream) follower.release();
      if (refuseStream) follower.end(CLOSE_RESTART, '');
      else follower.pump();
    }
  }

  /** The numbering has started anew: everybody has to come again. */
  restart(reason: string): void {
    for (const follower of this.#followers) {
      follower.goodbye(reason, RETRY_MS);
      follower.end(CLOSE_RESTART, reason);
    }
  }

  drop(): void {
    const random = randomFor(this.#deps.seed(), 'drop', this.#deps.faults.turn);
    for (const follower of this.#followers) {
      const kind = random.below(3);
      if (kind === 0) follower.cut();
      if (kind === 1) follower.goodbye('maintenance', RETRY_MS);
      if (kind >= 1) follower.end(CLOSE_RESTART, 'dropped');
    }
  }

  close(): void {
    this.#cancelHeartbeat();
    this.restart('shutting down');
  }

  /** For those that do not answer the close. */
  terminate(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
  }

  #follow(socket: WebSocket): void {
    this.#accepted += 1;
    const acknowledged = (): void => this.#trim();
    const follower = new Follower(socket, this.#accepted, { ...this.#deps, acknowledged });
    if (this.#followers.size === 0) this.#beat();
    this.#followers.add(follower);
    socket.on('close', () => {
      this.#followers.delete(follower);
      if (this.#followers.size === 0) this.#cancelHeartbeat();
    });
  }

  /** What all who listen have acknowledged is forgotten. */
  #trim(): void {
    const acked = [...this.#followers].map((follower) => follower.acked);
    this.#deps.log.trimBelow(Math.min(...acked) + 1);
  }

  /** Only while somebody listens: a clock that leaps over months must not beat through them. */
  #beat(): void {
    const { clock, heartbeatMs } = this.#deps;
    this.#cancelHeartbeat = clock.after(heartbeatMs, () => {
      for (const follower of this.#followers) follower.heartbeat();
      this.#beat();
    });
  }
}

function refuseToken(socket: WebSocket): void {
  socket.on('error', () => undefined);
  socket.close(CLOSE_BAD_TOKEN, 'bad token');
}

function refuse(socket: Duplex, status: string): void {
  const answer = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  socket.end(answer, () => socket.destroy());
}

/** Not by way of a URL: what a stranger sends need not be one. */
const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?')[0] ?? '';
