import { parseAgentKey, parseTxId, parseUnitId } from '../../src/domain/ids';
import { instant, parseInstant } from '../../src/domain/time';
import { ProviderUnavailable, type ProviderApi } from '../../src/flows/ports/provider-port';
import { createProviderApi } from '../../src/provider/rest-client';
import { createManualClock, type ManualClock } from '../support/manual-clock';
import { createRecordedLog, type RecordedLog } from '../support/recorded-log';
import { answer, startScriptedRest, type ScriptedRest } from './scripted-rest';
import { AGENT, AT, transactionRow, unitRow } from './words';

const TOKEN = 'a-token-nobody-may-see';
const unitId = parseUnitId('unit-1');
const txId = parseTxId('tx-1');
let server: ScriptedRest;
let clock: ManualClock;
let log: RecordedLog;
let api: ProviderApi;

beforeEach(async () => {
  server = await startScriptedRest();
  clock = createManualClock(instant(Date.parse(AT)));
  log = createRecordedLog();
  api = createProviderApi({ baseUrl: server.baseUrl, token: TOKEN, clock, log });
});

afterEach(async () => {
  await server.stop();
  expect(clock.waiting()).toBe(0);
  expect(log.text()).not.toContain(TOKEN);
});

const expiry = {
  unitId,
  rentedUntil: parseInstant('2026-03-01T00:00:00Z'),
  tenant: { key: parseAgentKey(AGENT), name: 'Ada' },
  reason: 'paid on 19 February',
  ifVersion: 12,
  idempotencyKey: 'repair-7',
};
const lock = { unitId, locked: true, reason: 'evicted', ifVersion: 12 };

