import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { startRig, stopRigs, until, type Rig } from './rig';

afterEach(stopRigs);

/** `howMany` notices: one event each, and nothing else changes. */
function say(rig: Rig, howMany: number, text = 'notice'): void {
  for (let n = 0; n < howMany; n += 1) rig.control.notice({ text });
}

describe('what the server closes for', () => {
  it('accepts a wrong token and then closes with 4001', async () => {
    const client = await (await startRig()).open('wrong');
    await until(() => client.closed !== null);
    expect(client.closed?.code).toBe(4001);
    expect(client.refused).toBeNull();
  });

  it('closes with 4002 when no subscription comes within 5 s', async () => {
    const rig = await startRig();
    const client = await rig.open();
    await until(() => rig.control.state().counts.connections === 1);
    await rig.clock.advance(4_999);
    expect(client.closed).toBeNull();
    await rig.clock.advance(1);
    await until(() => client.closed !== null);
    expect(client.closed?.code).toBe(4002);
  });

  it.each([
    ['no JSON', 'hello?'],
    ['no object', '7'],
    ['an ack first', '{"op":"ack","seq":1}'],
    ['no cursor', '{"op":"subscribe"}'],
    ['a negative number', '{"op":"subscribe","stream":"s","after":-1}'],
    [
      'more than 64 KiB',
      `{"op":"subscribe","stream":null,"after":null,"x":"${'x'.repeat(65_536)}"}`,
    ],
  ])('closes with 4002 when the first frame is %s', async (_what, frame) => {
    const client = await (await startRig()).open();
    client.send(frame);
    await until(() => client.closed !== null);
    expect(client.closed?.code).toBe(4002);
  });

  it('closes with 4002 on a second subscription and on an ack without a number', async () => {
    const rig = await startRig();
    for (const frame of [{ op: 'subscribe', stream: null, after: null }, { op: 'ack' }]) {
      const client = await rig.follow();
      client.send(frame);
      await until(() => client.closed !== null);
      expect(client.closed?.code).toBe(4002);
    }
  });

  it('closes with 4002 on a binary frame', async () => {
    const client = await (await startRig()).open();
    client.socket.send(Buffer.from('{"op":"subscribe","stream":null,"after":null}'));
    await until(() => client.closed !== null);
    expect(client.closed?.code).toBe(4002);
  });

  it('passes over operations and fields that it does not know', async () => {
    const rig = await startRig();
    const client = await rig.open();
    client.send({ op: 'subscribe', stream: null, after: null, colour: 'blue' });
    client.send({ op: 'dance' });
    await until(() => client.frames.length === 1);
    say(rig, 1);
    await until(() => client.seqs().length === 1);
    expect(client.closed).toBeNull();
  });

  it('closes a slow reader with 4008 when what it still needs is forgotten', async () => {
    const rig = await startRig({ keepEvents: 100 });
    const slow = await rig.follow();
    slow.socket.pause();
    for (let round = 0; round < 200; round += 1) {
      say(rig, 100, 'x'.repeat(2_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    slow.socket.resume();
    await until(() => slow.closed !== null);
    expect(slow.closed?.code).toBe(4008);
    expect(slow.seqs().length).toBeLessThan(20_000);
    expect(slow.seqs()).toEqual(Array.from(slow.seqs(), (_, index) => index + 1));
  });

  it('lets a reader that pauses catch up, with no number missing', async () => {
    const rig = await startRig();
    const client = await rig.follow();
    client.socket.pause();
    for (let round = 0; round < 200; round += 1) {
      say(rig, 100, 'x'.repeat(2_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await rig.clock.advance(3_000);
    client.socket.resume();
    await until(() => client.seqs().length === 20_000);
    await until(() => client.ofOp('heartbeat').length > 0);
    expect(client.seqs()).toEqual(Array.from({ length: 20_000 }, (_, index) => index + 1));
    const before = client.frames.findIndex(({ op }) => op === 'heartbeat') - 1;
    expect(client.frames[before]).toMatchObject({ seq: client.ofOp('heartbeat')[0]?.['seq'] });
  });

  it('says bye and closes with 1012 when it shuts down', async () => {
    const rig = await startRig();
    const client = await rig.follow();
    await rig.close();
    await until(() => client.closed !== null);
    expect(client.ofOp('bye')).toEqual([{ op: 'bye', reason: 'shutting down', retryMs: 500 }]);
    expect(client.closed?.code).toBe(1012);
    await expect(fetch(rig.url)).rejects.toThrow();
  });

  it.each(['/', '//', '/v1/streams', 'x'])('refuses an upgrade at %s', async (path) => {
    const rig = await startRig();
    const socket = connect(rig.port, '127.0.0.1');
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nHost: sim';
    socket.write(`GET ${path} HTTP/1.1\r\n${upgrade}\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 40[04] /);
    expect((await rig.follow()).frames).toHaveLength(1);
  });

  it('answers a plain call at its path with 404', async () => {
    expect((await (await startRig()).call('/v1/stream')).status).toBe(404);
  });
});
