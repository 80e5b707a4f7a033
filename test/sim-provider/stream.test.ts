import { ALICE, startRig, stopRigs, until, type Rig } from './rig';

afterEach(stopRigs);

const NOON = '2026-03-01T12:00:00.000Z';

/** `howMany` notices: one event each, and nothing else changes. */
function say(rig: Rig, howMany: number): void {
  for (let n = 0; n < howMany; n += 1) rig.control.notice({ text: 'notice' });
}

describe('subscribing', () => {
  it('is answered by a hello with the numbering, and then by live events', async () => {
    const rig = await startRig();
    say(rig, 3);
    const client = await rig.follow();
    const stream = rig.control.state().stream;
    expect(client.frames).toEqual([
      { op: 'hello', stream, seq: 3, oldest: 1, heartbeatMs: 1_000, time: NOON },
    ]);
    say(rig, 2);
    await until(() => client.frames.length === 3);
    expect(client.seqs()).toEqual([4, 5]);
  });

  it('carries transactions and units as REST shows them, and words that nobody knows', async () => {
    const rig = await startRig();
    const unit = rig.control.addUnit();
    const client = await rig.follow();
    const { id } = rig.control.pay({ unit: unit.id, payer: ALICE, amount: 250 });
    await rig.clock.advance(20);
    rig.control.notice({ type: 'weather', text: 'rain' });
    await until(() => client.seqs().length === 5);
    const events = client.ofOp('event').map(({ type, data }) => ({ type, data }));
    expect(events).toEqual([
      { type: 'transaction', data: expect.objectContaining({ id, state: 'queued', version: 1 }) },
      { type: 'transaction', data: expect.objectContaining({ id, state: 'processing' }) },
      { type: 'transaction', data: (await rig.call(`/v1/transactions/${id}`)).body },
      { type: 'unit', data: (await rig.call(`/v1/units/${unit.id}`)).body },
      { type: 'weather', data: { text: 'rain' } },
    ]);
  });

  it('after a number gets all that came later, in order, and then goes on live', async () => {
    const rig = await startRig();
    say(rig, 5);
    const client = await rig.follow({ stream: rig.control.state().stream, after: 2 });
    say(rig, 1);
    await until(() => client.seqs().length === 4);
    expect(client.seqs()).toEqual([3, 4, 5, 6]);
    expect(client.ofOp('gap')).toEqual([]);
  });

  it('after the last number gets nothing old, and no gap', async () => {
    const rig = await startRig();
    say(rig, 5);
    const client = await rig.follow({ stream: rig.control.state().stream, after: 5 });
    say(rig, 1);
    await until(() => client.seqs().length === 1);
    expect(client.frames.map(({ op }) => op)).toEqual(['hello', 'event']);
  });

  it.each([
    ['is older than what it keeps', 1],
    ['is above its own number', 11],
  ])(
    'with an `after` that %s gets a gap, and goes on live from the hello',
    async (_what, after) => {
      const rig = await startRig({ keepEvents: 8 });
      say(rig, 10);
      const client = await rig.follow({ stream: rig.control.state().stream, after });
      say(rig, 1);
      await until(() => client.seqs().length === 1);
      expect(client.frames).toMatchObject([
        { op: 'hello', seq: 10, oldest: 3 },
        { op: 'gap', oldest: 3 },
        { op: 'event', seq: 11 },
      ]);
    },
  );

  it('right before what it still keeps is no gap', async () => {
    const rig = await startRig({ keepEvents: 8 });
    say(rig, 10);
    const client = await rig.follow({ stream: rig.control.state().stream, after: 2 });
    await until(() => client.seqs().length === 8);
    expect(client.ofOp('gap')).toEqual([]);
  });

  it('with another stream id gets a gap', async () => {
    const rig = await startRig();
    say(rig, 10);
    const client = await rig.follow({ stream: 'another', after: 3 });
    say(rig, 1);
    await until(() => client.seqs().length === 1);
    expect(client.frames.map(({ op }) => op)).toEqual(['hello', 'gap', 'event']);
  });

  it.each([
    { stream: null, after: 3 },
    { stream: 'st', after: null },
  ])('with %j goes on from now, without a gap', async (cursor) => {
    const rig = await startRig();
    say(rig, 10);
    const client = await rig.follow(cursor);
    say(rig, 1);
    await until(() => client.seqs().length === 1);
    expect(client.frames.map(({ op }) => op)).toEqual(['hello', 'event']);
  });
});

describe('heartbeats', () => {
  it('come in each period, idle or not, with the highest number used', async () => {
    const rig = await startRig();
    const client = await rig.follow();
    await rig.clock.advance(1_000);
    say(rig, 2);
    await rig.clock.advance(1_000);
    await until(() => client.ofOp('heartbeat').length === 2);
    expect(client.ofOp('heartbeat')).toEqual([
      { op: 'heartbeat', seq: 0, time: '2026-03-01T12:00:01.000Z' },
      { op: 'heartbeat', seq: 2, time: '2026-03-01T12:00:02.000Z' },
    ]);
    await rig.clock.advance(60_000);
    await until(() => client.ofOp('heartbeat').length === 62);
    expect(client.closed).toBeNull();
  });
});

describe('acknowledging', () => {
  it('lets the server forget what all who listen have', async () => {
    const rig = await startRig();
    const [fast, slow] = [await rig.follow(), await rig.follow()];
    say(rig, 10);
    await until(() => fast.seqs().length === 10 && slow.seqs().length === 10);
    fast.send({ op: 'ack', seq: 10 });
    slow.send({ op: 'ack', seq: 4 });
    await until(() => rig.control.state().oldest > 1);
    expect(rig.control.state().oldest).toBe(5);
    const late = await rig.follow({ stream: rig.control.state().stream, after: 3 });
    await until(() => late.frames.length === 2);
    expect(late.ofOp('gap')).toEqual([{ op: 'gap', oldest: 5 }]);
  });

  it('of more than was sent counts as an acknowledgement of what was sent', async () => {
    const rig = await startRig();
    const [boastful, honest] = [await rig.follow(), await rig.follow()];
    say(rig, 3);
    await until(() => boastful.seqs().length === 3);
    boastful.send({ op: 'ack', seq: 1_000 });
    honest.send({ op: 'ack', seq: 1 });
    await until(() => rig.control.state().oldest === 2);
    say(rig, 5);
    await until(() => honest.seqs().length === 8);
    honest.send({ op: 'ack', seq: 8 });
    await until(() => rig.control.state().oldest > 2);
    expect(rig.control.state().oldest).toBe(4);
  });
});
