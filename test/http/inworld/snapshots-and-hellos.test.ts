/** Snapshots and hellos at the door: the newest is kept, and a difference asks for a resync. */
import type { Response } from 'supertest';
import type { Rental } from '../../../src/domain/rental';
import { NULL_KEY } from '../../../src/domain/ids';
import { plusSeconds } from '../../../src/domain/time';
import { createDoorWorld, type DoorWorld, type WorldOptions } from './door-world';
import { expectNothingKept, expectOutcome } from './expectations';
import { boxVerified, NOW, NOW_UNIX, paidUntil, RENTAL_ID, sampleRental } from './sample-estate';
import { HELLO, SNAPSHOT } from './sample-events';
import { EVENTS } from './signed-call';

let world: DoorWorld;
async function open(options: WorldOptions = {}): Promise<void> {
  world = await createDoorWorld(options);
}
afterEach(() => world.close());

const say = (event: object, change: object = {}): Promise<Response> =>
  world.call({ path: EVENTS, body: { ...event, ...change } });
const rental = (): Rental => world.rental(RENTAL_ID)!;

describe('a snapshot', () => {
  it('is kept as the newest word of the provider in-world', async () => {
    await open();
    expectOutcome(await say(SNAPSHOT), [200, 'stored', 0]);
    expect((await world.box()).snapshot).toEqual({
      at: NOW,
      left: 172_800,
      renter: SNAPSHOT.renter,
      locked: false,
      reserved: '',
      pricePerWeek: 196,
      prims: 351,
      over: false,
      rezzed: NOW - 86_400_000,
      tenants: [SNAPSHOT.renter],
    });
  });

  it('needs no more than its time, what is left, and the renter', async () => {
    await open();
    const { v, type, at, left, renter } = SNAPSHOT;
    expectOutcome(await say({ v, type, at, left, renter }), [200, 'stored', 0]);
    expect((await world.box()).snapshot).toMatchObject({ locked: null, prims: null, tenants: [] });
  });

  it('is known, and changes nothing, when it is as old as the one kept, or older', async () => {
    await open();
    await say(SNAPSHOT);
    for (const at of [NOW_UNIX, NOW_UNIX - 100]) {
      expectOutcome(await say(SNAPSHOT, { at, left: 1 }), [200, 'known', 0]);
    }
    expect((await world.box()).snapshot).toMatchObject({ at: NOW, left: 172_800 });
    expect(world.writes).toEqual([]);
  });

  it('from the future is refused', async () => {
    await open();
    expectOutcome(await say(SNAPSHOT, { at: NOW_UNIX + 601 }), [422, 'refused', 0]);
    expect((await world.box()).snapshot).toBeNull();
    expectNothingKept(world);
  });

  it.each([
    ['that agrees with our ledger', 172_800],
    ['that shows a minute less', 172_740],
    ['that shows a minute more', 172_860],
  ])('%s asks for nothing', async (_what, left) => {
    await open();
    await say(SNAPSHOT, { left });
    expectNothingKept(world);
  });

  it.each<[what: string, change: object]>([
    ['that shows less time than our ledger', { left: 172_739 }],
    ['that shows a paid rental as overdue', { left: -10 }],
    ['that shows a paid rental as free', { left: 0, renter: NULL_KEY }],
    ['that shows time that no payment explains', { left: 172_861 }],
    ['that shows another tenant', { renter: 'a2e76fcd-9360-4f6d-a924-000000000009' }],
  ])('%s has the rental compared with the provider', async (_what, change) => {
    await open();
    expectOutcome(await say(SNAPSHOT, change), [200, 'stored', 0]);
    expect(rental().resyncAt).toBe(NOW);
    expect(world.woken.resync).toEqual([RENTAL_ID]);
  });

  it('that shows what unresolved payments would buy asks for nothing', async () => {
    const cache = paidUntil(plusSeconds(NOW, 172_800), 1);
    const possiblyPaidUntil = plusSeconds(NOW, 777_600);
    await open({ rental: sampleRental({ cache: { ...cache, possiblyPaidUntil } }) });
    await say(SNAPSHOT, { left: 777_600 });
    expectNothingKept(world);
    await say(SNAPSHOT, { at: NOW_UNIX + 1, left: 777_700 });
    expect(world.woken.resync).toEqual([RENTAL_ID]);
  });

  it('of a tenant in a rental that we hold for free asks for a comparison', async () => {
    await open({ rental: sampleRental({ tenancy: null, cache: null }) });
    await say(SNAPSHOT);
    expect(world.woken.resync).toEqual([RENTAL_ID]);
  });

  it('of a free rental that is free with us too asks for nothing', async () => {
    await open({ rental: sampleRental({ tenancy: null, cache: null }) });
    await say(SNAPSHOT, { left: 0, renter: NULL_KEY });
    expectNothingKept(world);
  });

  it('asks once while a comparison is due already', async () => {
    await open({ rental: sampleRental({ resyncAt: NOW }) });
    await say(SNAPSHOT, { left: 1 });
    expect(world.writes).toEqual([]);
    expect(world.woken.resync).toEqual([RENTAL_ID]);
  });

  it('of a rental without a provider is kept, and compared with nothing', async () => {
    await open({ rental: boxVerified() });
    expectOutcome(await say(SNAPSHOT, { left: 1 }), [200, 'stored', 0]);
    expectNothingKept(world);
  });

  it('is not kept when the comparison could not be asked for, so that it comes again', async () => {
    let failures = 1;
    await open({
      change: ({ rentals }) => ({
        rentals: {
          ...rentals,
          askResync: async (ids, at) => {
            if (failures-- > 0) throw new Error('away');
            await rentals.askResync(ids, at);
          },
        },
      }),
    });
    expect((await say(SNAPSHOT, { left: 1 })).status).toBe(503);
    expectOutcome(await say(SNAPSHOT, { left: 1 }), [200, 'stored', 0]);
    expect(rental().resyncAt).toBe(NOW);
  });
});

