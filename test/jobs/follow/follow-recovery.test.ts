/** What a follower makes good: gaps, new numberings, missing numbers. */
import type { TxId, UnitId } from '../../../src/domain/ids';
import { DAY_MS, MINUTE_MS, plusMs, type Instant } from '../../../src/domain/time';
import type { StreamSignal } from '../../../src/flows/ports/provider-port';
import { createFollowWorld, type FollowerProcess, type FollowWorld } from './follow-world';

let world: FollowWorld;
let process: FollowerProcess;

const version = (id: string): number | undefined =>
  world.transactions.get(id as TxId)?.word.version;
const horizon = async (): Promise<Instant> => (await world.follower.read()).horizon!;
const lists = (): number => world.provider.calls.filter((name) => name === 'transactions').length;
const send = (...signals: StreamSignal[]): void =>
  world.provider.connections.at(-1)!.deliver(signals);

beforeEach(async () => {
  world = createFollowWorld();
  world.provider.say('old', { updatedAt: plusMs(world.clock.now(), -DAY_MS) });
  process = world.start('a');
  await world.live(10 * MINUTE_MS);
});

describe('a missing number', () => {
  it('is waited for five seconds, then made good from before the horizon', async () => {
    const before = lists();
    world.provider.say('skipped', {}, 'skip');
    world.provider.say('heard');
    await world.live(4_000);
    expect(version('heard')).toBe(1);
    expect(version('skipped')).toBeUndefined();
    expect(lists()).toBe(before);
    await world.live(2_000);
    expect(version('skipped')).toBe(1);
    expect(lists()).toBe(before + 1);
    expect(world.taken.flatMap(({ transactions }) => transactions)).toContainEqual(
      expect.objectContaining({ txId: 'skipped' }),
    );
    expect(world.provider.seq).toBe((await world.follower.read()).seq);
  });

  it('holds the horizon and the cursor until it is made good', async () => {
    const before = await world.follower.read();
    world.provider.restFails = 'passing';
    world.provider.say('skipped', {}, 'skip');
    world.provider.say('heard');
    await world.live(10 * MINUTE_MS);
    const { seq, horizon: during } = await world.follower.read();
    expect(seq).toBe(before.seq);
    expect(during! - before.horizon!).toBeLessThanOrEqual(1_000);
    expect(version('heard')).toBe(1);
    world.provider.restFails = 'never';
    await world.live(2 * MINUTE_MS);
    expect(version('skipped')).toBe(1);
    expect(world.clock.now() - (await horizon())).toBeLessThanOrEqual(2_000);
    expect(process.log.facts('error')).toEqual([]);
  });

  it('costs nothing when it comes late by itself', async () => {
    const before = lists();
    const { seq } = world.provider;
    const [word, next] = ['late', 'early'].map((id) => world.provider.say(id, {}, 'skip'));
    const time = world.clock.now();
    send({ kind: 'transaction', seq: seq + 2, time, word: next! });
    await world.live(3_000);
    send({ kind: 'transaction', seq: seq + 1, time, word: word! });
    await world.live(20_000);
    expect(lists()).toBe(before);
    expect((await world.follower.read()).seq).toBe(seq + 2);
  });

  it('is fetched once the link is gone as well', async () => {
    world.provider.say('skipped', {}, 'skip');
    world.provider.beat();
    await world.clock.advance(1_000);
    world.provider.links = 'refuse';
    world.provider.cut();
    await world.clock.advance(10_000);
    expect(version('skipped')).toBe(1);
  });
});

