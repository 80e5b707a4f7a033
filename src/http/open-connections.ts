/**
 * What is open on a server, connections and answers, within bounds; knows nothing of what is
 * answered.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { SECOND_MS, type Instant } from '../domain/time';
import type { Clock } from '../flows/ports/clock';
import type { Log } from '../flows/ports/log-port';

export interface ConnectionBounds {
  /** Requests of one connection that may wait for their answers at once. */
  readonly answersPerConnection: number;
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** How long a client may take nothing of its answer. Node measures it by its own timers. */
  readonly unreadWithinMs: number;
}

/**
 * An honest client has one request under way on a connection, or a few; each box of a large estate
 * might come on a connection of its own, and leave it open.
 */
export const CONNECTION_BOUNDS: ConnectionBounds = {
  answersPerConnection: 16,
  connections: 8_000,
  connectionsPerAddress: 2_000,
  unreadWithinMs: 30_000,
};

export interface OpenConnections {
  /** False: there are too many on its connection, which is cut; it is not to be answered. */
  admit(req: IncomingMessage, res: ServerResponse): boolean;
  /** From now on each answer is the last on its connection. */
  makeAnswersLast(): void;
  /** A connection that was opened ahead of need is none of those that Node counts as idle. */
  endSilent(): void;
}

interface Given extends ConnectionBounds {
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** A connection that is open. */
interface Open {
  readonly socket: Socket;
  /** What is owed to it; Node tells of no end of those answers that wait behind others. */
  readonly answers: Set<ServerResponse>;
  /** When it was opened, or last asked something, or was last answered. */
  since: Instant;
}

export function boundConnections(server: Server, given: Given): OpenConnections {
  const { answersPerConnection, clock, log } = given;
  const connections = new Map<Socket, Open>();
  let isClosing = false;
  cutUnread(server, given, (socket) => (connections.get(socket)?.answers.size ?? 0) > 0);
  limitConnections(server, given, connections);
  return {
    admit(req, res) {
      const { socket } = req;
      // What was read in one piece is still taken apart after its connection was cut.
      const open = socket.destroyed ? undefined : connections.get(socket);
      if (open === undefined) return false;
      if (open.answers.size >= answersPerConnection) {
        log.debug('connection cut', { why: 'too many requests at once' });
        socket.destroy();
        return false;
      }
      open.answers.add(res);
      open.since = clock.now();
      if (isClosing) makeLast(res);
      res.once('close', () => {
        open.answers.delete(res);
        open.since = clock.now();
        // One whose headers had gone out before leaves an idle connection behind, a turn later.
        if (isClosing) setImmediate(() => server.closeIdleConnections());
      });
      return true;
    },
    makeAnswersLast() {
      isClosing = true;
      for (const { answers } of connections.values()) answers.forEach(makeLast);
    },
    endSilent() {
      for (const socket of connections.keys()) if (socket.bytesRead === 0) socket.destroy();
    },
  };
}

/**
 * Nothing was read and nothing could be written for a while: who waits for us is left waiting (each
 * request has an end of its own), and who lets us wait is cut, for what it does not take stays in
 * memory. A client that reads slowly is none of these.
 */
function cutUnread(
  server: Server,
  { unreadWithinMs, log }: Given,
  isOwedAnswers: (socket: Socket) => boolean,
): void {
  server.setTimeout(unreadWithinMs, (socket: Socket) => {
    const isUnread = socket.writableLength > 0;
    if (!isUnread && isOwedAnswers(socket)) return;
    if (isUnread) log.debug('connection cut', { why: 'its answer was not read' });
    socket.destroy();
  });
}

/** Longer than an honest client takes over a request: it sends a few kilobytes in one piece. */
const WAITS_FOR_NOTHING_MS = SECOND_MS;

/**
 * Those that only keep a connection for later, or never finish what they ask, make room for those
 * that have something to say: of one address when it has its share, of all when all are taken.
 */
function limitConnections(server: Server, given: Given, connections: Map<Socket, Open>): void {
  const { connections: most, connectionsPerAddress, clock, log } = given;
  const byAddress = new Map<string, Set<Open>>();
  const isWasted = ({ socket, answers, since }: Open): boolean =>
    !socket.destroyed &&
    clock.now() - since >= WAITS_FOR_NOTHING_MS &&
    [...answers].every(({ req }) => !req.complete);
  let madeRoomAt: Instant | null = null;
  server.maxConnections = most;
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const same = byAddress.get(address) ?? new Set();
    if (same.size >= connectionsPerAddress) (firstOf(same, isWasted)?.socket ?? socket).destroy();
    const open: Open = { socket, answers: new Set(), since: clock.now() };
    byAddress.set(address, same.add(open));
    connections.set(socket, open);
    socket.once('close', () => {
      connections.delete(socket);
      if (same.delete(open) && same.size === 0) byAddress.delete(address);
    });
  });
  server.on('drop', () => {
    const now = clock.now();
    if (madeRoomAt !== null && now - madeRoomAt < SECOND_MS) return;
    madeRoomAt = now;
    log.warn('connections refused', { most });
    for (const open of connections.values()) if (isWasted(open)) open.socket.destroy();
  });
}

/** In the order in which they were opened. */
function firstOf(same: ReadonlySet<Open>, isWasted: (open: Open) => boolean): Open | undefined {
  for (const open of same) if (isWasted(open)) return open;
  return undefined;
}

function makeLast(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close');
}
