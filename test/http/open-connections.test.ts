/** What one client can hold of a server: answers, connections, memory. */
import { type RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { listen, type HttpBounds, type HttpServer } from '../../src/http/listen';
import { until } from '../../scripts/rehearsal/until';
import { createManualClock, type ManualClock } from '../support/manual-clock';
import { recordingLog, type LogLine } from '../support/quiet-log';
import { NOW } from './inworld/sample-estate';

const GET = 'GET / HTTP/1.1\r\n\r\n';

let clock: ManualClock;
let lines: LogLine[];
let server: HttpServer;
let clients: Client[];

beforeEach(() => {
  [clock, lines, clients] = [createManualClock(NOW), [], []];
});

afterEach(async () => {
  for (const { socket } of clients) socket.destroy();
  await server.close(1_000);
});

async function serve(app: RequestListener, bounds: Partial<HttpBounds> = {}): Promise<void> {
  const log = recordingLog(lines);
  server = await listen({ app, host: '127.0.0.1', port: 0, clock, log, bounds });
}

interface Client {
  readonly socket: Socket;
  readonly heard: () => string;
  readonly isClosed: () => boolean;
}

function client(): Client {
  const socket = connect(server.port, '127.0.0.1');
  let heard = '';
  let isClosed = false;
  socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
  socket.on('error', () => undefined).on('close', () => (isClosed = true));
  const made = { socket, heard: () => heard, isClosed: () => isClosed };
  clients.push(made);
  return made;
}

describe('a client that sends many requests at once', () => {
  it('gets a few answers in their order, as often as it asks so', async () => {
    let served = 0;
    await serve((_req, res) => void res.end(`answer ${(served += 1)};`));
    const { socket, heard, isClosed } = client();
    for (let round = 1; round <= 5; round += 1) {
      socket.write(GET.repeat(16));
      await until('all are answered', () => heard().includes(`answer ${round * 16};`));
    }
    const order = [...heard().matchAll(/answer (\d+);/g)].map(([, n]) => Number(n));
    expect(order).toEqual(Array.from({ length: 80 }, (_, n) => n + 1));
    expect(isClosed()).toBe(false);
  });

  it('is cut when more wait for their answers than an honest one would ask for', async () => {
    const waiting: (() => void)[] = [];
    await serve((_req, res) => void waiting.push(() => res.end('late')));
    const [greedy, modest] = [client(), client()];
    modest.socket.write(GET.repeat(3));
    await until('the modest one is served', () => waiting.length === 3);
    greedy.socket.write(GET.repeat(2_000));
    await until('the greedy one is cut', greedy.isClosed);
    expect(waiting).toHaveLength(3 + 16);
    for (const answer of waiting) answer();
    await until('the modest one is answered', () => modest.heard().split('late').length === 4);
    expect(lines).toEqual([
      { level: 'debug', fact: 'connection cut', fields: { why: 'too many requests at once' } },
    ]);
  });
});

describe('a client that does not read', () => {
  const MANY_BYTES = 20_000_000;

  it('is cut before long, and what it did not take is let go of', async () => {
    let isOver = false;
    await serve(
      (_req, res) => {
        res.once('close', () => (isOver = true)).end(Buffer.alloc(MANY_BYTES));
      },
      { unreadWithinMs: 100 },
    );
    client().socket.pause().write(GET);
    await until('it is cut', () => isOver);
    expect(lines).toEqual([
      { level: 'debug', fact: 'connection cut', fields: { why: 'its answer was not read' } },
    ]);
  });

  it('is not taken for one that keeps its connection for later', async () => {
    await serve((_req, res) => void res.end('now'), { unreadWithinMs: 50, idleWithinMs: 100 });
    const { socket, heard, isClosed } = client();
    socket.write(GET);
    await until('it is answered', () => heard().endsWith('now'));
    await until('its time is over', isClosed);
    expect(lines).toEqual([]);
  });

  it('is not taken for one that waits for us', async () => {
    let isTimeOver = false;
    await serve(
      (req, res) => {
        req.socket.once('timeout', () => {
          isTimeOver = true;
          setImmediate(() => res.end('late'));
        });
      },
      { unreadWithinMs: 100 },
    );
    const { socket, heard } = client();
    socket.write(GET);
    await until('it is answered', () => heard().endsWith('late'));
    expect(isTimeOver).toBe(true);
  });
});

describe('a server with as many connections as it takes', () => {
  let waiting: (() => void)[];
  const UNFINISHED = 'POST /half HTTP/1.1\r\nContent-Length: 100\r\n\r\na';

  /** Answers `/now` at once, and all others when it is told to. */
  async function serveUpTo(bounds: Partial<HttpBounds>): Promise<void> {
    waiting = [];
    await serve((req, res) => {
      if (req.url === '/now') res.end('now');
      else waiting.push(() => res.end('late'));
    }, bounds);
  }

  /** One that is answered, one that waits for us, one that never finishes what it asks. */
  async function threeKinds(): Promise<readonly [Client, Client, Client]> {
    const three = [client(), client(), client()] as const;
    const [idle, busy, half] = three;
    idle.socket.write('GET /now HTTP/1.1\r\n\r\n');
    busy.socket.write(GET);
    half.socket.write(UNFINISHED);
    await until('all were heard', () => idle.heard().endsWith('now') && waiting.length === 2);
    await clock.advance(1_000);
    return three;
  }

  async function isServed(): Promise<void> {
    const { socket, heard } = client();
    socket.write('GET /now HTTP/1.1\r\n\r\n');
    await until('it is served', () => heard().endsWith('now'));
  }

  it('refuses a further one, and ends those that have nothing to say', async () => {
    await serveUpTo({ connections: 3 });
    const [idle, busy, half] = await threeKinds();
    const refused = client();
    await until('there is room', () => [refused, idle, half].every(({ isClosed }) => isClosed()));
    await isServed();
    waiting[0]?.();
    await until('the busy one is answered', () => busy.heard().endsWith('late'));
    expect(lines).toEqual([{ level: 'warn', fact: 'connections refused', fields: { most: 3 } }]);
  });

  it('lets one address have its share, of which the idlest go first', async () => {
    await serveUpTo({ connectionsPerAddress: 3 });
    const [idle, busy, half] = await threeKinds();
    await isServed();
    await isServed();
    await until('they made room', () => idle.isClosed() && half.isClosed());
    const refused = client();
    await until('no other has nothing to say', refused.isClosed);
    waiting[0]?.();
    await until('the busy one is answered', () => busy.heard().endsWith('late'));
    expect(lines).toEqual([]);
  });
});
