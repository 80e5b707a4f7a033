/** Hints to boxes: signed, sent where a box listens, and never into our own network. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Box } from '../../../src/domain/box';
import type { HintReach } from '../../../src/flows/ports/hints-port';
import { isPublicAddress } from '../../../src/http/hints/hint-address';
import { createHintSender } from '../../../src/http/hints/hint-sender';
import { createManualClock, type ManualClock } from '../../support/manual-clock';
import { recordingLog, type LogLine } from '../../support/quiet-log';
import { until } from '../../../scripts/rehearsal/until';
import { startNameServer } from './name-server';
import { BOX_ID, NOW, NOW_UNIX, OBJECT, sampleBox, SECRET } from '../inworld/sample-estate';

let heard: { readonly request: IncomingMessage; readonly body: string }[];
let answers: boolean;
let server: Server;
let clock: ManualClock;
let lines: LogLine[];

beforeEach(async () => {
  [heard, answers, lines] = [[], true, []];
  clock = createManualClock(NOW);
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      heard.push({ request, body: Buffer.concat(parts).toString('utf8') });
      if (answers) response.writeHead(302, { location: '/elsewhere' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const here = (host = '127.0.0.1'): string =>
  `http://${host}:${(server.address() as AddressInfo).port}/cap/1234`;

function send(box: Partial<Box>, reach: HintReach = 'any'): Promise<void> {
  const sender = createHintSender({ reach, clock, log: recordingLog(lines) });
  return sender.send(sampleBox({ url: here(), ...box }));
}

it('is one flat object that the box can tell from all others by its secret', async () => {
  await send({});
  const [{ request, body } = { request: null, body: '{}' }] = heard;
  expect([request?.method, request?.url]).toEqual(['POST', '/cap/1234']);
  const said = JSON.parse(body) as Record<string, unknown>;
  const { nonce, sig, ...rest } = said;
  expect(rest).toEqual({ v: 1, do: 'poll', t: NOW_UNIX });
  const text = `SL1-HINT\npoll\n${NOW_UNIX}\n${String(nonce)}\n${BOX_ID}\n${OBJECT}`;
  expect(sig).toBe(`SL1=${createHmac('sha256', SECRET).update(text).digest('base64')}`);
});

it('has a nonce of its own each time, and follows no redirect', async () => {
  await send({});
  await send({});
  expect(heard.map(({ request }) => request.url)).toEqual(['/cap/1234', '/cap/1234']);
  expect(new Set(heard.map(({ body }) => body)).size).toBe(2);
});

it('gives up after five seconds, and that is no error', async () => {
  answers = false;
  const sent = send({});
  await until('the hint has arrived', () => heard.length === 1);
  await clock.advance(5_000);
  await sent;
  expect(lines).toEqual([
    { level: 'debug', fact: 'box not hinted', fields: { boxId: BOX_ID, error: 'Error' } },
  ]);
  expect(clock.waiting()).toBe(0);
});

it.each([
  ['by its number', '127.0.0.1'],
  ['by a name that leads there', 'localhost'],
  ['by a number in IPv6', '[::ffff:127.0.0.1]'],
])('does not reach into our own network %s', async (_way, host) => {
  await send({ url: here(host) }, 'public');
  expect(heard).toEqual([]);
  expect(lines).toMatchObject([{ fact: 'box not hinted', fields: { error: 'AddressRefused' } }]);
});

it('finds the box by its name where any address may be reached', async () => {
  await send({ url: here('localhost') });
  expect(heard).toHaveLength(1);
});

it('calls off the search for a name when its time is over', async () => {
  const names = await startNameServer({});
  let cancelled = 0;
  const newResolver = () => {
    const resolver = names.newResolver();
    const cancel = (): void => {
      cancelled += 1;
      resolver.cancel();
    };
    return {
      resolve4: (host: string) => resolver.resolve4(host),
      resolve6: (host: string) => resolver.resolve6(host),
      cancel,
    };
  };
  const sender = createHintSender({
    reach: 'public',
    clock,
    log: recordingLog(lines),
    newResolver,
  });
  const sent = sender.send(sampleBox({ url: 'http://mute.example/cap' }));
  await until('the name is asked for', () => names.asked.includes('mute.example'));
  await clock.advance(5_000);
  await sent;
  expect(cancelled).toBe(1);
  await names.close();
});

it('leaves a box alone for a while at whose address nobody is reached', async () => {
  const sender = createHintSender({ reach: 'public', clock, log: recordingLog(lines) });
  for (let n = 0; n < 5; n += 1) await sender.send(sampleBox({ url: here() }));
  expect(lines).toHaveLength(3);
  await clock.advance(60_000);
  await sender.send(sampleBox({ url: here() }));
  expect(lines).toHaveLength(4);
});

it('is not sent at all where hints are off, nor to a box without secret or address', async () => {
  await send({}, 'off');
  await send({ secrets: [] });
  await send({ url: null });
  expect(heard).toEqual([]);
});

it('shows neither the address nor a secret in the log', async () => {
  await send({});
  await send({ url: here('[::1]') }, 'public');
  expect(JSON.stringify(lines)).not.toMatch(/cap|EXAMPLE-ONLY/);
});

it.each([
  ['8.8.8.8', true],
  ['2606:4700:4700::1111', true],
  ['10.1.2.3', false],
  ['172.16.0.1', false],
  ['192.168.1.1', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['0.0.0.0', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::', false],
  ['fe80::1', false],
  ['fd00::1', false],
  ['::ffff:10.0.0.1', false],
  ['64:ff9b::a00:1', false],
  ['2002:a00:1::', false],
  ['::7f00:1', false],
  ['168.63.129.16', false],
  ['168.63.129.17', true],
  ['no address', false],
])('%s is a public address: %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic);
});
