import { ALICE, BOB, START, startRig, stopRigs, until, type Rig } from './rig';

afterEach(stopRigs);

const DAY_MS = 86_400_000;
const TENANT = { key: ALICE, name: 'Alice' };

function addUnits(rig: Rig, howMany: number): void {
  for (let n = 0; n < howMany; n += 1) {
    rig.control.addUnit({ tenant: TENANT, rentedUntil: (START + 10 * DAY_MS) as typeof START });
  }
}

describe('units reset to overdue', () => {
  it('are the share that was asked of those that are paid, and keep their tenant', async () => {
    const rig = await startRig();
    addUnits(rig, 40);
    rig.control.addUnit({ id: 'vacant' });
    rig.control.setFaults({ resetOverdue: 0.25 });
    const fallen = [...rig.control.units()].filter(({ status }) => status === 'overdue');
    expect(fallen).toHaveLength(10);
    for (const unit of fallen) expect(unit).toMatchObject({ version: 2, tenant: TENANT });
    expect(rig.control.unit('vacant')?.version).toBe(1);
    expect(rig.control.effects()).toHaveLength(10);
  });

  it('show a past end, no end, or an end that contradicts their status', async () => {
    const rig = await startRig();
    addUnits(rig, 100);
    rig.control.setFaults({ resetOverdue: 1 });
    const ends = [...rig.control.units()].map(({ rentedUntil }) => rentedUntil);
    expect(ends.filter((end) => end === null).length).toBeGreaterThan(5);
    expect(ends.filter((end) => end !== null && end < START).length).toBeGreaterThan(40);
    expect(ends.filter((end) => end !== null && end > START).length).toBeGreaterThan(5);
  });

  it('are reset once: the fault does not strike again by staying in the set', async () => {
    const rig = await startRig();
    addUnits(rig, 10);
    rig.control.setFaults({ resetOverdue: 0.5 });
    await rig.clock.advance(DAY_MS);
    expect(rig.control.state().counts.units).toMatchObject({ overdue: 5, rented: 5 });
    rig.control.setFaults({ resetOverdue: 0.01 });
    expect(rig.control.state().counts.units).toMatchObject({ overdue: 6, rented: 4 });
  });

  it('are told to the stream', async () => {
    const rig = await startRig();
    addUnits(rig, 1);
    const client = await rig.follow();
    rig.control.setFaults({ resetOverdue: 1 });
    await until(() => client.seqs().length === 1);
    expect(client.ofOp('event')[0]).toMatchObject({ type: 'unit', data: { status: 'overdue' } });
  });
});

describe('a partial reset', () => {
  it('takes a part of the time that a share of the units have left', async () => {
    const rig = await startRig();
    addUnits(rig, 20);
    rig.control.setFaults({ partialReset: 0.5 });
    const shortened = [...rig.control.units()].filter(({ version }) => version === 2);
    expect(shortened).toHaveLength(10);
    for (const { rentedUntil, status } of shortened) {
      expect(status).toBe('rented');
      expect(rentedUntil).toBeGreaterThanOrEqual(START + DAY_MS);
      expect(rentedUntil).toBeLessThanOrEqual(START + 9 * DAY_MS);
    }
  });

  it('takes exactly what a list says, down to overdue', async () => {
    const rig = await startRig();
    const until = START as number;
    const rentedUntil = (until + 3_600_000) as typeof START;
    for (const id of ['a', 'b']) rig.control.addUnit({ id, tenant: TENANT, rentedUntil });
    const partialReset = [
      { unit: 'a', seconds: 60 },
      { unit: 'b', seconds: 7_200 },
    ];
    rig.control.setFaults({ partialReset });
    expect(rig.control.unit('a')).toMatchObject({
      ...{ rentedUntil: rentedUntil - 60_000, status: 'rented' },
    });
    expect(rig.control.unit('b')).toMatchObject({
      ...{ rentedUntil: rentedUntil - 7_200_000, status: 'overdue' },
    });
    expect(rig.control.rightfulUntil('b')).toBe(rentedUntil);
  });
});

describe('an expiry edited by hand', () => {
  it('rises with no transaction, for a share of the units or for those on a list', async () => {
    const rig = await startRig();
    addUnits(rig, 10);
    rig.control.setFaults({ editExpiry: 0.2 });
    const risen = [...rig.control.units()].filter(({ version }) => version === 2);
    expect(risen).toHaveLength(2);
    for (const { rentedUntil } of risen) expect(rentedUntil).toBeGreaterThan(START + 10 * DAY_MS);
    rig.control.addUnit({ id: 'z', rentedUntil: START });
    rig.control.setFaults({ editExpiry: [{ unit: 'z', seconds: 90 }] });
    expect(rig.control.unit('z')).toMatchObject({ rentedUntil: START + 90_000, status: 'rented' });
    expect(rig.control.payments()).toHaveLength(0);
  });

  it('of a unit that does not exist is refused, and nothing at all is done', async () => {
    const rig = await startRig();
    addUnits(rig, 10);
    const editExpiry = [{ unit: 'nowhere', seconds: 90 }];
    expect(() => rig.control.setFaults({ resetOverdue: 1, stall: true, editExpiry })).toThrow(
      'does not exist',
    );
    expect(rig.control.state().counts.units).toEqual({ rented: 10 });
    expect(rig.control.state().faults.stall).toBe(false);
  });
});

