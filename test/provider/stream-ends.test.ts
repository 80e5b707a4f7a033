import { instant } from '../../src/domain/time';
import type { StreamConnection } from '../../src/flows/ports/provider-port';
import { createStatusStream } from '../../src/provider/status-stream';
import { createManualClock, type ManualClock } from '../support/manual-clock';
import { startMuteServer } from './mute-server';
import { createRecordedLog, type RecordedLog } from '../support/recorded-log';
import { hello, startScriptedStream, type ScriptedStream } from './scripted-stream';
import { readAll, type StreamReader } from './stream-reader';
import { until } from './until';
import { AT, eventFrame } from './words';

const TOKEN = 'a-token-nobody-may-see';
let server: ScriptedStream;
let clock: ManualClock;
let log: RecordedLog;
let link: StreamConnection;

beforeEach(async () => {
  server = await startScriptedStream();
  clock = createManualClock(instant(Date.parse(AT)));
  log = createRecordedLog();
  link = createStatusStream({ baseUrl: server.baseUrl, token: TOKEN, clock, log }).connect(null);
});

afterEach(async () => {
  link.close();
  await server.stop();
  expect(clock.waiting()).toBe(0);
  expect(log.text()).not.toContain(TOKEN);
});

/** A link that has got its hello: one heartbeat a second. */
async function greeted(): Promise<StreamReader> {
  const reader = readAll(link);
  (await server.subscribed()).send(hello());
  await reader.heard(1);
  return reader;
}

describe('a link that falls silent with the socket open', () => {
  it('is given up two and a half heartbeats after its last frame, with no handshake', async () => {
    const reader = await greeted();
    const served = await server.subscribed();
    await clock.advance(2_499);
    expect(reader.end).toBeNull();
    served.send({ op: 'heartbeat', seq: 10, time: AT });
    await reader.heard(2);
    await clock.advance(2_499);
    expect(reader.end).toBeNull();
    // The server never answers a closing handshake: only a terminated socket ends at once.
    served.socket.pause();
    await clock.advance(1);
    expect(await reader.ended()).toEqual({
      code: null,
      reason: 'No frame for 2500 ms.',
      retry: 'backoff',
      retryMs: null,
    });
  });

  it('counts garbage as a sign of life, and a bare ping as none', async () => {
    const reader = await greeted();
    const { send, socket } = await server.subscribed();
    await clock.advance(2_000);
    send('garbage');
    await reader.heard(2);
    await clock.advance(2_000);
    let pongs = 0;
    socket.on('pong', () => (pongs += 1));
    socket.ping();
    await until('the ping is answered', () => pongs === 1);
    await clock.advance(500);
    expect(await reader.ended()).toMatchObject({ reason: 'No frame for 2500 ms.' });
  });

  it('is given up ten seconds after subscribing when no hello comes', async () => {
    const reader = readAll(link);
    const { send } = await server.subscribed();
    send({ op: 'heartbeat', seq: 1, time: AT });
    send('garbage');
    await reader.heard(2);
    await clock.advance(9_999);
    expect(reader.end).toBeNull();
    await clock.advance(1);
    expect(await reader.ended()).toMatchObject({ code: null, reason: 'No hello within 10000 ms.' });
  });

  it('is given up when dialling itself hangs', async () => {
    link.close();
    const mute = await startMuteServer();
    link = createStatusStream({ baseUrl: mute.baseUrl, token: TOKEN, clock, log }).connect(null);
    const reader = readAll(link);
    await until('it is dialled', () => mute.calls() === 1);
    await clock.advance(10_000);
    expect(await reader.ended()).toMatchObject({ reason: 'No connection within 10000 ms.' });
    await mute.stop();
  });
});

describe('a link that is closed', () => {
  it.each([
    { code: 4001, said: '', reason: 'bad token', retry: 'never' },
    { code: 4001, said: 'no such token', reason: 'no such token', retry: 'never' },
    { code: 4002, said: '', reason: 'protocol error', retry: 'backoff' },
    { code: 4008, said: '', reason: 'slow reader', retry: 'backoff' },
    { code: 1012, said: '', reason: 'restart', retry: 'backoff' },
    { code: 1000, said: '', reason: 'closed', retry: 'backoff' },
    { code: 1011, said: 'oops', reason: 'oops', retry: 'backoff' },
  ])('with $code "$said" is tried again: $retry', async ({ code, said, reason, retry }) => {
    const reader = await greeted();
    (await server.subscribed()).socket.close(code, said);
    expect(await reader.ended()).toEqual({ code, reason, retry, retryMs: null });
  });

  it('carries what the bye asked for', async () => {
    const reader = await greeted();
    const { send, socket } = await server.subscribed();
    send({ op: 'bye', reason: 'update', retryMs: 4_000 });
    socket.close(1012);
    expect(await reader.ended()).toMatchObject({ code: 1012, retryMs: 4_000 });
    expect(reader.signals.at(-1)).toMatchObject({ kind: 'bye', reason: 'update' });
  });

  it('has no code when it broke, or was closed without one', async () => {
    const reader = await greeted();
    (await server.subscribed()).socket.terminate();
    const broken = { code: null, reason: 'the link broke', retry: 'backoff', retryMs: null };
    expect(await reader.ended()).toEqual(broken);
  });

  it('still hands on everything that had been read', async () => {
    const { send, socket } = await server.subscribed();
    send(hello());
    for (let seq = 11; seq <= 50; seq += 1) send(eventFrame(seq));
    socket.close(1012);
    await until('the link ends', () => log.facts().includes('stream link ended'));
    const reader = readAll(link);
    expect(await reader.ended()).toMatchObject({ code: 1012 });
    expect(reader.signals).toHaveLength(41);
  });

  it('repeats no token that the server put into its reason', async () => {
    const reader = await greeted();
    (await server.subscribed()).socket.close(4001, `bad: ${TOKEN}`);
    expect(await reader.ended()).toMatchObject({ reason: 'bad: [token]' });
  });
});

describe('a link that we leave', () => {
  it('ends at once and drops what waits, so that a lost lease writes nothing more', async () => {
    const { send } = await server.subscribed();
    send(hello());
    for (let seq = 11; seq <= 50; seq += 1) send(eventFrame(seq));
    const turns = link.signals[Symbol.asyncIterator]();
    const first = await turns.next();
    expect(first.done).toBe(false);
    link.close();
    link.close();
    expect(await turns.next()).toEqual({ done: true, value: undefined });
    expect(await link.end).toMatchObject({ code: null, reason: 'Closed by us.' });
  });

  it('ends when the reader breaks out of the loop', async () => {
    const served = await server.subscribed();
    served.send(hello());
    for await (const batch of link.signals) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
    expect(await link.end).toMatchObject({ reason: 'The reader left.' });
    await until('the server sees it', () => served.socket.readyState === served.socket.CLOSED);
  });

  it('wakes a reader that waits for the next frame', async () => {
    const reader = await greeted();
    link.close();
    expect(await reader.ended()).toMatchObject({ reason: 'Closed by us.' });
  });
});
