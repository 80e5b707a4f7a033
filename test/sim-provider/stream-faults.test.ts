import { startRig, stopRigs, until, type Rig } from './rig';

afterEach(stopRigs);

const HUNDRED = Array.from({ length: 100 }, (_, index) => index + 1);

function say(rig: Rig, howMany: number): void {
  for (let n = 0; n < howMany; n += 1) rig.control.notice({ text: `notice ${n}` });
}

describe('a silent stream', () => {
  it('stays open and sends nothing, not even a heartbeat or a hello', async () => {
    const rig = await startRig();
    const client = await rig.follow();
    rig.control.setFaults({ silentStream: true });
    say(rig, 3);
    await rig.clock.advance(10_000);
    const late = await rig.open();
    late.send({ op: 'subscribe', stream: null, after: null });
    await rig.call('/v1/health');
    expect(client.frames).toHaveLength(1);
    expect(late.frames).toHaveLength(0);
    expect(client.isOpen() && late.isOpen()).toBe(true);
    expect(rig.control.state().seq).toBe(3);
  });

  it('that speaks again has used the numbers, and a new subscription gets them', async () => {
    const rig = await startRig();
    const client = await rig.follow();
    rig.control.setFaults({ silentStream: true });
    const waiting = await rig.open();
    waiting.send({ op: 'subscribe', stream: rig.control.state().stream, after: 1 });
    say(rig, 3);
    await until(() => rig.control.state().counts.connections === 2);
    await rig.call('/v1/health');
    rig.control.setFaults({});
    say(rig, 1);
    await until(() => client.seqs().length === 1);
    expect(client.seqs()).toEqual([4]);
    await until(() => waiting.seqs().length === 3);
    expect(waiting.frames[0]).toMatchObject({ op: 'hello', seq: 3 });
    expect(waiting.seqs()).toEqual([2, 3, 4]);
  });
});

describe('a refusing stream', () => {
  it('closes what is open and answers 503 to what comes, until it is lifted', async () => {
    const rig = await startRig();
    const client = await rig.follow();
    rig.control.setFaults({ refuseStream: true });
    await until(() => client.closed !== null);
    expect(client.closed?.code).toBe(1012);
    expect(client.ofOp('bye')).toEqual([]);
    expect((await rig.open()).refused).toBe(503);
    rig.control.setFaults({});
    expect((await rig.follow()).frames).toHaveLength(1);
  });
});

describe('a dropped stream', () => {
  it('loses all its sockets at once, in several ways, and takes new ones', async () => {
    const rig = await startRig();
    const ways = new Set<string>();
    for (let turn = 0; turn < 24; turn += 1) {
      const client = await rig.follow();
      rig.control.setFaults({ dropStream: true });
      await until(() => client.closed !== null);
      ways.add(`${client.closed?.code} after ${client.ofOp('bye').length} bye`);
    }
    expect([...ways].toSorted()).toEqual([
      '1006 after 0 bye',
      '1012 after 0 bye',
      '1012 after 1 bye',
    ]);
    expect(rig.control.state().seq).toBe(0);
  });
});

describe('frames that repeat, change places, are missing or broken', () => {
  it('sends every event twice at a rate of one, at once or later', async () => {
    const rig = await startRig();
    const client = await rig.follow();
    rig.control.setFaults({ duplicateRate: 1 });
    say(rig, 100);
    await rig.clock.advance(250);
    await until(() => client.seqs().length === 200);
    expect(client.seqs().toSorted((a, b) => a - b)).toEqual(HUNDRED.flatMap((n) => [n, n]));
    expect(client.seqs()).not.toEqual(HUNDRED.flatMap((n) => [n, n]));
  });

  it('lets frames change places within the window, and loses none', async () => {
    const rig = await startRig();
    const client = await rig.follow();
    rig.control.setFaults({ reorderWindow: 10 });
    say(rig, 100);
    await rig.clock.advance(250);
    await until(() => client.seqs().length === 100);
    expect(client.seqs()).not.toEqual(HUNDRED);
    expect(client.seqs().toSorted((a, b) => a - b)).toEqual(HUNDRED);
    client.seqs().forEach((seq, place) => expect(seq).toBeLessThanOrEqual(place + 10));
  });

  it('sends what it held back as soon as the window is lifted', async () => {
    const rig = await startRig();
    const client = await rig.follow();
    rig.control.setFaults({ reorderWindow: 50 });
    say(rig, 5);
    rig.control.setFaults({});
    await until(() => client.seqs().length === 5);
  });

  it('never sends a skipped event, nor on a later subscription, and uses its number', async () => {
    const rig = await startRig();
    const client = await rig.follow();
    rig.control.setFaults({ skipRate: 0.3 });
    say(rig, 100);
    rig.control.setFaults({});
    say(rig, 1);
    await until(() => client.seqs().includes(101));
    const missing = HUNDRED.filter((seq) => !client.seqs().includes(seq));
    expect(missing.length).toBeGreaterThan(10);
    expect(missing.length).toBeLessThan(60);
    const late = await rig.follow({ stream: rig.control.state().stream, after: 0 });
    await until(() => late.seqs().includes(101));
    expect(late.seqs()).toEqual(client.seqs());
  });

  it('sends frames that are no JSON in the place of events, whose numbers are used', async () => {
    const rig = await startRig();
    const client = await rig.follow();
    rig.control.setFaults({ garbageRate: 0.3 });
    say(rig, 100);
    rig.control.setFaults({});
    say(rig, 1);
    await until(() => client.seqs().includes(101));
    expect(client.raw).toHaveLength(102);
    const broken = client.raw.length - client.frames.length;
    expect(broken).toBeGreaterThan(10);
    expect(client.seqs()).toHaveLength(101 - broken);
    rig.control.setFaults({ garbageRate: 1 });
    say(rig, 100);
    await until(() => client.raw.length === 202);
    expect(client.seqs()).toHaveLength(101 - broken);
  });

  it('falls out alike for the same seed, and otherwise for another', async () => {
    const numbersOf = async (rig: Rig): Promise<number[]> => {
      const client = await rig.follow();
      rig.control.setFaults({ skipRate: 0.3, reorderWindow: 5, duplicateRate: 0.2 });
      say(rig, 50);
      rig.control.setFaults({});
      say(rig, 1);
      await until(() => client.seqs().includes(51));
      return client.seqs();
    };
    const rig = await startRig({ seed: 1 });
    const first = await numbersOf(rig);
    expect(await numbersOf(await startRig({ seed: 1 }))).toEqual(first);
    expect(await numbersOf(await startRig({ seed: 2 }))).not.toEqual(first);
    rig.control.reset();
    const again = await numbersOf(rig);
    expect(new Set(again)).toEqual(new Set(first));
    expect(again).toHaveLength(first.length);
  });
});

describe('a new stream id', () => {
  it('starts the numbering anew, says bye and closes; the old cursor gets a gap', async () => {
    const rig = await startRig();
    const client = await rig.follow();
    say(rig, 5);
    await until(() => client.seqs().length === 5);
    const before = rig.control.state().stream;
    rig.control.setFaults({ newStreamId: true });
    await until(() => client.closed !== null);
    expect(client.closed?.code).toBe(1012);
    expect(client.ofOp('bye')).toHaveLength(1);
    const { stream, seq } = rig.control.state();
    expect(stream).not.toBe(before);
    expect(seq).toBe(0);
    say(rig, 1);
    const again = await rig.follow({ stream: before, after: 5 });
    await until(() => again.frames.length === 2);
    expect(again.frames).toMatchObject([{ op: 'hello', stream, seq: 1 }, { op: 'gap' }]);
  });
});
