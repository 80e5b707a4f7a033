/**
 * Listens for HTTP within bounds and closes in order; what is answered is the app's business, but
 * for broken HTTP.
 */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../flows/ports/clock';
import type { Log } from '../flows/ports/log-port';
import { inworldAnswer, type InworldOutcome } from './answers';

export interface ListenInput {
  readonly app: RequestListener;
  readonly host: string;
  /** 0 = chosen by the system. */
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly bounds?: HttpBounds;
}

/** How long a sender may take. Node measures these by its own timers, within `lookEveryMs`. */
export interface HttpBounds {
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
  requestWithinMs: 30_000,
  idleWithinMs: 75_000,
  lookEveryMs: 2_000,
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
  const { app, host, port, clock, log, bounds = BOUNDS } = input;
  const server = createServer({
    headersTimeout: bounds.headersWithinMs,
    requestTimeout: bounds.requestWithinMs,
    keepAliveTimeout: bounds.idleWithinMs,
    connectionsCheckingInterval: bounds.lookEveryMs,
    // Without a Host header the request is answered like any other, in the promised shape.
    requireHostHeader: false,
  });
  const answers = createOpenAnswers(server);
  const sockets = createOpenSockets(server);
  const serve: RequestListener = (req, res) => {
    answers.add(res);
    app(req, res);
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
      closed ??= closing(server, { clock, withinMs, sockets });
      answers.makeLast();
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
    readonly sockets: ReturnType<typeof createOpenSockets>;
  },
): Promise<void> {
  const { clock, withinMs, sockets } = given;
  return new Promise((resolve) => {
    const cancel = clock.after(withinMs, () => server.closeAllConnections());
    const cancelSilent = clock.after(SILENT_CLOSES_AFTER_MS, () => sockets.endSilent());
    server.close(() => {
      cancel();
      cancelSilent();
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** A connection that was opened ahead of need is none of those that Node counts as idle. */
function createOpenSockets(server: Server) {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return {
    /** Those on which nothing was ever said. */
    endSilent(): void {
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    },
  };
}

/** The answers that are still owed; from a close on, each is the last on its connection. */
function createOpenAnswers(server: Server) {
  const open = new Set<ServerResponse>();
  let isClosing = false;
  const makeLast = (res: ServerResponse): void => {
    if (!res.headersSent) res.setHeader('Connection', 'close');
  };
  return {
    add(res: ServerResponse): void {
      open.add(res);
      if (isClosing) makeLast(res);
      res.once('close', () => {
        open.delete(res);
        // One whose headers had gone out before leaves an idle connection behind, a turn later.
        if (isClosing) setImmediate(() => server.closeIdleConnections());
      });
    },
    makeLast(): void {
      isClosing = true;
      open.forEach(makeLast);
    },
  };
}

/** What is no HTTP, or came too slowly: there is no request to answer, only a socket. */
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
  const isSlow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const outcome: InworldOutcome = { code: isSlow ? 'busy' : 'malformed' };
  const { status, headers, body } = inworldAnswer(outcome, clock.now());
  const lines = Object.entries({ ...headers, Connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.end(`HTTP/1.1 ${status} ${outcome.code}\r\n${lines.join('')}\r\n${body}`);
}
