import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ALICE, startRig, stopRigs, type Json, type Rig } from './rig';

afterEach(stopRigs);

const post = (rig: Rig, path: string, body: unknown) => rig.call(path, { method: 'POST', body });

describe('paying over HTTP', () => {
  it('answers the transaction as the provider shows it', async () => {
    const rig = await startRig();
    rig.control.addUnit({ id: 'u' });
    const payer = { key: ALICE.toUpperCase(), name: 'Alice' };
    const paidAt = '2026-02-28T23:00:00-08:00';
    const payment = { unit: 'u', payer, amount: 250, paidAt, txId: 'tx-1' };
    const { status, body } = await post(rig, '/sim/payments', payment);
    expect(status).toBe(201);
    expect(body).toEqual({
      ...{ id: 'tx-1', version: 1, unit: 'u', payer: { key: ALICE, name: 'Alice' }, tenant: null },
      ...{ amount: 250, paidAt: '2026-03-01T07:00:00.000Z', state: 'queued', message: '' },
      ...{ creditedSeconds: null, unitVersion: null, updatedAt: '2026-03-01T12:00:00.000Z' },
    });
    const { data } = (await rig.call('/sim/payments')).body;
    expect(data).toMatchObject([{ n: 1, txId: 'tx-1', seconds: 604_800, paidAt: body['paidAt'] }]);
  });

  it.each([
    [{ unit: 'u', payer: ALICE, amount: 0 }, ['/amount']],
    [{ unit: 'u', payer: ALICE, amount: 2 ** 31 }, ['/amount']],
    [{ unit: 'u', payer: 'alice', amount: 1.5 }, ['/payer', '/amount']],
    [{ unit: 'u', payer: ALICE, amount: 1, paidAt: 'now' }, ['/paidAt']],
    [{ unit: '', payer: ALICE, amount: 1, txId: 'x'.repeat(65) }, ['/unit', '/txId']],
    [{ unit: 'u', payer: ALICE, amount: 1, tip: 5 }, ['']],
  ])('names all that is wrong with %j', async (body, paths) => {
    const rig = await startRig();
    const answer = await post(rig, '/sim/payments', body);
    expect(answer.status).toBe(400);
    const errors = answer.body['errors'] as readonly Json[];
    expect(errors.map(({ path }) => path)).toEqual(paths);
  });

  it('reverses and reinstates a transaction', async () => {
    const rig = await startRig();
    rig.control.addUnit({ id: 'u' });
    rig.control.pay({ unit: 'u', payer: ALICE, amount: 1, txId: 't' });
    expect((await post(rig, '/sim/transactions/t/reverse', {})).status).toBe(409);
    await rig.clock.advance(20);
    const reversed = await post(rig, '/sim/transactions/t/reverse', {});
    expect(reversed.body['state']).toBe('reversed');
    const again = await post(rig, '/sim/transactions/t/reinstate', {});
    expect(again.body['state']).toBe('completed');
    expect((await post(rig, '/sim/transactions/none/reverse', {})).status).toBe(404);
  });
});

describe('adding and changing units over HTTP', () => {
  it('adds one, a list, or a number of them', async () => {
    const rig = await startRig();
    const one = await post(rig, '/sim/units', { id: 'u', price: 300, term: 'month' });
    expect(one.status).toBe(201);
    expect(one.body).toMatchObject({ id: 'u', status: 'available', price: 300, term: 'month' });
    expect((await post(rig, '/sim/units', { id: 'u' })).status).toBe(409);
    const list = await post(rig, '/sim/units', { units: [{ id: 'v' }, {}] });
    expect(list.body['data']).toMatchObject([{ id: 'v' }, { id: 'unit-0000003' }]);
    expect((await post(rig, '/sim/units', { count: 50 })).body).toEqual({ added: 50 });
    expect(await rig.rows('/v1/units')).toHaveLength(53);
  });

  it('changes one as the provider’s own staff would', async () => {
    const rig = await startRig();
    rig.control.addUnit({ id: 'u' });
    const body = { price: 99, status: 'reserved' };
    const changed = await rig.call('/sim/units/u', { method: 'PATCH', body });
    expect(changed.body).toMatchObject({ ...body, version: 2 });
    const bad = await rig.call('/sim/units/u', { method: 'PATCH', body: { colour: 'red' } });
    expect(bad.status).toBe(400);
  });
});

describe('setting faults over HTTP', () => {
  it('replaces the set in force, and answers it', async () => {
    const rig = await startRig();
    await post(rig, '/sim/faults', { stall: true, failRate: 0.5 });
    const { body } = await post(rig, '/sim/faults', { skipRate: 0.25 });
    expect(body['faults']).toMatchObject({ stall: false, failRate: 0, skipRate: 0.25 });
    expect((await rig.call('/sim/state')).body['faults']).toEqual(body['faults']);
  });

  it('refuses unknown names and values, all at once, and keeps the set in force', async () => {
    const rig = await startRig();
    rig.control.setFaults({ stall: true });
    const { status, body } = await post(rig, '/sim/faults', {
      ...{ failRate: 1.5, restDelayMs: -1, dropStream: 'yes' },
      ...{ explode: true },
    });
    expect(status).toBe(400);
    const paths = (body['errors'] as readonly Json[]).map(({ path }) => path);
    expect(paths.toSorted()).toEqual(['', '/dropStream', '/failRate', '/restDelayMs']);
    expect(rig.control.state().faults.stall).toBe(true);
    expect((await post(rig, '/sim/faults', '[]')).status).toBe(400);
  });

  it('takes every step of the recorded incidents', async () => {
    const rig = await startRig({ units: 20 });
    const folder = join(__dirname, '..', 'scenarios');
    const steps = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Json)
      .flatMap((scenario) => scenario['steps'] as readonly Json[])
      .flatMap(({ faults }) => (faults === undefined ? [] : [faults]));
    expect(steps.length).toBeGreaterThan(4);
    for (const faults of steps) {
      expect((await post(rig, '/sim/faults', faults)).status).toBe(200);
    }
  });
});