describe('asking the provider', () => {
  it('shows the token and takes the health as it is said', async () => {
    server.script(answer(200, { status: 'degraded', seq: 41, time: AT, extra: 1 }));
    expect(await api.health()).toEqual({ status: 'degraded', seq: 41, time: Date.parse(AT) });
    expect(server.received[0]).toMatchObject({ method: 'GET', url: '/v1/health' });
    expect(server.received[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it('finds one transaction and one unit, or none', async () => {
    server.script(answer(200, transactionRow()), answer(200, unitRow()), answer(404));
    expect(await api.transaction(txId)).toMatchObject({ txId, state: 'completed' });
    expect(await api.unit(unitId)).toMatchObject({ unitId, version: 12 });
    expect(await api.transaction(txId)).toBeNull();
    expect(await api.unit(unitId)).toBeNull();
  });

  it('believes no answer about another than was asked for', async () => {
    const another = { id: 'unit-2' };
    const answers = [transactionRow({ id: 'tx-2' }), unitRow(another), unitRow(another)];
    server.script(...answers.map((row) => answer(200, row)));
    const asked = [
      () => api.transaction(txId),
      () => api.unit(unitId),
      () => api.setExpiry(expiry),
    ];
    for (const ask of asked) await expect(ask()).rejects.toThrow(ProviderUnavailable);
  });

  it('writes ids into addresses so that they stay one part of them', async () => {
    server.script(answer(404));
    await api.transaction(parseTxId('a/b?c#d%e'));
    await api.unit(parseUnitId('../units'));
    expect(server.received.map(({ url }) => url)).toEqual([
      '/v1/transactions/a%2Fb%3Fc%23d%25e',
      '/v1/units/..%2Funits',
    ]);
    await expect(api.unit(parseUnitId('..'))).rejects.toThrow('No address can be made');
    expect(server.received).toHaveLength(2);
  });

  it('keeps a path that the base address has', async () => {
    server.script(answer(404));
    const baseUrl = `${server.baseUrl}/adapter/`;
    await createProviderApi({ baseUrl, token: TOKEN, clock, log }).unit(unitId);
    expect(server.received[0]?.url).toBe('/adapter/v1/units/unit-1');
  });

  it('pages through transactions by unit, time and cursor', async () => {
    const data = [transactionRow(), transactionRow({ id: 'tx-2' })];
    server.script(answer(200, { data, next: 'c 2', time: AT }));
    const page = await api.transactions({
      unitId: parseUnitId('u&1'),
      updatedAfter: parseInstant(AT),
      cursor: 'c=1',
      limit: 500,
    });
    expect(page).toMatchObject({ next: 'c 2', time: Date.parse(AT), unreadable: [] });
    expect(page.rows.map((row) => row.txId)).toEqual(['tx-1', 'tx-2']);
    const asked = new URL(server.received[0]?.url ?? '', server.baseUrl);
    expect(asked.pathname).toBe('/v1/transactions');
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      limit: '500',
      unit: 'u&1',
      updatedAfter: AT,
      cursor: 'c=1',
    });
  });

  it('pages through units, and asks for no more than it was told', async () => {
    server.script(answer(200, { data: [unitRow()], next: null, time: AT }));
    expect(await api.units({ limit: 1 })).toMatchObject({ rows: [{ unitId }], next: null });
    expect(server.received[0]?.url).toBe('/v1/units?limit=1');
    await expect(api.units({ limit: 501 })).rejects.toThrow(RangeError);
    await expect(api.transactions({ limit: 0 })).rejects.toThrow(RangeError);
  });

  it('puts rows aside that break the schema, with their id, and reads the others', async () => {
    const data = [
      transactionRow({ id: 'tx-bad', amount: -5, note: TOKEN }),
      'nonsense',
      transactionRow({ id: 'not an id' }),
      transactionRow({ id: 'tx-good' }),
    ];
    server.script(answer(200, { data, time: AT }));
    const page = await api.transactions({ limit: 500 });
    expect(page.rows.map((row) => row.txId)).toEqual(['tx-good']);
    expect(page.unreadable.map(({ id }) => id)).toEqual(['tx-bad', null, null]);
    expect(page.unreadable[0]?.fault).toContain('An L$ amount is a whole number');
    expect(page.unreadable[0]?.excerpt).toContain('"id":"tx-bad"');
    expect(page.unreadable[0]?.excerpt).toContain('[token]');
  });

  it('takes an empty next for the end, and a page that leads to itself for a fault', async () => {
    server.script(answer(200, { data: [], next: '', time: AT }));
    expect(await api.units({ limit: 5 })).toMatchObject({ next: null });
    server.script(answer(200, { data: [], next: 'c1', time: AT }));
    await expect(api.units({ limit: 5, cursor: 'c1' })).rejects.toThrow('leads back to itself');
  });
});

describe('changing a unit at the provider', () => {
  it('sets the expiry with the version it saw and a key that makes it once', async () => {
    server.script(answer(200, unitRow({ version: 13 })));
    expect(await api.setExpiry(expiry)).toMatchObject({ kind: 'changed', unit: { version: 13 } });
    const [sent] = server.received;
    expect(sent).toMatchObject({ method: 'PUT', url: '/v1/units/unit-1/expiry' });
    expect(sent?.headers).toMatchObject({
      'idempotency-key': 'repair-7',
      'content-type': 'application/json',
    });
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      rentedUntil: '2026-03-01T00:00:00.000Z',
      tenant: { key: AGENT, name: 'Ada' },
      reason: 'paid on 19 February',
      ifVersion: 12,
    });
  });

  it('names no tenant where none is to change', async () => {
    server.script(answer(200, unitRow()));
    await api.setExpiry({ ...expiry, tenant: null });
    expect(JSON.parse(server.received[0]?.body ?? '')).not.toHaveProperty('tenant');
  });

  it('locks the unit, without a key', async () => {
    server.script(answer(200, unitRow({ locked: true })));
    expect(await api.setLock(lock)).toMatchObject({ kind: 'changed', unit: { locked: true } });
    const [sent] = server.received;
    expect(sent).toMatchObject({ method: 'PUT', url: '/v1/units/unit-1/lock' });
    expect(sent?.headers).not.toHaveProperty('idempotency-key');
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      locked: true,
      reason: 'evicted',
      ifVersion: 12,
    });
  });

  it.each([
    [409, { kind: 'stale' }],
    [501, { kind: 'by-hand' }],
    [404, { kind: 'no-such-unit' }],
  ])('tells %i apart as an outcome, asked once', async (status, outcome) => {
    server.script(answer(status, { title: 'No' }));
    expect(await api.setExpiry(expiry)).toEqual(outcome);
    expect(await api.setLock(lock)).toEqual(outcome);
    expect(server.received).toHaveLength(2);
  });

  it.each([400, 403, 405, 422])('leaves to a person what it refuses with %i', async (status) => {
    server.script(answer(status, { title: `Not by ${TOKEN}` }));
    const refusal = `PUT /v1/units/{id}/expiry answered ${status} (Not by [token]).`;
    expect(await api.setExpiry(expiry)).toEqual({ kind: 'by-hand', refusal });
    expect(server.received).toHaveLength(1);
  });
});
