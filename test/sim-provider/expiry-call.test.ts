import { ALICE, BOB, startRig, stopRigs, type Answer, type Rig } from './rig';

afterEach(stopRigs);

const UNTIL = '2026-04-01T00:00:00.000Z';

function putExpiry(rig: Rig, change: object = {}, key = 'key-1'): Promise<Answer> {
  const body = { rentedUntil: UNTIL, reason: 'paid on 1 March', ifVersion: 1, ...change };
  const headers = { 'idempotency-key': key };
  return rig.call('/v1/units/u/expiry', { method: 'PUT', body, headers });
}

function putLock(rig: Rig, change: object = {}): Promise<Answer> {
  const body = { locked: true, reason: 'outage', ifVersion: 1, ...change };
  return rig.call('/v1/units/u/lock', { method: 'PUT', body });
}

async function rigWithUnit(): Promise<Rig> {
  const rig = await startRig();
  const tenant = { key: ALICE, name: 'Alice' };
  rig.control.addUnit({ id: 'u', tenant, rentedUntil: null, status: 'overdue' });
  return rig;
}

describe('setting a unit’s expiry', () => {
  it('answers the unit with its new time, and tells the stream', async () => {
    const rig = await rigWithUnit();
    const client = await rig.follow();
    const { status, body } = await putExpiry(rig);
    expect(status).toBe(200);
    expect(body).toMatchObject({ rentedUntil: UNTIL, status: 'rented', version: 2 });
    expect(body['tenant']).toEqual({ key: ALICE, name: 'Alice' });
    await rig.clock.advance(1_000);
    expect((await rig.call('/v1/units/u')).body).toEqual(body);
    expect(client.ofOp('event')[0]).toMatchObject({ type: 'unit', data: body });
  });

  it('takes another tenant where one is named, and keeps the tenant where null is', async () => {
    const rig = await rigWithUnit();
    expect((await putExpiry(rig, { tenant: null })).body['tenant']).toMatchObject({ key: ALICE });
    const tenant = { key: BOB, name: 'Bob' };
    const answer = await putExpiry(rig, { tenant, ifVersion: 2 }, 'key-2');
    expect(answer.body['tenant']).toEqual(tenant);
  });

  it('answers 409 when the unit has changed since, and changes nothing', async () => {
    const rig = await rigWithUnit();
    rig.control.changeUnit('u', { price: 300 });
    expect((await putExpiry(rig)).status).toBe(409);
    expect(rig.control.unit('u')).toMatchObject({ version: 2, rentedUntil: null });
  });

  it('gives the same answer to the same key, though the version has moved on', async () => {
    const rig = await rigWithUnit();
    const first = await putExpiry(rig);
    rig.control.changeUnit('u', { price: 300 });
    const again = await putExpiry(rig);
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    expect(rig.control.unit('u')?.version).toBe(3);
  });

  it('refuses a key that came with another request', async () => {
    const rig = await rigWithUnit();
    await putExpiry(rig);
    expect((await putExpiry(rig, { ifVersion: 2 })).status).toBe(422);
    expect(rig.control.unit('u')?.version).toBe(2);
  });

  it('does not remember a refusal under its key', async () => {
    const rig = await rigWithUnit();
    expect((await putExpiry(rig, { ifVersion: 9 })).status).toBe(409);
    expect((await putExpiry(rig)).status).toBe(200);
  });

  it('answers 400 without a key, and names what is wrong with a body', async () => {
    const rig = await rigWithUnit();
    const body = { rentedUntil: UNTIL, reason: 'x', ifVersion: 1 };
    const keyless = await rig.call('/v1/units/u/expiry', { method: 'PUT', body });
    expect(keyless.status).toBe(400);
    const bad = await putExpiry(rig, { rentedUntil: 'soon', ifVersion: 'one' });
    expect(bad.status).toBe(400);
    expect(bad.body['errors']).toMatchObject([{ path: '/rentedUntil' }, { path: '/ifVersion' }]);
    const headers = { 'idempotency-key': 'k' };
    const broken = { method: 'PUT', body: '{"rentedUntil":', headers };
    expect((await rig.call('/v1/units/u/expiry', broken)).status).toBe(400);
  });

  it('shows overdue when the new time is over already', async () => {
    const rig = await rigWithUnit();
    const { body } = await putExpiry(rig, { rentedUntil: '2026-02-01T00:00:00Z' });
    expect(body['status']).toBe('overdue');
  });
});

describe('locking a unit', () => {
  it('stops payments at the provider’s own box until it is unlocked', async () => {
    const rig = await rigWithUnit();
    expect((await putLock(rig)).body).toMatchObject({ locked: true, version: 2 });
    const payment = { method: 'POST', body: { unit: 'u', payer: ALICE, amount: 1 } };
    expect((await rig.call('/sim/payments', payment)).status).toBe(409);
    expect((await putLock(rig, { locked: false, ifVersion: 2 })).status).toBe(200);
    expect((await rig.call('/sim/payments', payment)).status).toBe(201);
  });

  it('answers 409 for a version that is not current, and 404 for no unit', async () => {
    const rig = await rigWithUnit();
    expect((await putLock(rig, { ifVersion: 2 })).status).toBe(409);
    const body = { locked: true, reason: 'x', ifVersion: 1 };
    const nowhere = await rig.call('/v1/units/none/lock', { method: 'PUT', body });
    expect(nowhere.status).toBe(404);
  });
});

describe('a provider that has no such call', () => {
  it('answers 501 for expiry and lock, and changes nothing', async () => {
    const rig = await rigWithUnit();
    rig.control.setFaults({ noExpiryCall: true });
    expect((await putExpiry(rig)).status).toBe(501);
    expect((await putLock(rig)).status).toBe(501);
    expect(rig.control.unit('u')?.version).toBe(1);
    rig.control.setFaults({});
    expect((await putExpiry(rig)).status).toBe(200);
  });
});
