/** How the server comes to an end, and whom it does not wait for. */
import express, { Router } from 'express';
import { connect } from 'node:net';
import { Agent, request, type RequestListener } from 'node:http';
import { createApp } from '../../src/http/server';
import { listen, type HttpServer } from '../../src/http/listen';
import { createManualClock } from '../support/manual-clock';
import type { Log } from '../../src/flows/ports/log-port';
import { NOW } from './inworld/sample-estate';
import { rawAnswer } from './inworld/raw-http';

const silent = (): void => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };
const clock = createManualClock(NOW);

/** Answers when it is told to. */
function heldApp() {
  const waiting: (() => void)[] = [];
  const app = express();
  app.use((_req, res) => void waiting.push(() => void res.end('done')));
  return { app, waiting };
}

const start = (app: RequestListener): Promise<HttpServer> =>
  listen({ app, host: '127.0.0.1', port: 0, clock, log });

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

function get(port: number, agent?: Agent): Promise<{ text: string; connection: string }> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', ...(agent === undefined ? {} : { agent }) };
    const sent = request(options, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve({ text, connection: answer.headers.connection ?? '' }));
    });
    sent.on('error', reject).end();
  });
}

describe('a server that closes', () => {
  it('finishes what it accepted, and ends the connection with the answer', async () => {
    const { app, waiting } = heldApp();
    const server = await start(app);
    const agent = new Agent({ keepAlive: true });
    const asked = get(server.port, agent);
    await until(() => waiting.length === 1);
    let isClosed = false;
    const closed = server.close(10_000).then(() => (isClosed = true));
    await expect(get(server.port)).rejects.toThrow();
    expect(isClosed).toBe(false);
    waiting[0]?.();
    expect((await asked).text).toBe('done');
    await closed;
    agent.destroy();
  });

  it('ends a connection also where the answer had begun already', async () => {
    const finish: (() => void)[] = [];
    const app = express();
    app.use((_req, res) => {
      res.write('half ');
      finish.push(() => void res.end('whole'));
    });
    const server = await start(app);
    const agent = new Agent({ keepAlive: true });
    const asked = get(server.port, agent);
    await until(() => finish.length === 1);
    const closed = server.close(10_000);
    finish[0]?.();
    expect((await asked).text).toBe('half whole');
    await closed;
    agent.destroy();
  });

  it('closes idle connections at once', async () => {
    const { app, waiting } = heldApp();
    const server = await start(app);
    const agent = new Agent({ keepAlive: true });
    const asked = get(server.port, agent);
    await until(() => waiting.length === 1);
    waiting[0]?.();
    expect((await asked).connection).toBe('keep-alive');
    await server.close(10_000);
    agent.destroy();
  });

  it('does not wait for a connection on which nothing was ever said', async () => {
    const server = await start(heldApp().app);
    const socket = connect(server.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const closed = server.close(10_000);
    await clock.advance(1_000);
    await closed;
    socket.destroy();
  });

  it('cuts off what is not done in time', async () => {
    const { app, waiting } = heldApp();
    const server = await start(app);
    const asked = get(server.port).catch((error: Error) => error.message);
    await until(() => waiting.length === 1);
    const closed = server.close(3_000);
    await clock.advance(3_000);
    await closed;
    expect(await asked).toMatch(/socket hang up|ECONNRESET/);
  });

  it('is closed once, however often it is asked', async () => {
    const server = await start(heldApp().app);
    await Promise.all([server.close(1_000), server.close(1_000)]);
    expect(clock.waiting()).toBe(0);
  });
});

describe('a server', () => {
  it('says where it listens', async () => {
    const server = await start(heldApp().app);
    expect(server.host).toBe('127.0.0.1');
    expect(server.port).toBeGreaterThan(0);
    await server.close(1_000);
  });

  it('cannot listen where another does, and says so', async () => {
    const server = await start(heldApp().app);
    const { app } = heldApp();
    const again = listen({ app, host: '127.0.0.1', port: server.port, clock, log });
    await expect(again).rejects.toThrow('EADDRINUSE');
    await server.close(1_000);
  });

  it('outlives a connection that is reset in the middle of a request', async () => {
    const { app, waiting } = heldApp();
    const server = await start(app);
    const socket = connect(server.port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc');
    await until(() => waiting.length === 1);
    socket.resetAndDestroy();
    const asked = get(server.port);
    await until(() => waiting.length === 2);
    waiting[1]?.();
    expect((await asked).text).toBe('done');
    await server.close(1_000);
  });
});

describe('a sender that takes too long', () => {
  const bounds = { headersWithinMs: 60, requestWithinMs: 60, idleWithinMs: 60, lookEveryMs: 20 };
  it.each([
    ['over its headers', 'POST / HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['over its body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc'],
  ])('%s is told to come again later', async (_what, sent) => {
    const { app } = heldApp();
    const server = await listen({ app, host: '127.0.0.1', port: 0, clock, log, bounds });
    const { status, text } = await rawAnswer(server.port, sent);
    expect(status).toBe(429);
    expect(JSON.parse(text)).toEqual({ ok: 0, code: 'busy', retry: 20, t: clock.now() / 1_000 });
    await server.close(1_000);
  });
});

describe('the app', () => {
  const parts = {
    inworld: ((_req, _res, next) => next()) as express.RequestHandler,
    admin: Router().get('/here', (req, res) => void res.json({ ip: req.ip })),
    health: ((_req, res) => void res.json({ status: 'alive' })) as express.RequestHandler,
    readiness: ((_req, res) => void res.json({ status: 'ready' })) as express.RequestHandler,
    openapi: (() => {
      throw new Error('broken');
    }) as express.RequestHandler,
    ...{ trustedProxies: 0, clock, log },
  };
  const ask = async (path: string, more: object = {}) => {
    const server = await start(createApp({ ...parts, ...more }));
    const head = `GET ${path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.9.8.7\r\n`;
    const answer = await rawAnswer(server.port, `${head}Connection: close\r\n\r\n`);
    await server.close(1_000);
    return answer;
  };

  it('has every door in its place', async () => {
    expect((await ask('/healthz')).text).toBe('{"status":"alive"}');
    expect((await ask('/readyz')).text).toBe('{"status":"ready"}');
    expect((await ask('/api/admin/v1/here')).status).toBe(200);
    expect((await ask('/nowhere')).status).toBe(404);
  });

  it.each(['http://[', '//[/', 'http://[::1/healthz'])(
    'answers the target %s, which is no address, in the shape that a box can read',
    async (target) => {
      const { status, headers, text } = await ask(target);
      expect([status, headers['content-type']]).toEqual([404, 'application/json; charset=utf-8']);
      expect(JSON.parse(text)).toMatchObject({ ok: 0, code: 'unknown', retry: 0 });
    },
  );

  it('knows each door by one way to write it, so that the rule of a proxy holds', async () => {
    for (const path of ['/API/admin/v1/here', '/api/ADMIN/v1/here', '/Healthz']) {
      expect((await ask(path)).status).toBe(404);
    }
  });

  it('tells nobody what it is made of, and protects browsers', async () => {
    const { headers } = await ask('/healthz');
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('etag');
    expect(headers['x-frame-options']).toBe('SAMEORIGIN');
  });

  it('believes forwarded addresses only behind as many proxies as it was told', async () => {
    expect((await ask('/api/admin/v1/here')).text).toBe('{"ip":"127.0.0.1"}');
    const behindOne = await ask('/api/admin/v1/here', { trustedProxies: 1 });
    expect(behindOne.text).toBe('{"ip":"10.9.8.7"}');
  });

  it('answers what breaks in the shape that a box can read', async () => {
    const { status, text } = await ask('/openapi.json');
    expect(status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({ ok: 0, code: 'storage', retry: 15 });
  });
});