describe('a hello', () => {
  it('is kept, and says how many events wait', async () => {
    await open();
    expectOutcome(await say(HELLO, { outbox: 7 }), [200, 'stored', 0]);
    expect(await world.box()).toMatchObject({
      version: '1.0.0',
      url: 'http://simhost.example:12046/cap/1',
      rezzedAt: NOW - 60_000,
    });
    expect(world.woken.seen).toContainEqual({ id: 'box_42', at: NOW, outbox: 7 });
  });

  it('needs no address', async () => {
    await open();
    const { url: _none, ...hello } = HELLO;
    expectOutcome(await say(hello), [200, 'stored', 0]);
    expect((await world.box()).url).toBeNull();
  });

  it('writes nothing when it says nothing new', async () => {
    await open();
    await say(HELLO);
    const { rev } = await world.box();
    expectOutcome(await say(HELLO), [200, 'stored', 0]);
    expect((await world.box()).rev).toBe(rev);
  });

  it('of an earlier rez, that came late, is known and changes nothing', async () => {
    await open();
    await say(HELLO);
    const late = { rezzed: HELLO.rezzed - 1, version: '0.9.0' };
    expectOutcome(await say(HELLO, late), [200, 'known', 0]);
    expect((await world.box()).version).toBe('1.0.0');
  });

  it('that names a rez still to come does not silence those after it', async () => {
    await open();
    expectOutcome(await say(HELLO, { rezzed: NOW_UNIX + 10 ** 9 }), [200, 'stored', 0]);
    const next = { rezzed: NOW_UNIX, version: '2.0.0' };
    expectOutcome(await say(HELLO, next), [200, 'stored', 0]);
    expect((await world.box()).version).toBe('2.0.0');
  });

  it('from the future is refused', async () => {
    await open();
    expectOutcome(await say(HELLO, { at: NOW_UNIX + 601 }), [422, 'refused', 0]);
    expect((await world.box()).version).toBeNull();
  });

  it('with an empty outbox after the limit is the second key without a provider', async () => {
    await open({ rental: boxVerified({ cache: paidUntil(plusSeconds(NOW, -80 * 3_600)) }) });
    await say(HELLO, { outbox: 1 });
    expect(rental().boxClearAt).toBeNull();
    await say(HELLO, { outbox: 0 });
    expect(rental().boxClearAt).toBe(NOW);
  });
});