describe('a gap', () => {
  it('is made good by REST, while the stream goes on live', async () => {
    world.provider.links = 'refuse';
    world.provider.cut();
    for (let i = 0; i < 20; i += 1) world.provider.say(`missed-${i}`);
    world.provider.trim(5);
    world.provider.links = 'deliver';
    await world.live(40_000);
    for (let i = 0; i < 20; i += 1) expect(version(`missed-${i}`)).toBe(1);
    world.provider.say('after');
    await world.live(2_000);
    expect(await world.follower.read()).toMatchObject({ seq: world.provider.seq });
    expect((await world.follower.read()).streams).toHaveLength(1);
  });

  it('is believed when the provider says so, whatever its hello promised', async () => {
    const before = lists();
    send({ kind: 'gap', oldest: 1 });
    await world.live(1_000);
    expect(lists()).toBe(before + 1);
  });

  it('is noticed when numbers fell back under the same id', async () => {
    world.provider.say('before');
    await world.live(2_000);
    world.provider.renumber('the-same');
    await world.live(1_000);
    world.provider.say('after', {}, 'skip');
    await world.live(10_000);
    expect(version('after')).toBe(1);
  });
});

describe('a new stream id', () => {
  it('outranks what was said before, whatever the versions', async () => {
    world.provider.say('tx', { version: 9, state: 'processing' });
    world.provider.sayUnit('unit-1', { version: 9 });
    await world.live(2_000);
    const longAgo = plusMs(world.clock.now(), -3 * DAY_MS);
    world.provider.renumber();
    const restored = { updatedAt: longAgo, version: 2 };
    world.provider.say('tx', { ...restored, state: 'queued' }, 'skip');
    world.provider.sayUnit('unit-1', restored, 'skip');
    await world.live(10_000);
    const tx = world.transactions.get('tx' as TxId);
    expect(tx).toMatchObject({ streamRank: 2, word: { version: 2, state: 'queued' } });
    const unit = world.units.get('unit-1' as UnitId);
    expect(unit).toMatchObject({ streamRank: 2, word: { version: 2 } });
    expect((await world.follower.read()).streams).toEqual(['stream-1', 'stream-2']);
  });

  it('is stored, with no number, before anything is taken under it', async () => {
    world.provider.renumber();
    world.provider.say('tx');
    const before = world.places.length;
    await world.live(5_000);
    const place = world.places.slice(before).find(({ streams }) => streams.length === 2);
    expect(place).toMatchObject({ streams: ['stream-1', 'stream-2'], seq: null });
    const ranks = world.taken.map(({ streamRank }) => streamRank);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  });

  it('ends what was being fetched under the old one', async () => {
    const release = world.provider.holdRest();
    world.provider.say('skipped', {}, 'skip');
    await world.live(7_000);
    world.provider.renumber();
    const before = lists();
    await world.live(3_000);
    expect(lists()).toBe(before + 1);
    release();
    await world.live(1_000);
    expect(world.transactions.get('skipped' as TxId)?.streamRank).toBe(2);
    expect(process.log.facts('error')).toEqual([]);
  });

  it('is made good in full although the link breaks again and again', async () => {
    world.provider.sayUnit('unit-1', { updatedAt: plusMs(world.clock.now(), -30 * DAY_MS) });
    await world.live(2_000);
    const release = world.provider.holdRest();
    world.provider.renumber();
    for (let i = 0; i < 10; i += 1) {
      await world.live(4_000);
      world.provider.cut();
    }
    release();
    await world.live(30_000);
    expect(world.units.get('unit-1' as UnitId)?.streamRank).toBe(2);
    const { seq, horizon: at } = await world.follower.read();
    expect(seq).toBe(world.provider.seq);
    expect(world.clock.now() - at!).toBeLessThanOrEqual(2_000);
  });
});

describe('a provider that refuses to be asked', () => {
  it('is asked once a minute, and the stream goes on', async () => {
    world.provider.restFails = 'refused';
    world.provider.say('skipped', {}, 'skip');
    const before = lists();
    await world.live(5 * MINUTE_MS);
    expect(lists() - before).toBeLessThanOrEqual(6);
    world.provider.say('live');
    await world.live(1_000);
    expect(version('live')).toBe(1);
  });
});
