import { parseUnitId } from '../../src/domain/ids';
import { instant } from '../../src/domain/time';
import { ProviderUnavailable, type ProviderApi } from '../../src/flows/ports/provider-port';
import { createProviderApi } from '../../src/provider/rest-client';
import type { RestLimits } from '../../src/provider/rest/rest-call';
import { createManualClock, type ManualClock } from '../support/manual-clock';
import { createRecordedLog, type RecordedLog } from '../support/recorded-log';
import {
  answer,
  hangUp,
  silence,
  startScriptedRest,
  type Answering,
  type ScriptedRest,
} from './scripted-rest';
import { until } from './until';
import { AT, unitRow } from './words';

const TOKEN = 'a-token-nobody-may-see';
const unitId = parseUnitId('unit-1');
const found = answer(200, unitRow());
let server: ScriptedRest;
let clock: ManualClock;
let log: RecordedLog;
let api: ProviderApi;

beforeEach(async () => {
  server = await startScriptedRest();
  clock = createManualClock(instant(Date.parse(AT)));
  log = createRecordedLog();
  api = apiWith({});
});

afterEach(async () => {
  await server.stop();
  expect(clock.waiting()).toBe(0);
  expect(log.text()).not.toContain(TOKEN);
});

/** Jitter takes the whole backoff: 250 ms, 500 ms, 1 s. */
function apiWith(limits: Partial<RestLimits>): ProviderApi {
  const random = (): number => 1;
  return createProviderApi({ baseUrl: server.baseUrl, token: TOKEN, clock, log, random, limits });
}

const repeats = () => log.lines.filter(({ fact }) => fact === 'provider call repeated');
const repeated = (count: number) =>
  until(`the client pauses for the ${count}. time`, () => repeats().length === count);

async function refusal(call: Promise<unknown>): Promise<ProviderUnavailable> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderUnavailable)) throw new Error(`It came to ${String(error)}.`);
  expect(`${error.message} ${String(error.cause)} ${error.stack}`).not.toContain(TOKEN);
  return error;
}

describe('a provider in trouble', () => {
  it.each<[string, Answering]>([
    ['500', answer(500)],
    ['502 in HTML', answer(502, '<h1>Bad gateway</h1>', { 'content-type': 'text/html' })],
    ['503', answer(503)],
    ['429', answer(429)],
    ['a connection that breaks', hangUp],
  ])('is asked again after a short pause: %s', async (_, trouble) => {
    server.script(trouble, trouble, found);
    const call = api.unit(unitId);
    await repeated(1);
    await clock.advance(250);
    await repeated(2);
    expect(server.received).toHaveLength(2);
    await clock.advance(500);
    expect(await call).toMatchObject({ unitId });
    expect(repeats().map(({ fields }) => fields['waitMs'])).toEqual([250, 500]);
  });

  it('is asked again when it breaks off in the middle of an answer', async () => {
    const half: Answering = (response) => {
      response.writeHead(200, { 'content-length': '5000' });
      response.write('{"id":');
      setImmediate(() => response.destroy());
    };
    server.script(half, found);
    const call = api.unit(unitId);
    await repeated(1);
    await clock.advance(250);
    expect(await call).toMatchObject({ unitId });
  });

  it('is given up after four attempts, with what it said and no token', async () => {
    const problem = { title: 'Out of order', detail: `for ${TOKEN}` };
    server.script(answer(503, problem, { 'content-type': 'application/problem+json' }));
    const call = refusal(api.unit(unitId));
    for (const [n, ms] of [250, 500, 1_000].entries()) {
      await repeated(n + 1);
      await clock.advance(ms);
    }
    const error = await call;
    expect(error.mayRetry).toBe(true);
    expect(error.message).toBe('GET /v1/units/{id} answered 503 (Out of order: for [token]).');
    expect(server.received).toHaveLength(4);
  });

  it('is given up at once, and not to be tried again, when it refuses the token', async () => {
    server.script(answer(401));
    expect((await refusal(api.unit(unitId))).mayRetry).toBe(false);
    expect(server.received).toHaveLength(1);
  });

  it.each<[string, Answering, RegExp]>([
    ['a call it does not have', answer(501), /no-such-call/],
    ['that this is not for us', answer(403), /403/],
    ['a request it does not like', answer(400, { title: 'Bad cursor' }), /400 \(Bad cursor\)/],
    ['a redirect, which could lead the token astray', redirect, /302/],
    ['what is no JSON', answer(200, '<html>'), /no JSON/],
    ['nothing', answer(200, ''), /no JSON/],
    ['a row that breaks the schema', answer(200, unitRow({ version: 'x' })), /version/],
    ['an endless problem', answer(422, { title: 'x'.repeat(100_000) }), /answered 422\.$/],
  ])('is asked once when it answers with %s', async (_, answering, message) => {
    server.script(answering);
    const error = await refusal(api.unit(unitId));
    expect(error.message).toMatch(message);
    expect(error.mayRetry).toBe(true);
    expect(server.received).toHaveLength(1);
  });

  it('is not read beyond what we are willing to hold', async () => {
    api = apiWith({ bodyBytes: 100_000 });
    server.script(answer(200, unitRow({ padding: 'x'.repeat(100_000) })));
    const error = await refusal(api.unit(unitId));
    expect(error.message).toBe('An answer is longer than 100000 bytes.');
    expect(server.received).toHaveLength(1);
    server.script(found);
    expect(await api.unit(unitId)).toMatchObject({ unitId });
  });

  it('is out of reach when nobody listens there', async () => {
    await server.stop();
    const call = refusal(api.unit(unitId));
    for (const [n, ms] of [250, 500, 1_000].entries()) {
      await repeated(n + 1);
      await clock.advance(ms);
    }
    expect((await call).message).toContain('ECONNREFUSED');
    server = await startScriptedRest();
  });

  it('is never shown a token that no header can hold, and neither is the log', async () => {
    const token = `${TOKEN}\nx`;
    const limits = { attempts: 1 };
    const { baseUrl } = server;
    api = createProviderApi({ baseUrl, token, clock, log, limits });
    await refusal(api.unit(unitId));
    expect(server.received).toHaveLength(0);
  });
});

