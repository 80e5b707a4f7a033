/** A status stream whose every frame a test writes itself; it decides nothing. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { AT } from './words';
import { until } from './until';

export interface ScriptedLink {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** Every frame that the client sent, parsed. */
  readonly received: readonly unknown[];
  /** An object is sent as JSON, a text or bytes as they are. */
  send(frame: object | string): void;
}

export interface ScriptedStream {
  readonly baseUrl: string;
  readonly links: readonly ScriptedLink[];
  /** The link that the client opened, once its first frame is here. */
  subscribed(): Promise<ScriptedLink>;
  stop(): Promise<void>;
}

export const hello = (changes: object = {}): object => ({
  op: 'hello',
  stream: 's1',
  seq: 10,
  oldest: 1,
  heartbeatMs: 1_000,
  time: AT,
  ...changes,
});

export async function startScriptedStream(): Promise<ScriptedStream> {
  const http = createServer();
  const server = new WebSocketServer({ server: http, path: '/v1/stream' });
  const links: (ScriptedLink & { received: unknown[] })[] = [];
  server.on('connection', (socket, request) => {
    const received: unknown[] = [];
    socket.on('message', (data: Buffer) => received.push(JSON.parse(data.toString('utf8'))));
    socket.on('error', () => undefined);
    const send = (frame: object | string): void =>
      socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
    links.push({ socket, request, received, send });
  });
  const port = await listening(http);
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    links,
    async subscribed() {
      await until('the client subscribes', () => (links.at(-1)?.received.length ?? 0) > 0);
      const link = links.at(-1);
      if (link === undefined) throw new Error('There is no link.');
      return link;
    },
    async stop() {
      for (const { socket } of links) socket.terminate();
      server.close();
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
