import { parseStreamId } from '../../src/domain/ids';
import { instant } from '../../src/domain/time';
import type { StreamConnection, StreamCursor } from '../../src/flows/ports/provider-port';
import { createStatusStream } from '../../src/provider/status-stream';
import type { StreamLimits } from '../../src/provider/stream/stream-link';
import { createManualClock, type ManualClock } from '../support/manual-clock';
import { createRecordedLog, type RecordedLog } from '../support/recorded-log';
import { hello, startScriptedStream, type ScriptedStream } from './scripted-stream';
import { readAll } from './stream-reader';
import { until } from './until';
import { AT, eventFrame, transactionRow, unitRow } from './words';

const TOKEN = 'a-token-nobody-may-see';
const cursor: StreamCursor = { streamId: parseStreamId('s1'), seq: 10 };
let server: ScriptedStream;
let clock: ManualClock;
let log: RecordedLog;
let link: StreamConnection | null = null;

beforeEach(async () => {
  server = await startScriptedStream();
  clock = createManualClock(instant(Date.parse(AT)));
  log = createRecordedLog();
});

afterEach(async () => {
  link?.close();
  await server.stop();
  expect(clock.waiting()).toBe(0);
  expect(log.text()).not.toContain(TOKEN);
});

function connect(from: StreamCursor | null, limits: Partial<StreamLimits> = {}): StreamConnection {
  const { baseUrl } = server;
  link = createStatusStream({ baseUrl, token: TOKEN, clock, log, limits }).connect(from);
  return link;
}

describe('opening the status stream', () => {
  it('shows the token, and subscribes after the cursor with its first frame', async () => {
    connect(cursor);
    const { request, received } = await server.subscribed();
    expect(request.url).toBe('/v1/stream');
    expect(request.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(received).toEqual([{ op: 'subscribe', stream: 's1', after: 10 }]);
  });

  it('subscribes from now on when there is no cursor', async () => {
    connect(null);
    expect((await server.subscribed()).received).toEqual([
      { op: 'subscribe', stream: null, after: null },
    ]);
  });

  it('hands on every frame in the order in which it was read', async () => {
    const reader = readAll(connect(cursor));
    const { send } = await server.subscribed();
    send(hello());
    send({ op: 'gap', oldest: 4 });
    send(eventFrame(11));
    send(eventFrame(13, { type: 'unit', data: unitRow() }));
    send(eventFrame(12, { type: 'weather', data: {} }));
    send({ op: 'heartbeat', seq: 13, time: AT });
    send({ op: 'bye', reason: 'update', retryMs: 1_500 });
    const kinds = (await reader.heard(7)).map((signal) => signal.kind);
    expect(kinds).toEqual(['hello', 'gap', 'transaction', 'unit', 'notice', 'heartbeat', 'bye']);
  });

  it('acknowledges what is stored, and says nothing on a link that has ended', async () => {
    const connection = connect(cursor);
    const served = await server.subscribed();
    connection.ack(12);
    await until('the ack arrives', () => served.received.length === 2);
    expect(served.received[1]).toEqual({ op: 'ack', seq: 12 });
    connection.close();
    expect(() => connection.ack(13)).not.toThrow();
  });

  it('never throws: a server that is not there is a link that ends', async () => {
    const reader = readAll(connect(cursor));
    await server.subscribed();
    await server.stop();
    await reader.ended();
    const again = readAll(connect(cursor));
    expect(await again.ended()).toMatchObject({ code: null, retry: 'backoff' });
    server = await startScriptedStream();
  });

  it('never throws: a token that no header can hold is a link that ends, unseen', async () => {
    const { baseUrl } = server;
    const token = `${TOKEN}\nx`;
    link = createStatusStream({ baseUrl, token, clock, log }).connect(cursor);
    const end = await readAll(link).ended();
    expect(end).toMatchObject({ code: null, retry: 'backoff' });
    expect(JSON.stringify(end)).not.toContain(TOKEN);
  });

  it('refuses an address that is none, without repeating what it holds', () => {
    for (const baseUrl of ['', 'ftp://127.0.0.1', 'http://ada:secret@127.0.0.1', 'http://a/?b=c']) {
      const open = (): unknown => createStatusStream({ baseUrl, token: TOKEN, clock, log });
      expect(open).toThrow(TypeError);
      expect(open).not.toThrow(/secret/);
    }
  });
});

describe('frames that cannot be read', () => {
  it('are signals of their own, are logged with their number, and stop nothing', async () => {
    const reader = readAll(connect(cursor));
    const { send, socket } = await server.subscribed();
    send(hello());
    send('}{ garbage');
    send(eventFrame(11, { data: transactionRow({ amount: null }) }));
    socket.send(Buffer.from([1, 2, 3]));
    socket.send(Buffer.from([0xff, 0xfe, 0x00]), { binary: false });
    send(hello({ seq: 99 }));
    send(eventFrame(12));
    const signals = await reader.heard(7);
    expect(signals.map((signal) => signal.kind)).toEqual([
      'hello',
      ...Array<string>(5).fill('unreadable'),
      'transaction',
    ]);
    expect(signals[2]).toMatchObject({ seq: 11, txId: 'tx-1', unitId: 'unit-1' });
    const lines = log.lines.filter(({ fact }) => fact === 'stream frame unreadable');
    expect(lines.map(({ fields }) => fields['seq'])).toEqual([null, 11, null, null, 99]);
  });

  it('are counted, and not all told of, when a provider sends hardly anything else', async () => {
    const reader = readAll(connect(cursor));
    const { send } = await server.subscribed();
    const told = () => log.lines.filter(({ fact }) => fact === 'stream frame unreadable');
    send(hello());
    for (let n = 0; n < 100; n += 1) send('garbage');
    await reader.heard(101);
    expect(told()).toHaveLength(60);
    link?.close();
    expect(told()).toHaveLength(61);
    expect(told().at(-1)?.fields).toEqual({ unsaid: 40 });
  });

  it('are passed over when too long, so that a replayed one cannot end every link', async () => {
    const reader = readAll(connect(cursor));
    const { send } = await server.subscribed();
    send(hello());
    send(eventFrame(11, { padding: 'x'.repeat(70_000) }));
    send(eventFrame(12));
    const signals = await reader.heard(3);
    expect(signals[1]).toMatchObject({ kind: 'unreadable', seq: 11, txId: 'tx-1' });
    expect(signals[2]).toMatchObject({ kind: 'transaction', seq: 12 });
  });

  it('end the link above a mebibyte, and say so', async () => {
    const reader = readAll(connect(cursor));
    const { send } = await server.subscribed();
    send(hello());
    send('x'.repeat(1024 * 1024 + 1));
    expect(await reader.ended()).toMatchObject({ code: null, retry: 'backoff' });
    expect(reader.signals[1]).toMatchObject({ kind: 'unreadable', seq: null, excerpt: '' });
  });

  it('are kept aside without the token, should the provider repeat it', async () => {
    const reader = readAll(connect(cursor));
    const { send } = await server.subscribed();
    send(`not json, ${TOKEN}`);
    expect((await reader.heard(1))[0]).toMatchObject({ excerpt: 'not json, [token]' });
  });
});
