/** Several service processes on one database: exactly one follows, whatever becomes of it. */
import type { TxId } from '../../../src/domain/ids';
import { createFollowWorld, type FollowWorld } from './follow-world';

let world: FollowWorld;
const version = (id: string): number | undefined =>
  world.transactions.get(id as TxId)?.word.version;
const open = (): number => world.provider.connections.filter((one) => one.isOpen).length;

beforeEach(() => {
  world = createFollowWorld();
});

describe('two followers on one database', () => {
  it('follow one at a time', async () => {
    const a = world.start('a');
    await world.live(1_000);
    const b = world.start('b');
    await world.live(60_000);
    expect(open()).toBe(1);
    expect(world.told).toContain('b standby');
    expect(world.told).not.toContain('b live');
    await Promise.all([a.job.stop(), b.job.stop()]);
    expect(open()).toBe(0);
  });

  it('change places within 15 seconds when the one that follows is killed', async () => {
    const a = world.start('a');
    await world.live(1_000);
    const b = world.start('b');
    await world.live(30_000);
    a.life.kill();
    world.provider.say('meanwhile');
    let waited = 0;
    while (version('meanwhile') === undefined && waited < 60) {
      await world.live(1_000);
      waited += 1;
    }
    expect(waited).toBeLessThanOrEqual(15);
    expect(world.told).toContain('b live');
    await b.job.stop();
  });

  it('change places within three seconds when the first is stopped in order', async () => {
    const a = world.start('a');
    await world.live(1_000);
    const b = world.start('b');
    await world.live(5_000);
    world.provider.say('before');
    await world.clock.advance(100);
    await a.job.stop();
    expect((await world.follower.read()).seq).toBe(world.provider.seq);
    world.provider.say('after');
    await world.live(3_000);
    expect(version('after')).toBe(1);
    await b.job.stop();
  });
});

describe('a follower that was stopped for a while', () => {
  it('writes nothing when it wakes up, and drops its stream', async () => {
    const a = world.start('a');
    await world.live(5_000);
    const stale = world.provider.connections[0]!;
    a.life.pause();
    const b = world.start('b');
    await world.live(20_000);
    expect(world.told).toContain('b live');
    world.provider.say('tx');
    await world.clock.advance(500);
    const places = world.places.length;
    const taken = world.taken.length;
    const steps = a.life.steps();
    a.life.resume();
    world.provider.say('tx');
    await world.clock.advance(900);
    expect(stale.isOpen).toBe(false);
    expect(world.taken.length).toBe(taken + 1);
    expect(world.places.length).toBeLessThanOrEqual(places + 1);
    // It asked for nothing but to give its lease back.
    expect(a.life.steps() - steps).toBeLessThanOrEqual(2);
    expect(a.log.facts('warn')).toContain('lease lost');
    await b.job.stop();
    await world.live(20_000);
    expect(open()).toBe(1);
    await a.job.stop();
  });

  it('writes nothing of what lay unread when it wakes before its timers', async () => {
    const a = world.start('a');
    await world.live(5_000);
    world.provider.links = 'hold';
    a.life.pause();
    await world.clock.advance(20_000);
    world.provider.say('unread');
    const taken = world.taken.length;
    // The frame is read first: nothing but the clock can tell that the lease is gone.
    world.provider.connections[0]!.deliver();
    await world.clock.advance(0);
    a.life.resume();
    await world.clock.advance(0);
    expect(world.taken.length).toBe(taken);
  });

  it('cannot overwrite the place of the one that follows now', async () => {
    const a = world.start('a');
    await world.live(5_000);
    world.provider.say('tx');
    // Stopped just before the place is written: its own check has passed already.
    a.life.atStep(3, () => a.life.pause());
    await world.clock.advance(1_100);
    const b = world.start('b');
    await world.live(30_000);
    const { seq } = await world.follower.read();
    world.provider.say('later');
    await world.live(2_000);
    a.life.resume();
    await world.live(1_000);
    expect((await world.follower.read()).seq).toBe(seq! + 1);
    expect(open()).toBe(1);
    await Promise.all([a.job.stop(), b.job.stop()]);
  });

  it('drops its stream once its place is refused, although it counts on its lease', async () => {
    const { log, job } = world.start('a');
    await world.live(5_000);
    await world.follower.write({ streams: [], seq: null, horizon: null }, 99);
    await world.live(1_000);
    expect(world.provider.connections[0]!.isOpen).toBe(false);
    expect(log.facts('error')).toEqual([]);
    await job.stop();
  });
});
