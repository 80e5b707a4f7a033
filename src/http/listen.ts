/**
 * Listens for HTTP within bounds and closes in order; what is answered is the app's business, but
 * for broken HTTP.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../flows/ports/clock';
import type { Log } from '../flows/ports/log-port';
import { inworldAnswer, type InworldOutcome } from './answers';
import {
  boundConnections,
  CONNECTION_BOUNDS,
  type ConnectionBounds,
  type OpenConnections,
} from './open-connections';

export interface ListenInput {
  readonly app: RequestListener;
  readonly host: string;
  /** 0 = chosen by the system. */
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly bounds?: Partial<HttpBounds>;
}

/**
 * How long a sender may take, and how much may be open. Node measures these times by its own
 * timers, within `lookEveryMs`.
 */
export interface HttpBounds extends ConnectionBounds {
  readonly headersWithinMs: number;
  readonly requestWithinMs: number;
  /** How long a connection without a request is kept. */
  readonly idleWithinMs: number;
  readonly lookEveryMs: number;
}

/**
 * A box has 60 s for the whole exchange, and sends 2 KiB. Idle connections are kept for longer than
 * proxies keep theirs, so that these never use one that we just closed.
 */
const BOUNDS: HttpBounds = {
  headersWithinMs: 10_000,
  requestWithinMs: 15_000,
  idleWithinMs: 75_000,
  lookEveryMs: 2_000,
  ...CONNECTION_BOUNDS,
};

/** Enough for bytes that were on their way to be read. */
const SILENT_CLOSES_AFTER_MS = 200;

export interface HttpServer {
  readonly host: string;
  readonly port: number;
  /**
   * Takes no new connection, finishes what was accepted, ends each connection with its answer, and
   * cuts what is left after `withinMs`. Idempotent.
   */
  close(withinMs: number): Promise<void>;
}

/** @throws what the system says when it cannot listen there. */
export async function listen(input: ListenInput): Promise<HttpServer> {
  const { app, host, port, clock, log } = input;
  const bounds = { ...BOUNDS, ...input.bounds };
  const server = createServer({
    headersTimeout: bounds.headersWithinMs,
    requestTimeout: bounds.requestWithinMs,
    keepAliveTimeout: bounds.idleWithinMs,
    connectionsCheckingInterval: bounds.lookEveryMs,
    // Without a Host header the request is answered like any other, in the promised shape.
    requireHostHeader: false,
  });
  const open = boundConnections(server, { ...bounds, clock, log });
  const serve: RequestListener = (req, res) => {
    if (open.admit(req, res)) app(req, res);
  };
  server.on('request', serve);
  // An expectation that nobody here knows is passed over, not refused in another shape.
  server.on('checkExpectation', serve);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    answerBrokenHttp({ clock, log }, error, socket);
  });
  await listening(server, { host, port });
  const address = server.address() as AddressInfo;
  let closed: Promise<void> | null = null;
  return {
    host: address.address,
    port: address.port,
    close(withinMs) {
      closed ??= closing(server, { clock, withinMs, open });
      open.makeAnswersLast();
      return closed;
    },
  };
}

function listening(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closing(
  server: Server,
  given: {
    readonly clock: Clock;
    readonly withinMs: number;
    readonly open: OpenConnections;
  },
): Promise<void> {
  const { clock, withinMs, open } = given;
  return new Promise((resolve) => {
    const cancel = clock.after(withinMs, () => server.closeAllConnections());
    const cancelSilent = clock.after(SILENT_CLOSES_AFTER_MS, () => open.endSilent());
    server.close(() => {
      cancel();
      cancelSilent();
      resolve();
    });
    server.closeIdleConnections();
  });
}

/**
 * What is no HTTP, or came too slowly: there is no request to answer, only a socket. Whose fault it
 * was is not known, since a proxy may have cut or changed the bytes: a box that sent a payment is
 * told to keep it and come again, and never that it is malformed.
 */
function answerBrokenHttp(
  { clock, log }: Pick<ListenInput, 'clock' | 'log'>,
  error: NodeJS.ErrnoException,
  socket: Duplex,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  log.debug('broken HTTP answered', { why: error.code });
  const outcome: InworldOutcome = { code: 'busy' };
  const { status, headers, body } = inworldAnswer(outcome, clock.now());
  const lines = Object.entries({ ...headers, Connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.end(`HTTP/1.1 ${status} ${outcome.code}\r\n${lines.join('')}\r\n${body}`);
}