describe('a restored backup', () => {
  /** Two payments a minute apart on one unit, both completed. */
  async function paidTwice(rig: Rig): Promise<readonly [string, string]> {
    rig.control.addUnit({ id: 'u', tenant: TENANT, rentedUntil: START });
    const first = rig.control.pay({ unit: 'u', payer: ALICE, amount: 250 }).id;
    await rig.clock.advance(60_000);
    const second = rig.control.pay({ unit: 'u', payer: BOB, amount: 500 }).id;
    await rig.clock.advance(60_000);
    return [first, second];
  }

  it('brings older versions back under a new stream id, with sockets closed', async () => {
    const rig = await startRig();
    const [first, second] = await paidTwice(rig);
    const client = await rig.follow();
    const { stream } = rig.control.state();
    expect(rig.control.unit('u')?.version).toBe(3);
    rig.control.setFaults({ stall: true, restoreBackup: 90 });
    expect(rig.control.state()).toMatchObject({ seq: 0 });
    expect(rig.control.state().stream).not.toBe(stream);
    expect(rig.control.unit('u')).toMatchObject({ version: 2, rentedUntil: START + 7 * DAY_MS });
    expect(rig.control.transaction(first)).toMatchObject({ state: 'completed', version: 3 });
    expect(rig.control.transaction(second)).toMatchObject({ state: 'queued', version: 1 });
    await until(() => client.closed?.code === 1012);
  });

  it('lists what it put back at its old place among the updates', async () => {
    const rig = await startRig();
    const [first, second] = await paidTwice(rig);
    rig.control.reverse(first);
    rig.control.setFaults({ stall: true, restoreBackup: 1 });
    const rows = await rig.rows('/v1/transactions?limit=1');
    expect(rows.map(({ id }) => id)).toEqual([first, second]);
    expect(rows[0]).toMatchObject({ state: 'completed', updatedAt: '2026-03-01T12:00:00.020Z' });
    expect(await rig.rows('/v1/transactions?unit=u')).toEqual(rows);
  });

  it('loses no payment: what it forgot is processed again, with rising versions', async () => {
    const rig = await startRig();
    const [first, second] = await paidTwice(rig);
    rig.control.setFaults({ restoreBackup: 3_600 });
    expect(rig.control.unit('u')?.rentedUntil).toBe(START);
    await rig.clock.advance(30);
    for (const id of [first, second]) {
      expect(rig.control.transaction(id)).toMatchObject({ state: 'completed', version: 3 });
    }
    expect(rig.control.unit('u')?.rentedUntil).toBe(START + 21 * DAY_MS);
    expect(rig.control.payments().map(({ txId }) => txId)).toEqual([first, second]);
    expect(rig.control.rightfulUntil('u')).toBe(START + 21 * DAY_MS);
  });

  it('completes again what had failed before it completed, whatever rates are set', async () => {
    const rig = await startRig();
    rig.control.addUnit({ id: 'u' });
    rig.control.setFaults({ failRate: 1 });
    const { id } = rig.control.pay({ unit: 'u', payer: ALICE, amount: 250 });
    await rig.clock.advance(60_000);
    rig.control.setFaults({ failRate: 1, drain: true });
    await rig.clock.advance(60_000);
    rig.control.setFaults({ failRate: 1, restoreBackup: 61 });
    expect(rig.control.transaction(id)?.state).toBe('failed');
    await rig.clock.advance(30);
    expect(rig.control.transaction(id)?.state).toBe('completed');
  });

  it('undoes the newer half of all changes when no time is given', async () => {
    const rig = await startRig();
    const [first, second] = await paidTwice(rig);
    rig.control.setFaults({ stall: true, restoreBackup: true });
    expect(rig.control.transaction(first)?.state).toBe('completed');
    expect(rig.control.transaction(second)?.state).toBe('queued');
    expect(rig.control.effects()).toMatchObject([{ fault: 'restoreBackup' }]);
  });

  it('forgets what was set under an idempotency key after it', async () => {
    const rig = await startRig();
    rig.control.addUnit({ id: 'u', tenant: TENANT, rentedUntil: START });
    const body = { rentedUntil: '2026-05-01T00:00:00Z', reason: 'paid', ifVersion: 1 };
    const call = { method: 'PUT', body, headers: { 'idempotency-key': 'k' } };
    await rig.call('/v1/units/u/expiry', call);
    rig.control.setFaults({ restoreBackup: 1 });
    expect(rig.control.unit('u')).toMatchObject({ version: 1, rentedUntil: START });
    expect((await rig.call('/v1/units/u/expiry', call)).body['version']).toBe(2);
    expect(rig.control.unit('u')?.status).toBe('rented');
  });

  it('still lets a unit run out by itself', async () => {
    const rig = await startRig();
    await paidTwice(rig);
    rig.control.setFaults({ stall: true, restoreBackup: 90 });
    await rig.clock.advance(7 * DAY_MS);
    expect(rig.control.unit('u')).toMatchObject({ status: 'overdue', version: 3 });
  });

  it('that still shows a unit as rented whose time has run out sees it run out again', async () => {
    const rig = await startRig();
    const rentedUntil = (START + 60_000) as typeof START;
    rig.control.addUnit({ id: 'u', tenant: TENANT, rentedUntil });
    await rig.clock.advance(120_000);
    rig.control.setFaults({ restoreBackup: 3_600 });
    expect(rig.control.unit('u')).toMatchObject({ status: 'rented', version: 1 });
    await rig.clock.advance(1);
    expect(rig.control.unit('u')).toMatchObject({ status: 'overdue', version: 2 });
  });
});
