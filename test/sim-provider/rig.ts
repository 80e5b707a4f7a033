/**
 * A simulator on a clock that a test moves, with a REST caller and stream clients; asserts nothing.
 */
import { WebSocket } from 'ws';
import { parseInstant, type Instant } from '../../src/domain/time';
import { startSimProvider } from '../../scripts/sim-provider/server';
import type { SimProvider, SimProviderOptions } from '../../scripts/sim-provider/server';
import { createManualClock, type ManualClock } from '../support/manual-clock';

export const TOKEN = 'right-token';
export const START: Instant = parseInstant('2026-03-01T12:00:00Z');
export const ALICE = '11111111-1111-4111-8111-111111111111';
export const BOB = '22222222-2222-4222-8222-222222222222';

export type Json = { readonly [field: string]: JsonValue };
type JsonValue = string | number | boolean | null | readonly JsonValue[] | Json;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

export interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface Rig extends SimProvider {
  readonly clock: ManualClock;
  /** Calls `/v1…` with the right token, `/sim…` with none. Throws where the connection is cut. */
  call(path: string, call?: Call): Promise<Answer>;
  /** The rows of all pages. */
  rows(path: string): Promise<Json[]>;
  /** Opens a socket; the caller subscribes. */
  open(token?: string): Promise<StreamClient>;
  /** Opens a socket, subscribes and waits for the hello. */
  follow(cursor?: { stream: string | null; after: number | null }): Promise<StreamClient>;
}

const running: (() => Promise<void>)[] = [];

/** For `afterEach`. */
export async function stopRigs(): Promise<void> {
  await Promise.all(running.splice(0).map((stop) => stop()));
}

/** Units: none but those that the test adds. A payment completes 20 ms of the clock after it. */
export async function startRig(options: Partial<SimProviderOptions> = {}): Promise<Rig> {
  const clock = createManualClock(START);
  const defaults = { host: '127.0.0.1', port: 0, token: TOKEN, seed: 7, heartbeatMs: 1_000, clock };
  const provider = await startSimProvider({ ...defaults, ...options });
  const clients: StreamClient[] = [];
  running.push(async () => {
    for (const client of clients) client.socket.terminate();
    await provider.close();
  });
  const open = async (token = TOKEN): Promise<StreamClient> => {
    const client = connect(provider.url, token);
    clients.push(client);
    await until(() => client.isOpen() || client.closed !== null || client.refused !== null);
    return client;
  };
  return {
    ...provider,
    clock,
    call: (path, call) => callProvider(provider.url + path, call),
    rows: (path) => allRows(provider.url + path),
    open,
    async follow(cursor = { stream: null, after: null }) {
      const client = await open();
      client.send({ op: 'subscribe', ...cursor });
      await until(() => client.frames.length > 0);
      return client;
    },
  };
}

export interface StreamClient {
  readonly socket: WebSocket;
  /** Everything that came, as text. */
  readonly raw: string[];
  /** Everything that came and is JSON. */
  readonly frames: Json[];
  closed: { readonly code: number; readonly reason: string } | null;
  /** The status that came in the place of an upgrade. */
  refused: number | null;
  isOpen(): boolean;
  send(frame: object | string): void;
  ofOp(op: string): Json[];
  /** The numbers of the events, in the order in which they came. */
  seqs(): number[];
}

function connect(url: string, token: string): StreamClient {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/stream`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const frames: Json[] = [];
  const raw: string[] = [];
  const client: StreamClient = {
    ...{ socket, raw, frames, closed: null, refused: null },
    isOpen: () => socket.readyState === WebSocket.OPEN,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    ofOp: (op) => frames.filter((frame) => frame['op'] === op),
    seqs: () => client.ofOp('event').map((frame) => Number(frame['seq'])),
  };
  socket.on('message', (data) => {
    raw.push(String(data));
    const frame = parsed(String(data));
    if (frame !== null) frames.push(frame);
  });
  socket.on('close', (code, reason) => (client.closed = { code, reason: String(reason) }));
  socket.on('unexpected-response', (request, response) => {
    client.refused = response.statusCode ?? 0;
    request.destroy();
  });
  socket.on('error', () => undefined);
  return client;
}

/** Waits, on the machine's clock, until sockets have done what they must; fails after 10 s. */
export async function until(condition: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > giveUpAt) throw new Error(`Waited in vain until ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function callProvider(url: string, call: Call = {}): Promise<Answer> {
  const isControl = new URL(url).pathname.startsWith('/sim');
  const authorization: Record<string, string> = isControl
    ? {}
    : { authorization: `Bearer ${TOKEN}` };
  const { method = 'GET', body, headers = {} } = call;
  const response = await fetch(url, {
    method,
    headers: { ...authorization, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: parsed(await response.text()) ?? {},
  };
}

async function allRows(first: string): Promise<Json[]> {
  const rows: Json[] = [];
  for (let url: URL | null = new URL(first); url !== null;) {
    const { body }: Answer = await callProvider(url.href);
    rows.push(...(body['data'] as Json[]));
    const next = body['next'] as string | null;
    if (next === null) url = null;
    else url.searchParams.set('cursor', next);
  }
  return rows;
}

function parsed(text: string): Json | null {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