describe('the state over HTTP', () => {
  it('tells seed, numbering, faults, counts, and pages of units and transactions', async () => {
    const rig = await startRig({ units: 5, seed: 42 });
    const unit = [...rig.control.units()][0]?.id ?? '';
    for (let n = 0; n < 3; n += 1) rig.control.pay({ unit, payer: ALICE, amount: 1 });
    await rig.clock.advance(10);
    const { body } = await rig.call('/sim/state?limit=2');
    expect(body).toMatchObject({
      ...{ seed: 42, stream: rig.control.state().stream, seq: 6, oldest: 1 },
      ...{ time: '2026-03-01T12:00:00.010Z', faults: { stall: false } },
      counts: { transactions: { processing: 3 }, payments: 3, waiting: 3, connections: 0 },
    });
    expect(body['units']).toHaveLength(2);
    expect(body['transactions']).toHaveLength(2);
    const cursors = `unitsCursor=${String(body['unitsNext'])}&limit=4`;
    const next = await rig.call(
      `/sim/state?${cursors}&transactionsCursor=${String(body['transactionsNext'])}`,
    );
    expect(next.body['units']).toHaveLength(3);
    expect(next.body).toMatchObject({ unitsNext: null, transactionsNext: null });
    expect(next.body['transactions']).toHaveLength(1);
  });

  it('tells what faults did, and until when a unit is rightfully paid', async () => {
    const rig = await startRig();
    rig.control.addUnit({ id: 'u', rentedUntil: rig.clock.now() });
    await post(rig, '/sim/faults', { editExpiry: [{ unit: 'u', seconds: 60 }] });
    const effects = (await rig.call('/sim/effects')).body['data'];
    const [from, to] = ['2026-03-01T12:00:00.000Z', '2026-03-01T12:01:00.000Z'];
    expect(effects).toEqual([{ fault: 'editExpiry', at: from, unit: 'u', txId: null, from, to }]);
    const rightful = await rig.call('/sim/units/u/rightful');
    expect(rightful.body).toEqual({ unit: 'u', rentedUntil: from });
  });

  it('pages through what was really paid', async () => {
    const rig = await startRig();
    rig.control.addUnit({ id: 'u' });
    for (let n = 0; n < 7; n += 1) rig.control.pay({ unit: 'u', payer: ALICE, amount: 1 + n });
    const rows = await rig.rows('/sim/payments?limit=3');
    expect(rows.map(({ amount }) => amount)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('a reset', () => {
  it('starts again with the units of the beginning, under a new stream id', async () => {
    const rig = await startRig({ units: 5 });
    const before = await rig.rows('/v1/units');
    const { stream } = rig.control.state();
    const unit = String(before[0]?.['id']);
    const { id } = rig.control.pay({ unit, payer: ALICE, amount: 1 });
    rig.control.addUnit();
    rig.control.setFaults({ stall: true });
    const { body } = await post(rig, '/sim/reset', {});
    expect(body).toMatchObject({ seq: 0, faults: { stall: false }, counts: { payments: 0 } });
    expect(body['stream']).not.toBe(stream);
    expect(await rig.rows('/v1/units')).toEqual(before);
    expect(rig.control.pay({ unit, payer: ALICE, amount: 1 }).id).not.toBe(id);
  });

  it('may take another seed and another number of units', async () => {
    const rig = await startRig({ units: 5 });
    const before = [...rig.control.units()][0];
    await post(rig, '/sim/reset', { seed: 8, units: 9 });
    expect(rig.control.state().seed).toBe(8);
    expect([...rig.control.units()]).toHaveLength(9);
    expect([...rig.control.units()][0]?.objectKey).not.toBe(before?.objectKey);
  });

  it('repeats a run: the same calls give the same chances again', async () => {
    const rig = await startRig({ units: 5 });
    const run = async (): Promise<unknown> => {
      rig.control.setFaults({ failRate: 0.4, resetOverdueOnPayment: 0.3, skipRate: 0.2 });
      const units = [...rig.control.units()].map(({ id }) => id);
      for (let n = 0; n < 40; n += 1) {
        rig.control.pay({ unit: units[n % 5] ?? '', payer: ALICE, amount: 5 });
      }
      await rig.clock.advance(100);
      const claims = [...rig.control.units()].map(({ version, status }) => [version, status]);
      const states = [...rig.control.transactions()].map(({ version, state }) => [version, state]);
      return { claims, states, seq: rig.control.state().seq };
    };
    const first = await run();
    rig.control.reset();
    expect(await run()).toEqual(first);
  });
});
