import { parseUnitId } from '../../src/domain/ids';
import { instant } from '../../src/domain/time';
import type { ProviderApi } from '../../src/flows/ports/provider-port';
import { createProviderApi } from '../../src/provider/rest-client';
import type { RestLimits } from '../../src/provider/rest/rest-call';
import { retryAfterMs } from '../../src/provider/rest/retry-after';
import { createManualClock, type ManualClock } from '../support/manual-clock';
import { createRecordedLog, type RecordedLog } from '../support/recorded-log';
import { answer, startScriptedRest, type Answering, type ScriptedRest } from './scripted-rest';
import { until } from './until';
import { unitRow } from './words';

const START = instant(Date.UTC(2026, 1, 19, 16, 57));
const unitId = parseUnitId('unit-1');
const found = answer(200, unitRow());
let server: ScriptedRest;
let clock: ManualClock;
let log: RecordedLog;
let api: ProviderApi;

beforeEach(async () => {
  server = await startScriptedRest();
  clock = createManualClock(START);
  log = createRecordedLog();
  api = apiWith({});
});

afterEach(async () => {
  await server.stop();
  expect(clock.waiting()).toBe(0);
});

/** No jitter: only what the provider asks for is waited. */
function apiWith(limits: Partial<RestLimits>): ProviderApi {
  const random = (): number => 0;
  return createProviderApi({ baseUrl: server.baseUrl, token: 'token', clock, log, random, limits });
}

const pausing = () =>
  until('the client pauses', () => log.facts().includes('provider call repeated'));
const asked = (count: number) =>
  until(`the provider is asked ${count} times`, () => server.received.length === count);

describe('a provider that asks for a pause', () => {
  it.each([
    ['seconds', 429, '7'],
    ['a date', 429, 'Thu, 19 Feb 2026 16:57:07 GMT'],
    ['seconds, out of order', 503, '7'],
  ])('is obeyed: %s', async (_, status, header) => {
    server.script(answer(status, {}, { 'retry-after': header }), found);
    const call = api.unit(unitId);
    await pausing();
    await clock.advance(6_999);
    expect(server.received).toHaveLength(1);
    await clock.advance(1);
    expect(await call).toMatchObject({ unitId });
  });

  it('is obeyed by every call, not only by the one that was told', async () => {
    server.script(answer(429, {}, { 'retry-after': '7' }), found);
    const first = api.unit(unitId);
    await pausing();
    const second = api.unit(unitId);
    await clock.advance(6_999);
    expect(server.received).toHaveLength(1);
    await clock.advance(1);
    await Promise.all([first, second]);
    expect(server.received).toHaveLength(3);
  });

  it('cannot send us away for longer than half a minute at a time', async () => {
    server.script(answer(429, {}, { 'retry-after': '86400' }), found);
    const call = api.unit(unitId);
    await pausing();
    await clock.advance(30_000);
    expect(await call).toMatchObject({ unitId });
  });

  it('is given up at once when the pause would outlast the call', async () => {
    server.script(answer(429, {}, { 'retry-after': '30' }));
    api = apiWith({ totalMs: 20_000 });
    await expect(api.unit(unitId)).rejects.toMatchObject({
      name: 'ProviderUnavailable',
      mayRetry: true,
    });
    expect(server.received).toHaveLength(1);
  });

  it.each<[string | null, number | null]>([
    ['0', 0],
    [' 120 ', 120_000],
    ['Thu, 19 Feb 2026 16:57:30 GMT', 30_000],
    ['Thursday, 19-Feb-26 16:57:30 GMT', 30_000],
    ['Thu, 19 Feb 2026 16:00:00 GMT', 0],
    [null, null],
    ['', null],
    ['-5', null],
    ['1.5', null],
    ['2026', 2_026_000],
    ['soon', null],
    ['99999999999999', null],
  ])('means by Retry-After %j: %j ms', (header, ms) => {
    expect(retryAfterMs(header, START)).toBe(ms);
  });
});

describe('many calls at once', () => {
  it('are never more than eight in flight, and all are answered', async () => {
    const waiting: (() => void)[] = [];
    const held: Answering = (response) => {
      waiting.push(() => found(response, server.received[0] ?? never()));
    };
    server.script(held);
    const calls = Array.from({ length: 20 }, () => api.unit(unitId));
    for (let answered = 0; answered < 20; answered += 1) {
      await asked(Math.min(20, 8 + answered));
      waiting.shift()?.();
    }
    expect(await Promise.all(calls)).toHaveLength(20);
    expect(server.open.most).toBe(8);
  });

  it('are refused when even the waiting places are taken', async () => {
    api = apiWith({ inFlight: 1, waiting: 2 });
    let release = (): void => undefined;
    server.script((response) => {
      release = () => found(response, server.received[0] ?? never());
    }, found);
    const calls = [api.unit(unitId), api.unit(unitId), api.unit(unitId)];
    await asked(1);
    await expect(api.unit(unitId)).rejects.toMatchObject({
      name: 'ProviderUnavailable',
      message: 'More than 2 calls are waiting.',
    });
    release();
    expect(await Promise.all(calls)).toHaveLength(3);
  });

  it('do not wait for ever: a place that never comes free ends with the call', async () => {
    api = apiWith({ inFlight: 1, attemptMs: 3_600_000, totalMs: 60_000 });
    server.script(() => undefined);
    const calls = [api.unit(unitId), api.unit(unitId)].map((call) => call.catch((e: Error) => e));
    await asked(1);
    await clock.advance(60_000);
    for (const error of await Promise.all(calls)) {
      expect(error).toMatchObject({ name: 'ProviderUnavailable', mayRetry: true });
    }
  });

  it('give their place up while they pause between attempts', async () => {
    api = apiWith({ inFlight: 1 });
    server.script(answer(503, {}, { 'retry-after': '7' }), found);
    const first = api.unit(unitId);
    await pausing();
    expect(await api.unit(unitId)).toMatchObject({ unitId });
    await clock.advance(7_000);
    expect(await first).toMatchObject({ unitId });
  });
});

function never(): never {
  throw new Error('No request came.');
}
