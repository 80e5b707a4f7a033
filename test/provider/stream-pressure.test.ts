import { instant } from '../../src/domain/time';
import type { StreamConnection, StreamSignal } from '../../src/flows/ports/provider-port';
import { createStatusStream } from '../../src/provider/status-stream';
import type { StreamLimits } from '../../src/provider/stream/stream-link';
import { createManualClock, type ManualClock } from '../support/manual-clock';
import { createRecordedLog, type RecordedLog } from '../support/recorded-log';
import {
  hello,
  startScriptedStream,
  type ScriptedLink,
  type ScriptedStream,
} from './scripted-stream';
import { readAll } from './stream-reader';
import { until } from './until';
import { AT, eventFrame } from './words';

const EVENTS = 400;
const CAPACITY = 10;
let server: ScriptedStream;
let clock: ManualClock;
let log: RecordedLog;
let link: StreamConnection;
let served: ScriptedLink;

beforeEach(async () => {
  server = await startScriptedStream();
  clock = createManualClock(instant(Date.parse(AT)));
  log = createRecordedLog();
});

/** A server that has sent far more than any kernel buffers, to a follower that has read nothing. */
async function pressed(bound: Partial<StreamLimits>): Promise<void> {
  const { baseUrl } = server;
  const limits = { ...bound, batchSignals: 6 };
  link = createStatusStream({ baseUrl, token: 'token', clock, log, limits }).connect(null);
  served = await server.subscribed();
  served.send(hello());
  for (let seq = 11; seq < 11 + EVENTS; seq += 1) {
    served.send(eventFrame(seq, { padding: 'x'.repeat(60_000) }));
  }
  await until('reading stops', () => log.facts().includes('stream reading paused'));
}

afterEach(async () => {
  link.close();
  await server.stop();
  expect(clock.waiting()).toBe(0);
});

describe.each([
  ['counted in signals', { queueSignals: CAPACITY }],
  ['counted in bytes', { queueBytes: CAPACITY * 60_000 }],
])('a follower that stores more slowly than the provider sends, %s', (_how, bound) => {
  beforeEach(() => pressed(bound));

  it('stops reading, and holds no more than its queue and one chunk of the socket', async () => {
    const unsent = await stillUnsent();
    expect(unsent).toBeGreaterThan(1_000_000);
    const turns = link.signals[Symbol.asyncIterator]();
    const held: StreamSignal[] = [];
    // Six frames a turn: the queue is half empty, and reading goes on, after the second.
    while (!log.facts().includes('stream reading resumed')) {
      const turn = await turns.next();
      if (turn.done === true) throw new Error('The link ended.');
      expect(turn.value.length).toBeGreaterThan(0);
      expect(turn.value.length).toBeLessThanOrEqual(6);
      held.push(...turn.value);
    }
    expect(held.length).toBeLessThanOrEqual(CAPACITY + 3);
  });

  it('loses nothing, changes no order, and reads again as soon as there is room', async () => {
    const reader = readAll(link);
    const signals = await reader.heard(1 + EVENTS);
    const seqs = signals.slice(1).map((signal) => (signal.kind === 'transaction' ? signal.seq : 0));
    expect(seqs).toEqual(Array.from({ length: EVENTS }, (_, n) => 11 + n));
    served.send(eventFrame(11 + EVENTS));
    await reader.heard(2 + EVENTS);
  });

  it('does not take its own slowness for a dead link', async () => {
    await stillUnsent();
    await clock.advance(3_600_000);
    expect(log.facts()).not.toContain('stream link ended');
    const reader = readAll(link);
    await reader.heard(1 + EVENTS);
    expect(reader.end).toBeNull();
    await clock.advance(2_500);
    expect(await reader.ended()).toMatchObject({ reason: 'No frame for 2500 ms.' });
  });

  it('can leave while it is not reading', async () => {
    link.close();
    expect(await link.end).toMatchObject({ reason: 'Closed by us.' });
    await until('the server sees it', () => served.socket.readyState === served.socket.CLOSED);
  });
});

/** What the server cannot get rid of, once that has come to rest. */
async function stillUnsent(): Promise<number> {
  let unsent = -1;
  let turns = 0;
  await until('the server is stuck', () => {
    turns = served.socket.bufferedAmount === unsent ? turns + 1 : 0;
    unsent = served.socket.bufferedAmount;
    return turns > 200;
  });
  return unsent;
}
