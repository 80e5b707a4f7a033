/** Listens for HTTP within bounds and closes in order; what is answered is the app's business, but for broken HTTP. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../flows/clock';
import type { Log } from '../flows/log-port';
import { inworldAnswer, type InworldOutcome } from './answers';

export interface ListenInput {
  readonly app: RequestListener;
  readonly host: string;
  /** 0 = chosen by the system. */
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface HttpServer {
  readonly host: string;
  readonly port: number;
  /**
   * Takes no new connection, finishes what was accepted, ends each connection with its answer, and
   * cuts what is left after `withinMs`. Idempotent.
   */
  close(withinMs: number): Promise<void>;
}

const HEADERS_WITHIN_MS = 10_000;
/** A box has 60 s for the whole exchange, and sends 2 KiB. */
const REQUEST_WITHIN_MS = 30_000;
/** Longer than proxies keep an idle connection, so that they never use one that we just closed. */
const IDLE_WITHIN_MS = 75_000;

/** @throws what the system says when it cannot listen there. */
export async function listen({ app, host, port, clock, log }: ListenInput): Promise<HttpServer> {
  const server = createServer({
    headersTimeout: HEADERS_WITHIN_MS,
    requestTimeout: REQUEST_WITHIN_MS,
    keepAliveTimeout: IDLE_WITHIN_MS,
    // Without a Host header the request is answered like any other, in the promised shape.
    requireHostHeader: false,
  });
  let isClosing = false;
  const serve: RequestListener = (req, res) => {
    if (isClosing) lastOf(server, res);
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
      isClosing = true;
      closed ??= closing(server, { clock, withinMs });
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
  { clock, withinMs }: { readonly clock: Clock; readonly withinMs: number },
): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(withinMs, () => server.closeAllConnections());
    server.close(() => {
      cancel();
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** A request that came over a connection from before the close: answered, and the last of it. */
function lastOf(server: Server, res: ServerResponse<IncomingMessage>): void {
  res.setHeader('Connection', 'close');
  res.once('finish', () => server.closeIdleConnections());
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
