import { ALICE, startRig, stopRigs, until, type Rig } from './rig';

afterEach(stopRigs);

/** What became of `howMany` calls: their statuses, `cut` where there was no answer. */
async function outcomes(rig: Rig, howMany: number): Promise<(number | 'cut')[]> {
  const all: (number | 'cut')[] = [];
  for (let n = 0; n < howMany; n += 1) {
    const answer = await rig.call('/v1/health').catch(() => null);
    if (answer?.status === 429) expect(answer.headers.get('retry-after')).toBe('1');
    all.push(answer?.status ?? 'cut');
  }
  return all;
}

describe('errors of the REST API', () => {
  it('are 503, 429 with Retry-After, and cut connections, at the rate that was set', async () => {
    const rig = await startRig();
    rig.control.setFaults({ restErrorRate: 0.5 });
    const all = await outcomes(rig, 200);
    const share = (outcome: number | 'cut'): number =>
      all.filter((one) => one === outcome).length / all.length;
    expect(share(200)).toBeGreaterThan(0.35);
    expect(share(200)).toBeLessThan(0.65);
    expect(share(503)).toBeGreaterThan(0.15);
    expect(share(429)).toBeGreaterThan(0.03);
    expect(share('cut')).toBeGreaterThan(0.03);
    rig.control.setFaults({});
    expect(new Set(await outcomes(rig, 20))).toEqual(new Set([200]));
  });

  it('may come after the call was carried out: its answer alone is lost', async () => {
    const rig = await startRig();
    rig.control.setFaults({ restErrorRate: 1 });
    let carriedOut = 0;
    let cutBefore = 0;
    for (let n = 0; n < 100; n += 1) {
      const { version } = rig.control.addUnit({ id: `u-${n}` });
      const body = { rentedUntil: '2026-05-01T00:00:00Z', reason: 'paid', ifVersion: version };
      const call = { method: 'PUT', body, headers: { 'idempotency-key': `k-${n}` } };
      const status = (await rig.call(`/v1/units/u-${n}/expiry`, call).catch(() => null))?.status;
      const isChanged = rig.control.unit(`u-${n}`)?.version === 2;
      if (isChanged) expect(status).toBeUndefined();
      if (isChanged) carriedOut += 1;
      else if (status === undefined) cutBefore += 1;
    }
    expect(carriedOut).toBeGreaterThan(2);
    expect(carriedOut).toBeLessThan(30);
    expect(cutBefore).toBeGreaterThan(2);
  });

  it('fall out alike for the same seed', async () => {
    const [one, other] = [await startRig(), await startRig()];
    for (const rig of [one, other]) rig.control.setFaults({ restErrorRate: 0.5 });
    expect(await outcomes(one, 40)).toEqual(await outcomes(other, 40));
  });
});

describe('a slow REST API', () => {
  it('answers each call so much later, and not at all when it shuts down', async () => {
    const rig = await startRig();
    rig.control.setFaults({ restDelayMs: 3_000 });
    const waiting = rig.clock.waiting();
    const statuses: number[] = [];
    const first = rig.call('/v1/health').then(({ status }) => statuses.push(status));
    await until(() => rig.clock.waiting() === waiting + 1);
    await rig.clock.advance(2_999);
    await rig.call('/sim/state');
    expect(statuses).toEqual([]);
    await rig.clock.advance(1);
    await first;
    expect(statuses).toEqual([200]);
    const unanswered = rig.call('/v1/health');
    await until(() => rig.clock.waiting() === waiting + 1);
    const failure = expect(unanswered).rejects.toThrow();
    await rig.close();
    await failure;
  });
});

describe('the control API', () => {
  it('is spared by all of it', async () => {
    const rig = await startRig();
    rig.control.addUnit({ id: 'u' });
    rig.control.setFaults({ restErrorRate: 1, restDelayMs: 60_000 });
    for (let n = 0; n < 20; n += 1) {
      const body = { unit: 'u', payer: ALICE, amount: 1 };
      expect((await rig.call('/sim/payments', { method: 'POST', body })).status).toBe(201);
    }
    const { body } = await rig.call('/sim/faults', { method: 'POST', body: {} });
    expect(body['counts']).toMatchObject({ payments: 20 });
    expect((await rig.call('/v1/health')).status).toBe(200);
  });
});
