/** Frames and rows that cannot be read: put aside for a person, and made good where they can be. */
import type { TxId } from '../../../src/domain/ids';
import { MINUTE_MS } from '../../../src/domain/time';
import type { StreamSignal } from '../../../src/flows/ports/provider-port';
import { createFollowWorld, type FollowWorld } from './follow-world';

type Unreadable = Extract<StreamSignal, { readonly kind: 'unreadable' }>;

let world: FollowWorld;

const version = (id: string): number | undefined =>
  world.transactions.get(id as TxId)?.word.version;
const lists = (): number => world.provider.calls.filter((name) => name === 'transactions').length;
const send = (...signals: StreamSignal[]): void =>
  world.provider.connections.at(-1)!.deliver(signals);

beforeEach(async () => {
  world = createFollowWorld();
  world.provider.say('old');
  world.start('a');
  await world.live(10 * MINUTE_MS);
});

describe('a frame that cannot be read', () => {
  const broken = (change: Partial<Unreadable>): Unreadable => ({
    ...{ kind: 'unreadable', seq: null, time: null, txId: null, unitId: null },
    ...{ fault: 'state: It is missing.', excerpt: '{"op":"event"' },
    ...change,
  });

  it('is put aside, and its transaction is fetched at once', async () => {
    const before = lists();
    world.provider.say('tx', {}, 'skip');
    const { seq } = world.provider;
    send(broken({ seq, time: world.clock.now(), txId: 'tx' as TxId }));
    await world.live(1_000);
    expect(version('tx')).toBe(1);
    expect(await world.asides.rows()).toMatchObject([{ from: 'stream', seq }]);
    await world.live(20_000);
    expect(lists()).toBe(before);
    expect((await world.follower.read()).seq).toBe(seq);
  });

  it('is made good by the next catch-up when nothing of it can be trusted', async () => {
    world.provider.say('tx', {}, 'skip');
    send(broken({}));
    await world.live(10_000);
    expect(version('tx')).toBe(1);
    expect(await world.asides.count()).toBe(1);
  });

  it('does not count as heard for an id that stood in no sound JSON', async () => {
    world.provider.say('right', {}, 'skip');
    const { seq } = world.provider;
    send(broken({ seq, txId: 'old' as TxId }));
    await world.live(2_000);
    expect((await world.follower.read()).seq).toBe(seq - 1);
    await world.live(10_000);
    expect(version('right')).toBe(1);
  });

  it('does not count as heard for a number of another numbering', async () => {
    const release = world.provider.holdRest('transaction');
    for (const id of ['one', 'two', 'three']) world.provider.say(id);
    const { seq } = world.provider;
    send(broken({ seq, time: world.clock.now(), txId: 'three' as TxId }));
    await world.live(1_000);
    world.provider.renumber();
    await world.live(5_000);
    while (world.provider.seq < seq - 1) world.provider.say('heard');
    world.provider.say('skipped', {}, 'skip');
    await world.live(1_000);
    release();
    await world.live(10_000);
    expect(version('skipped')).toBe(1);
  });

  it('stops nothing, however many come', async () => {
    for (let i = 0; i < 1_000; i += 1) {
      world.provider.say(`tx-${i}`, {}, 'skip');
      send(broken({ seq: world.provider.seq, time: world.clock.now(), txId: `tx-${i}` as TxId }));
    }
    await world.live(20_000);
    expect(world.transactions.size).toBe(1_001);
    expect((await world.follower.read()).seq).toBe(world.provider.seq);
  });

  it('is left to the catch-up when the provider cannot be asked', async () => {
    world.provider.say('tx', {}, 'skip');
    world.provider.restFails = 'passing';
    send(broken({ seq: world.provider.seq, time: world.clock.now(), txId: 'tx' as TxId }));
    await world.live(20_000);
    world.provider.restFails = 'never';
    await world.live(2 * MINUTE_MS);
    expect(version('tx')).toBe(1);
  });
});

describe('a row that cannot be read', () => {
  it('is put aside and does not hold the horizon', async () => {
    world.provider.unreadable.add('skipped');
    world.provider.say('skipped', {}, 'skip');
    await world.live(10_000);
    expect(await world.asides.rows()).toEqual([]);
    expect(version('skipped')).toBe(1);
    expect((await world.follower.read()).seq).toBe(world.provider.seq);
  });

  it('is put aside when it cannot be had alone either', async () => {
    world.provider.unreadable.add('skipped');
    world.provider.say('skipped', {}, 'skip');
    world.provider.transactions.delete('skipped' as TxId);
    world.provider.transactions.set('hidden' as TxId, {
      ...world.provider.say('skipped', {}, 'skip'),
      txId: 'gone' as TxId,
    });
    world.provider.transactions.delete('skipped' as TxId);
    world.provider.unreadable.add('gone');
    await world.live(10_000);
    expect(await world.asides.rows()).toMatchObject([{ from: 'lookup', excerpt: 'gone' }]);
    expect((await world.follower.read()).seq).toBe(world.provider.seq);
  });
});
