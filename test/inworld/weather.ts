/**
 * What lies between the grid and the service: an HTTP proxy that forwards, refuses, cuts, garbles
 * or holds, as it is told; it never retries and never makes up a good answer.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export type Weather =
  | 'fair'
  /** The connection is cut before the call has reached the service. */
  | 'down'
  /** The call never reaches the service, and nothing ever comes back. */
  | 'swallowed'
  /** The page of a proxy whose service is gone: a 503 that is no JSON. */
  | 'no-service'
  /** The call never reaches the service: somebody else answers, with a friendly page. */
  | 'stranger'
  /** Carried out; the connection breaks in the middle of the answer. */
  | 'cut'
  /** Carried out; half of the answer arrives as if it were whole. */
  | 'half'
  /** Carried out; the answer comes late. */
  | 'slow'
  /** Carried out; the answer never comes. */
  | 'held'
  /** Carried out; the answer is of a kind that no script is given. */
  | 'strange';

/** What becomes of a good answer: another text, or a refusal in its place. */
export type Bend = (
  path: string,
  answer: string,
) => string | { readonly status: number; readonly body: string };

export interface Sky {
  readonly url: string;
  /** How the next calls fare, each by its turn; they begin again at the first. */
  turn(...weathers: readonly Weather[]): void;
  /** Changes what a good answer to `path` holds; null: as the service says it. */
  bend(change: Bend | null): void;
  /** How many calls have fared so. */
  readonly seen: ReadonlyMap<Weather, number>;
  close(): Promise<void>;
}

interface Passed {
  readonly status: number;
  readonly kind: string;
  readonly body: string;
}

/** Real time: the grid's goes on meanwhile where its patience is shorter. */
const LATE_MS = 400;
const ANSWERS_WITHIN_MS = 20_000;

/** @param service where it answers now: asked anew before each call, since it moves. */
export async function openSky(service: () => string): Promise<Sky> {
  let plan: readonly Weather[] = ['fair'];
  let turns = 0;
  let change: Bend | null = null;
  const seen = new Map<Weather, number>();
  const server = createServer((req, res) => {
    const weather = plan[turns++ % plan.length] ?? 'fair';
    seen.set(weather, (seen.get(weather) ?? 0) + 1);
    void fare(weather, { req, res, service, change }).catch(() => res.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    turn(...weathers) {
      plan = weathers;
      turns = 0;
    },
    bend: (next) => void (change = next),
    seen,
    close: () => close(server),
  };
}

interface Call {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly service: () => string;
  readonly change: Bend | null;
}

async function fare(weather: Weather, call: Call): Promise<void> {
  const { res } = call;
  if (weather === 'swallowed') return;
  if (weather === 'down') return void res.destroy();
  if (weather === 'no-service') {
    return void res
      .writeHead(503, { 'content-type': 'text/html; charset=utf-8' })
      .end('<html><body><h1>503 Service Unavailable</h1></body></html>');
  }
  if (weather === 'stranger') {
    return void res
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end('<html><body>Welcome! Please log in.</body></html>');
  }
  const passed = await pass(call);
  const half = passed.body.slice(0, Math.floor(passed.body.length / 2));
  const head = { 'content-type': passed.kind };
  switch (weather) {
    case 'fair':
      return void res.writeHead(passed.status, head).end(passed.body);
    case 'half':
      return void res.writeHead(passed.status, head).end(half);
    case 'strange':
      return void res
        .writeHead(passed.status, { 'content-type': 'application/octet-stream' })
        .end(passed.body);
    case 'cut':
      res.writeHead(passed.status, { ...head, 'content-length': Buffer.byteLength(passed.body) });
      return void res.write(half, () => res.destroy());
    case 'slow':
      await pause(LATE_MS);
      return void res.writeHead(passed.status, head).end(passed.body);
    case 'held':
      return;
  }
}

async function pass({ req, service, change }: Call): Promise<Passed> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const path = req.url ?? '/';
  const headers = Object.entries(req.headers).flatMap(([name, value]) =>
    typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name)
      ? [[name, value] as const]
      : [],
  );
  const answer = await fetch(new URL(path, service()), {
    method: req.method ?? 'POST',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
  });
  const said = await answer.text();
  const bent = change === null ? said : change(path, said);
  const kind = answer.headers.get('content-type') ?? 'application/json';
  return typeof bent === 'string' ? { status: answer.status, kind, body: bent } : { kind, ...bent };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
