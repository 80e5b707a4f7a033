/** An HTTP server whose every answer a test writes itself; it decides nothing. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answering = (response: ServerResponse, request: Received) => void;

export interface ScriptedRest {
  readonly baseUrl: string;
  readonly received: readonly Received[];
  /** How many requests are being answered now, and at most were at once. */
  readonly open: { now: number; most: number };
  /** What comes next, one each; the last goes on for ever. */
  script(...answers: readonly Answering[]): void;
  stop(): Promise<void>;
}

/** Answers with JSON, or with a text as it is. */
export const answer =
  (status: number, body: unknown = {}, headers: Readonly<Record<string, string>> = {}): Answering =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

/** Never answers. */
export const silence: Answering = () => undefined;

/** Breaks the connection off. */
export const hangUp: Answering = (response) => void response.socket?.destroy();

export async function startScriptedRest(): Promise<ScriptedRest> {
  let script: Answering[] = [];
  const received: Received[] = [];
  const open = { now: 0, most: 0 };
  const server = createServer((request, response) => {
    open.now += 1;
    open.most = Math.max(open.most, open.now);
    response.on('close', () => (open.now -= 1));
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const got = { method, url, headers, body };
      received.push(got);
      const next = script.length > 1 ? script.shift() : script[0];
      next?.(response, got);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    open,
    script(...answers) {
      script = [...answers];
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
