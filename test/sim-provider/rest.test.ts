import { ALICE, START, startRig, stopRigs, TOKEN, type Json, type Rig } from './rig';

afterEach(stopRigs);

const ids = (rows: readonly Json[]): unknown[] => rows.map((row) => row['id']);

/** `howMany` payments, a second apart, each completed. */
async function payEachSecond(rig: Rig, unit: string, howMany: number): Promise<string[]> {
  const made: string[] = [];
  for (let n = 0; n < howMany; n += 1) {
    made.push(rig.control.pay({ unit, payer: ALICE, amount: 1 }).id);
    await rig.clock.advance(1_000);
  }
  return made;
}

describe('the door of the REST API', () => {
  it.each([undefined, 'Bearer wrong', `Basic ${TOKEN}`, 'Bearer'])(
    'answers 401 to the authorization %s',
    async (authorization) => {
      const { url } = await startRig();
      const headers = authorization === undefined ? {} : { authorization };
      const response = await fetch(`${url}/v1/health`, { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('content-type')).toMatch('application/problem+json');
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    },
  );

  it('tells its health, its highest number and its time', async () => {
    const { call, control } = await startRig();
    control.addUnit();
    const { status, body } = await call('/v1/health');
    expect(status).toBe(200);
    expect(body).toEqual({ status: 'ok', seq: 1, time: '2026-03-01T12:00:00.000Z' });
    control.setFaults({ stall: true });
    expect((await call('/v1/health')).body['status']).toBe('degraded');
  });

  it.each([
    ['GET', '/v1/transactions/tx-unknown', 404],
    ['GET', '/v1/units/unknown', 404],
    ['GET', '/v1/elsewhere', 404],
    ['GET', '/elsewhere', 404],
    ['POST', '/v1/units', 405],
    ['GET', '/v1/units/u/expiry', 405],
    ['GET', '/v1/units?limit=501', 400],
    ['GET', '/v1/units?limit=0', 400],
    ['GET', '/v1/transactions?limit=ten', 400],
    ['GET', '/v1/transactions?updatedAfter=yesterday', 400],
    ['GET', '/v1/transactions?cursor=bm9uZQ', 400],
    ['GET', '/v1/units/%E0%A4%A', 400],
  ])('answers %s %s with a problem of status %i', async (method, path, status) => {
    const { call } = await startRig();
    const answer = await call(path, { method });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    expect(answer.body).toMatchObject({ status, type: `urn:tier-provider:problem:${status}` });
  });

  it('names all faults of a query at once', async () => {
    const { call } = await startRig();
    const { body } = await call('/v1/transactions?limit=0&updatedAfter=x');
    expect(body['errors']).toMatchObject([{ path: '/updatedAfter' }, { path: '/limit' }]);
  });
});

describe('one unit and one transaction', () => {
  it('are shown with every field of the protocol', async () => {
    const { call, control, clock } = await startRig();
    const tenant = { key: ALICE, name: 'Ålice 🌙' };
    const unit = control.addUnit({ id: 'u/1', region: 'Gale', parcel: 'Cove', tenant });
    const { id } = control.pay({ unit: 'u/1', payer: tenant, amount: 250 });
    await clock.advance(20);
    expect((await call('/v1/units/u%2F1')).body).toEqual({
      ...{ id: 'u/1', version: 2, objectKey: unit.objectKey, name: unit.name, region: 'Gale' },
      ...{ parcel: 'Cove', tenant, rentedUntil: '2026-03-08T12:00:00.000Z', status: 'rented' },
      ...{ price: 250, term: 'week', locked: false, updatedAt: '2026-03-01T12:00:00.020Z' },
    });
    expect((await call(`/v1/transactions/${id}`)).body).toEqual({
      ...{ id, version: 3, unit: 'u/1', payer: tenant, tenant, amount: 250, state: 'completed' },
      ...{ paidAt: '2026-03-01T12:00:00.000Z', message: '', creditedSeconds: 604_800 },
      ...{ unitVersion: 2, updatedAt: '2026-03-01T12:00:00.020Z' },
    });
  });
});

describe('the list of transactions', () => {
  it('gives the oldest update first, over pages of any size, each once', async () => {
    const rig = await startRig();
    const unit = rig.control.addUnit();
    rig.control.setFaults({ stall: true });
    const made = Array.from(
      { length: 7 },
      () => rig.control.pay({ unit: unit.id, payer: ALICE, amount: 1 }).id,
    );
    await rig.clock.advance(1_000);
    rig.control.setFaults({ stall: true, failNow: 2 });
    const failed = ids(await rig.rows('/v1/transactions?limit=1')).slice(5);
    const rest = made.filter((id) => !failed.includes(id));
    for (const limit of [1, 3, 500]) {
      const rows = await rig.rows(`/v1/transactions?limit=${limit}`);
      expect(ids(rows)).toEqual([...rest, ...failed]);
      expect(rows.slice(5).map((row) => row['state'])).toEqual(['failed', 'failed']);
    }
  });

  it('begins with what was updated at the asked instant itself', async () => {
    const rig = await startRig();
    const unit = rig.control.addUnit();
    const made = await payEachSecond(rig, unit.id, 3);
    const second = '2026-03-01T12:00:01.020Z';
    expect(ids(await rig.rows(`/v1/transactions?updatedAfter=${second}`))).toEqual(made.slice(1));
    const later = '2026-03-01T12:00:01.021Z';
    expect(ids(await rig.rows(`/v1/transactions?updatedAfter=${later}`))).toEqual(made.slice(2));
    const { body } = await rig.call('/v1/transactions?updatedAfter=2027-01-01T00:00:00Z');
    expect(body).toEqual({ data: [], next: null, time: '2026-03-01T12:00:03.000Z' });
  });

  it('shows again, at the end, what is updated while somebody pages through it', async () => {
    const rig = await startRig();
    const unit = rig.control.addUnit();
    const made = await payEachSecond(rig, unit.id, 4);
    const first = await rig.call('/v1/transactions?limit=2');
    rig.control.reverse(made[0] ?? '');
    rig.control.reverse(made[2] ?? '');
    const rest = await rig.rows(`/v1/transactions?limit=2&cursor=${String(first.body['next'])}`);
    expect(ids(rest)).toEqual([made[3], made[0], made[2]]);
  });

  it('keeps to one unit, on later pages too', async () => {
    const rig = await startRig();
    const [one, other] = [rig.control.addUnit(), rig.control.addUnit()];
    const made = await payEachSecond(rig, one.id, 3);
    await payEachSecond(rig, other.id, 3);
    const path = `/v1/transactions?unit=${one.id}&limit=1`;
    expect(ids(await rig.rows(path))).toEqual(made);
    const first = await rig.call(path);
    const rest = await rig.rows(`/v1/transactions?cursor=${String(first.body['next'])}`);
    expect(ids(rest)).toEqual(made.slice(1));
    expect(await rig.rows('/v1/transactions?unit=unknown')).toEqual([]);
  });
});

describe('the list of units', () => {
  it('is in the order of their ids, whatever the order in which they came', async () => {
    const rig = await startRig();
    for (const id of ['b', 'a-2', 'B', 'a-10', '~']) rig.control.addUnit({ id });
    expect(ids(await rig.rows('/v1/units?limit=2'))).toEqual(['B', 'a-10', 'a-2', 'b', '~']);
    rig.control.addUnit({ id: 'a-3' });
    expect(ids(await rig.rows('/v1/units'))).toEqual(['B', 'a-10', 'a-2', 'a-3', 'b', '~']);
  });

  it('leaves out what was not updated since, also on later pages', async () => {
    const rig = await startRig();
    for (const id of ['a', 'b', 'c', 'd', 'e']) rig.control.addUnit({ id });
    await rig.clock.advance(60_000);
    for (const id of ['e', 'a', 'c']) rig.control.changeUnit(id, { price: 300 });
    const since = new Date(START + 60_000).toISOString();
    const path = `/v1/units?updatedAfter=${since}&limit=1`;
    expect(ids(await rig.rows(path))).toEqual(['a', 'c', 'e']);
    const first = await rig.call(path);
    const rest = await rig.rows(`/v1/units?cursor=${String(first.body['next'])}`);
    expect(ids(rest)).toEqual(['c', 'e']);
  });

  it('is listed whole for an estate of ten thousand', async () => {
    const rig = await startRig({ units: 10_000 });
    const rows = await rig.rows('/v1/units?limit=500');
    expect(new Set(ids(rows)).size).toBe(10_000);
    expect(ids(rows)).toEqual(ids(rows).toSorted());
  });
});
