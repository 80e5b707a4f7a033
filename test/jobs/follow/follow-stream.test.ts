/** Following in ordinary times: what is stored, in which order, and how far it counts. */
import type { StreamId, TxId } from '../../../src/domain/ids';
import { MINUTE_MS, plusMs, type Instant } from '../../../src/domain/time';
import { createFollowWorld, START, type FollowWorld } from './follow-world';

let world: FollowWorld;

const version = (id: string): number | undefined =>
  world.transactions.get(id as TxId)?.word.version;
const horizon = async (): Promise<Instant | null> => (await world.follower.read()).horizon;

beforeEach(() => {
  world = createFollowWorld();
});

describe('the first start', () => {
  it('reads everything that the provider has, and then follows', async () => {
    world.provider.say('old', { updatedAt: plusMs(START, -400 * 24 * 60 * MINUTE_MS) });
    world.provider.sayUnit('unit-1');
    const { job } = world.start('a');
    await world.live(3_000);
    expect(version('old')).toBe(1);
    expect(world.units.size).toBe(1);
    world.provider.say('new');
    await world.live(2_000);
    expect(version('new')).toBe(1);
    expect(await world.follower.read()).toMatchObject({ streams: ['stream-1'], seq: 3 });
    expect(await horizon()).toBeGreaterThanOrEqual(plusMs(START, 3_000));
    await job.stop();
    expect(world.clock.waiting()).toBe(0);
  });

  it('stores the stream id before any word that ranks by it', async () => {
    const { job, life } = world.start('a');
    life.atStep(5, () => life.kill());
    world.provider.say('first');
    await world.clock.advance(1_000);
    expect(world.places[0]).toEqual({ streams: ['stream-1'], seq: null, horizon: null });
    expect(world.taken).toEqual([]);
    void job;
  });

  it('applies what is heard while the lists are still being read', async () => {
    world.provider.say('old');
    const release = world.provider.holdRest();
    const { job } = world.start('a');
    await world.live(2_000);
    world.provider.say('live');
    await world.live(1_000);
    expect(version('live')).toBe(1);
    expect(version('old')).toBeUndefined();
    expect(await horizon()).toBeNull();
    release();
    await world.live(2_000);
    expect(version('old')).toBe(1);
    expect(await horizon()).toBeGreaterThan(START);
    await job.stop();
  });

  it('reads page after page, without ever holding more than one', async () => {
    world = createFollowWorld({ pageSize: 10 });
    for (let i = 0; i < 95; i += 1) world.provider.say(`tx-${i}`);
    const { job } = world.start('a');
    await world.live(2_000);
    expect(world.transactions.size).toBe(95);
    expect(Math.max(...world.taken.map((input) => input.transactions.length))).toBe(10);
    await job.stop();
  });
});

describe('the evidence horizon', () => {
  beforeEach(async () => {
    world.start('a');
    await world.live(3_000);
  });

  it('follows the heartbeats while nothing is missing', async () => {
    await world.live(60_000);
    expect(world.clock.now() - (await horizon())!).toBeLessThanOrEqual(2_000);
  });

  it('never moves on silence', async () => {
    const before = await horizon();
    await world.clock.advance(60_000);
    expect(await horizon()).toEqual(before);
  });

  it('is never ahead of our own clock', async () => {
    const ahead = plusMs(world.clock.now(), 3_600_000);
    const [connection] = world.provider.connections;
    connection!.deliver([{ kind: 'heartbeat', seq: world.provider.seq, time: ahead }]);
    await world.clock.advance(2_000);
    expect(await horizon()).toBeLessThanOrEqual(world.clock.now());
  });

  it('is stored only after the events that it covers', async () => {
    world.provider.say('slow');
    world.provider.beat();
    const before = world.taken.length;
    await world.live(3_000);
    const place = world.places.findIndex((one) => one.seq === world.provider.seq);
    expect(place).toBeGreaterThan(0);
    expect(world.taken.length).toBeGreaterThan(before);
  });

  it('is written about once a second, however much is heard', async () => {
    const before = world.places.length;
    for (let i = 0; i < 100; i += 1) {
      world.provider.say(`tx-${i}`);
      await world.clock.advance(50);
    }
    expect(world.places.length - before).toBeLessThanOrEqual(7);
  });

  it('is written behind a word that comes when it is nearly due', async () => {
    const sayAfter = async (ms: number): Promise<number> => {
      await world.clock.advance(ms);
      world.provider.say(`tx-after-${ms}`);
      await world.clock.advance(10);
      return world.places.filter(({ seq }) => seq === world.provider.seq).length;
    };
    expect(await sayAfter(5_000)).toBe(1);
    expect(await sayAfter(700)).toBe(0);
    expect(await sayAfter(90)).toBe(1);
    expect(await sayAfter(700)).toBe(0);
    await world.clock.advance(300);
    expect(world.places.at(-1)!.seq).toBe(world.provider.seq);
  });

  it('is acknowledged to the provider once it is stored', async () => {
    world.provider.say('tx');
    await world.live(2_000);
    expect(world.provider.connections[0]!.acked.at(-1)).toBe(1);
  });
});

