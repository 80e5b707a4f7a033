/**
 * What is open on a server, connections and answers, within bounds; knows nothing of what is
 * answered.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../flows/ports/clock';
import type { Log } from '../flows/ports/log-port';

export interface ConnectionBounds {
  /** Requests of one connection that may wait for their answers at once. */
  readonly answersPerConnection: number;
  readonly connections: number;
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

export function boundConnections(server: Server, given: Given): OpenConnections {
  const { answersPerConnection, log } = given;
  /** The answers that are owed to each; Node tells of no end of those that wait behind others. */
  const owed = new Map<Socket, Set<ServerResponse>>();
  let isClosing = false;
  server.on('connection', (socket) => {
    owed.set(socket, new Set());
    socket.once('close', () => owed.delete(socket));
  });
  cutUnread(server, given, (socket) => (owed.get(socket)?.size ?? 0) > 0);
  limitConnections(server, given);
  return {
    admit(req, res) {
      const { socket } = req;
      // What was read in one piece is still taken apart after its connection was cut.
      const answers = socket.destroyed ? undefined : owed.get(socket);
      if (answers === undefined) return false;
      if (answers.size >= answersPerConnection) {
        log.debug('connection cut', { why: 'too many requests at once' });
        socket.destroy();
        return false;
      }
      answers.add(res);
      if (isClosing) makeLast(res);
      res.once('close', () => {
        answers.delete(res);
        // One whose headers had gone out before leaves an idle connection behind, a turn later.
        if (isClosing) setImmediate(() => server.closeIdleConnections());
      });
      return true;
    },
    makeAnswersLast() {
      isClosing = true;
      for (const answers of owed.values()) answers.forEach(makeLast);
    },
    endSilent() {
      for (const socket of owed.keys()) if (socket.bytesRead === 0) socket.destroy();
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

const MAKES_ROOM_EVERY_MS = 5_000;

/** Those that only keep a connection for later make room for those that have something to say. */
function limitConnections(server: Server, { connections, clock, log }: Given): void {
  let madeRoomAt: number | null = null;
  server.maxConnections = connections;
  server.on('drop', () => {
    const now = clock.now();
    if (madeRoomAt !== null && now - madeRoomAt < MAKES_ROOM_EVERY_MS) return;
    madeRoomAt = now;
    log.warn('connections refused', { most: connections });
    server.closeIdleConnections();
  });
}

function makeLast(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close');
}