describe('a provider that is slow', () => {
  it('is asked again when it has not answered within ten seconds', async () => {
    server.script(silence, found);
    const call = api.unit(unitId);
    await until('it is asked', () => server.received.length === 1);
    await clock.advance(9_999);
    expect(repeats()).toHaveLength(0);
    await clock.advance(1);
    await repeated(1);
    await clock.advance(250);
    expect(await call).toMatchObject({ unitId });
  });

  it('has those ten seconds for its whole answer, not for the first byte', async () => {
    const drip: Answering = (response) => {
      response.writeHead(200);
      response.write('{');
    };
    server.script(drip, found);
    const call = api.unit(unitId);
    await until('it is asked', () => server.received.length === 1);
    await clock.advance(10_000);
    await repeated(1);
    await clock.advance(250);
    expect(await call).toMatchObject({ unitId });
  });

  it('is believed about the token even when the rest of its answer never comes', async () => {
    server.script((response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.write('{"title":');
    });
    const call = refusal(api.unit(unitId));
    await until('it is asked', () => server.received.length === 1);
    await clock.advance(10_000);
    expect((await call).mayRetry).toBe(false);
  });

  it('is given up after a minute in all', async () => {
    api = apiWith({ attempts: 100 });
    server.script(silence);
    const call = refusal(api.unit(unitId));
    for (const [n, ms] of [250, 500, 1_000, 2_000, 4_000].entries()) {
      await until('it is asked', () => server.received.length === n + 1);
      await clock.advance(10_000);
      await repeated(n + 1);
      await clock.advance(ms);
    }
    await until('it is asked', () => server.received.length === 6);
    await clock.advance(2_250);
    expect((await call).message).toBe('GET /v1/units/{id} was not answered within 60000 ms.');
  });

  it('is left alone at once when the caller gives up', async () => {
    server.script(silence);
    const giveUp = new AbortController();
    const call = api.unit(unitId, giveUp.signal);
    await until('it is asked', () => server.received.length === 1);
    const reason = new Error('The service stops.');
    giveUp.abort(reason);
    await expect(call).rejects.toBe(reason);
    await until('the request is broken off', () => server.open.now === 0);
    await expect(api.unit(unitId, giveUp.signal)).rejects.toBe(reason);
    expect(server.received).toHaveLength(1);
  });
});

function redirect(response: Parameters<Answering>[0]): void {
  response.writeHead(302, { location: 'http://127.0.0.1:9/' });
  response.end();
}