describe('a link that ends', () => {
  it('goes on after the stored number, and hears what fell in between', async () => {
    world.start('a');
    await world.live(3_000);
    world.provider.say('one');
    await world.live(1_000);
    const reads = world.provider.calls.length;
    world.provider.cut();
    world.provider.say('two');
    world.provider.say('two');
    await world.live(3_000);
    expect(world.provider.cursors.at(-1)).toEqual({ streamId: 'stream-1', seq: 1 });
    expect(version('two')).toBe(2);
    expect(world.provider.calls.length).toBe(reads);
  });

  it('is dialled again with pauses that grow, and at once after a healthy minute', async () => {
    world.provider.links = 'refuse';
    world.start('a');
    await world.clock.advance(60_000);
    expect(world.provider.cursors.length).toBeGreaterThanOrEqual(6);
    expect(world.provider.cursors.length).toBeLessThanOrEqual(10);
    world.provider.links = 'deliver';
    await world.live(80_000);
    const before = world.provider.cursors.length;
    world.provider.cut();
    await world.live(500);
    expect(world.provider.cursors.length).toBe(before + 1);
  });

  it('is not dialled again when the provider refuses our token, and somebody is told', async () => {
    const { log, job } = world.start('a');
    await world.live(3_000);
    world.provider.connections[0]!.cut({ code: 4001, reason: 'bad token', retry: 'never' });
    const dialled = world.provider.cursors.length;
    await world.clock.advance(2 * 60 * MINUTE_MS + 1_000);
    expect(world.provider.cursors.length).toBe(dialled);
    expect(world.told.at(-1)).toBe('a refused');
    expect(log.facts('error')).toHaveLength(3);
    await job.stop();
    expect(world.clock.waiting()).toBe(0);
  });

  it('waits as long as the provider asks in its bye', async () => {
    world.start('a');
    await world.live(3_000);
    const [connection] = world.provider.connections;
    connection!.deliver([{ kind: 'bye', reason: 'restart', retryMs: 20_000 }]);
    connection!.cut({ code: 1012, retryMs: 20_000 });
    await world.clock.advance(19_000);
    expect(world.provider.cursors).toHaveLength(1);
    await world.clock.advance(2_000);
    expect(world.provider.cursors).toHaveLength(2);
  });
});

describe('the database', () => {
  it('may fail at any time: what it could not store is heard again', async () => {
    const { log } = world.start('a');
    await world.live(3_000);
    world.database = 'down';
    world.provider.say('unstored');
    await world.live(20_000);
    expect(version('unstored')).toBeUndefined();
    world.database = 'up';
    await world.live(15_000);
    expect(version('unstored')).toBe(1);
    expect(log.facts('error')).toEqual([]);
    expect(world.clock.now() - (await horizon())!).toBeLessThanOrEqual(2_000);
  });
});

describe('stream ids', () => {
  it('are kept in the order in which they appeared, also one that comes back', async () => {
    const ids = ['stream-1', 'stream-2', 'stream-1'] as StreamId[];
    await world.follower.write({ streams: ids.slice(0, 2), seq: 7, horizon: START }, 0);
    world.provider.say('tx');
    world.start('a');
    await world.live(8_000);
    expect((await world.follower.read()).streams).toEqual(ids);
    expect(world.transactions.get('tx' as TxId)?.streamRank).toBe(3);
  });

  it('share the last rank once a thousand have appeared, and somebody is told', async () => {
    const streams = Array.from({ length: 1_000 }, (_, n) => `before-${n}` as StreamId);
    await world.follower.write({ streams, seq: 7, horizon: START }, 0);
    const { log } = world.start('a');
    world.provider.say('tx');
    await world.live(8_000);
    expect((await world.follower.read()).streams).toEqual([...streams.slice(0, 999), 'stream-1']);
    expect(world.transactions.get('tx' as TxId)?.streamRank).toBe(1_000);
    expect(log.facts('error')).toEqual(['ranks of stream ids used up']);
  });
});
