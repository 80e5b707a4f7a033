/** Whatever comes to the door, HTTP or not: one shape of answer, and nothing kept. */
import { connect } from 'node:net';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { createDoorWorld, type DoorWorld, type WorldOptions } from './door-world';
import { expectNothingKept, expectOutcome, expectShape } from './expectations';
import { rawAnswer } from './raw-http';
import { NOW_UNIX } from './sample-estate';
import { PAYMENT } from './sample-events';
import { bytesOf, EVENTS, REGISTER, signedCall, STANDING } from './signed-call';

let world: DoorWorld;
async function open(options: WorldOptions = {}): Promise<void> {
  world = await createDoorWorld(options);
}
afterEach(() => world.close());

describe('an unknown path', () => {
  it.each([
    '/api/inworld',
    '/api/inworld/',
    '/api/inworld/v1',
    '/api/inworld/v1/event',
    '/api/inworld/v1/events/',
    '/api/inworld/v2/events',
    '/api/inworld//v1/events',
    '/api/inworld/v1/%65vents',
    '/API/inworld/v1/events',
    '/api/inworld/%E0%A4%A',
    '/api/inworld/v1/../v1/events',
    '/',
    '/elsewhere',
    '/healthz/x',
  ])('is answered like any call: %s', async (path) => {
    await open();
    const lines = [`POST ${path} HTTP/1.1`, 'Host: x', 'Connection: close', 'Content-Length: 0'];
    const answer = await rawAnswer(world.server.port, `${lines.join('\r\n')}\r\n\r\n`);
    expectShape(answer);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      404,
      { ok: 0, code: 'unknown', retry: 0, t: NOW_UNIX },
    ]);
  });

  it('is not one that has a query, or is named with its host', async () => {
    await open();
    for (const target of [`${EVENTS}?x=1`, `http://tier.example${EVENTS}`]) {
      const { headers, body } = signedCall({ path: EVENTS, body: PAYMENT });
      const lines = Object.entries({ ...headers, 'Content-Length': String(body.length) });
      const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      const start = `POST ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${head}\r\n`;
      const answer = await rawAnswer(world.server.port, Buffer.concat([Buffer.from(start), body]));
      expect(answer.status).toBe(200);
    }
  });
});

describe('another method than POST', () => {
  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])(
    'is refused: %s',
    async (method) => {
      await open();
      for (const path of [EVENTS, STANDING, REGISTER]) {
        const lines = [`${method} ${path} HTTP/1.1`, 'Host: x', 'Connection: close', '', ''];
        const answer = await rawAnswer(world.server.port, lines.join('\r\n'));
        expectShape(answer);
        expect(answer.status).toBe(405);
        expect(answer.headers['allow']).toBe('POST');
        expect(JSON.parse(answer.text)).toMatchObject({ ok: 0, code: 'method', retry: 0 });
      }
    },
  );

  it('is refused without a body where there must be none', async () => {
    await open();
    const lines = [`HEAD ${EVENTS} HTTP/1.1`, 'Host: x', 'Connection: close', '', ''];
    const answer = await rawAnswer(world.server.port, lines.join('\r\n'));
    expect([answer.status, answer.text]).toEqual([405, '']);
  });
});

describe('a body that is too large', () => {
  it.each([8_193, 100_000, 1_000_100])(
    'is refused, and the answer can be read: %i bytes',
    async (size) => {
      await open();
      const body = Buffer.alloc(size, '9');
      expectOutcome(await world.call({ path: EVENTS, body }), [413, 'too-large', 0]);
      expectNothingKept(world);
    },
  );

  it('is a million-digit number too', async () => {
    await open();
    const body = JSON.stringify(PAYMENT).replace(':250', `:${'1'.repeat(1_000_000)}`);
    expectOutcome(await world.call({ path: EVENTS, body }), [413, 'too-large', 0]);
  });

  it('is refused without being read when it says that it is huge', async () => {
    await open();
    const start = `POST ${EVENTS} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n`;
    const answer = await rawAnswer(world.server.port, start);
    expectShape(answer);
    expect([answer.status, answer.headers['connection']]).toEqual([413, 'close']);
  });

  it('is found in chunks as well', async () => {
    await open();
    const chunk = `1000\r\n${'x'.repeat(4_096)}\r\n`;
    const start = `POST ${EVENTS} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n`;
    const sent = `${start}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(3)}0\r\n\r\n`;
    expect((await rawAnswer(world.server.port, sent)).status).toBe(413);
  });

  it('is one byte above 8 KiB: 8,192 are read, and judged by what they say', async () => {
    await open();
    const body = bytesOf(PAYMENT);
    const padded = Buffer.concat([body, Buffer.alloc(8_192 - body.length, ' ')]);
    expectOutcome(await world.call({ path: EVENTS, body: padded }), [200, 'stored', 0]);
  });
});

describe('a body that comes in another way', () => {
  it('is taken in chunks', async () => {
    await open();
    const { headers, body } = signedCall({ path: EVENTS, body: PAYMENT });
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${world.url}${EVENTS}`, { method: 'POST', headers }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode));
      });
      sent.on('error', reject);
      for (const byte of body) sent.write(Buffer.of(byte));
      sent.end();
    });
    expect(status).toBe(200);
    expect(world.reports.all()).toHaveLength(1);
  });

  it('is never unpacked', async () => {
    await open();
    const body = gzipSync(bytesOf(PAYMENT));
    const answer = await world.call({ path: EVENTS, body }, { 'content-encoding': 'gzip' });
    expectOutcome(answer, [400, 'malformed', 0]);
    expectNothingKept(world);
  });

  it('is read as JSON whatever type it claims to be', async () => {
    await open();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'nonsense']) {
      const answer = await world.call({ path: EVENTS, body: PAYMENT }, { 'content-type': type });
      expect(answer.status).toBe(200);
    }
  });

  it('is not believed when its sender goes away before the end', async () => {
    await open();
    const { headers, body } = signedCall({ path: EVENTS, body: PAYMENT });
    const all = Object.entries({
      ...headers,
      Host: 'x',
      'Content-Length': String(body.length + 1),
    });
    const head = all.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    await new Promise<void>((resolve) => {
      const socket = connect({ port: world.server.port, host: '127.0.0.1' }, () => {
        socket.write(`POST ${EVENTS} HTTP/1.1\r\n${head}\r\n`);
        socket.write(body, () => socket.destroy());
      });
      socket.on('close', () => resolve());
    });
    expect((await world.call()).status).toBe(200);
    expectNothingKept(world);
  });
});

describe('what is no HTTP', () => {
  it.each([
    ['nonsense', 'nonsense\r\n\r\n'],
    ['a bad length', `POST ${EVENTS} HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n`],
    ['a header without end', `POST ${EVENTS} HTTP/1.1\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['an unknown method', `FLY ${EVENTS} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ])('is answered in the shape too: %s', async (_what, sent) => {
    await open();
    const answer = await rawAnswer(world.server.port, sent);
    expectShape(answer);
    expect(answer.status).toBe(429);
    expect(JSON.parse(answer.text)).toEqual({ ok: 0, code: 'busy', retry: 20, t: NOW_UNIX });
  });

  it('is answered as usual without a Host, or with an expectation that nobody knows', async () => {
    await open();
    for (const line of ['X: y', 'Host: x\r\nExpect: miracles']) {
      const sent = `POST /api/inworld/x HTTP/1.1\r\n${line}\r\nConnection: close\r\n\r\n`;
      const answer = await rawAnswer(world.server.port, sent);
      expectShape(answer);
      expect(answer.status).toBe(404);
    }
  });
});
