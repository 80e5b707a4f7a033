/**
 * Objects are copied, taken, sold and reset: only the one that the service knows sells anything.
 */
import { until } from '../../scripts/rehearsal/until';
import { boxDeed, boxHeld } from './box-deeds';
import { boxesSuite } from './boxes-suite';
import { paymentsSettled, type PaymentHeld } from './credited';
import type { Thing } from './in-world';
import { deadLettersOf, outboxOf, pairByTouch, press, type Parcel } from './parcels';

const PAYER = { payer: 'a2e76fcd-9360-4f6d-a924-000000000003', name: 'Zoë' };
const BUYER = 'b0000000-0000-4000-8000-000000000001';
const MINUTES_S = 600;

const suite = boxesSuite(13);
const { letOne, after } = suite;

async function sells(box: Thing): Promise<boolean> {
  const { prims } = await box.see();
  return prims.some(({ payPrice, payQuick }) => payPrice !== -1 || payQuick.some((one) => one > 0));
}

async function paymentsOf({ boxId }: Parcel): Promise<PaymentHeld[]> {
  return (await paymentsSettled(suite.service)).filter((one) => one.boxId === boxId);
}

describe('a copy of a box', () => {
  it('sells nothing from its first moment on, and the original goes on', async () => {
    const { world } = suite.service;
    const parcel = await letOne();
    const twin = after(await parcel.box.copy('Dream Bay'));
    await world.run(0);
    expect(await sells(twin)).toBe(false);
    await world.run(MINUTES_S);
    expect(await sells(twin)).toBe(false);
    expect(await sells(parcel.box)).toBe(true);
    await parcel.box.pay({ ...PAYER, amount: 250 });
    await world.run(10);
    expect(await paymentsOf(parcel)).toEqual([expect.objectContaining({ state: 'credited' })]);
  });

  it('hides its pay buttons before it makes any call', async () => {
    const { world } = suite.service;
    const parcel = await letOne();
    const since = await world.mark();
    const twin = after(await parcel.box.copy('Dream Bay'));
    await world.run(0);
    const calls = (await world.calls(since)).filter(({ by }) => by === twin.key());
    expect(calls).toEqual([]);
    expect(await sells(twin)).toBe(false);
  });

  it('of a box whose outbox is not empty has nothing credited twice', async () => {
    const { world, sky } = suite.service;
    const parcel = await letOne();
    sky.turn('down');
    await parcel.box.pay({ ...PAYER, amount: 250 });
    await world.run(5);
    const twin = after(await parcel.box.copy('Dream Bay'));
    sky.turn('fair');
    await world.run(MINUTES_S);
    expect(await paymentsOf(parcel)).toHaveLength(1);
    expect(await outboxOf(parcel.box)).toEqual([]);
    expect(await sells(twin)).toBe(false);
  });

  it('gives back, or keeps and owns up to, what is paid to it all the same', async () => {
    const { world } = suite.service;
    const parcel = await letOne();
    const twin = after(await parcel.box.copy('Dream Bay'));
    await world.run(1);
    await twin.pay({ ...PAYER, amount: 250, anyway: true });
    await world.run(MINUTES_S);
    expect(await outboxOf(twin)).toHaveLength(1);
    expect(await paymentsOf(parcel)).toEqual([]);
  });
});

describe('a box that is rezzed anew', () => {
  it('asks to be taken for the old one, and goes on when the estate says so', async () => {
    const { world } = suite.service;
    const parcel = await letOne();
    const { box, boxId } = parcel;
    await suite.service.endService('SIGTERM');
    await box.pay({ ...PAYER, amount: 250 });
    await world.run(5);
    await box.take();
    await suite.service.startService();
    await box.rez('Blake Sea');
    await world.run(MINUTES_S);
    expect(await sells(box)).toBe(false);
    expect(await outboxOf(box)).toHaveLength(1);
    const { rebindAsked } = await boxHeld(suite.service, boxId);
    expect(rebindAsked).toEqual([{ objectKey: box.key() }]);
    await boxDeed(suite.service, boxId, 'rebind', { objectKey: box.key() });
    await press(world, box, 'Try again');
    await world.run(MINUTES_S);
    expect(await outboxOf(box)).toEqual([]);
    expect(await sells(box)).toBe(true);
    expect(await paymentsOf(parcel)).toEqual([expect.objectContaining({ state: 'credited' })]);
  });

  it('stops at once where it has another owner, and keeps what it holds', async () => {
    const { world, sky } = suite.service;
    const { box } = await letOne();
    sky.turn('down');
    await box.pay({ ...PAYER, amount: 250 });
    await world.run(5);
    await box.give(BUYER);
    await world.run(1);
    expect(await sells(box)).toBe(false);
    sky.turn('fair');
    await world.run(MINUTES_S);
    expect(await sells(box)).toBe(false);
    expect(await outboxOf(box)).toHaveLength(1);
  });
});

describe('a box that is paired anew', () => {
  it('with another rental credits it none of the payments to the old one', async () => {
    const { world, sky } = suite.service;
    const old = await letOne();
    sky.turn('down');
    await old.box.pay({ ...PAYER, amount: 250 });
    await world.run(5);
    sky.turn('fair');
    const other = await letOne();
    await boxDeed(suite.service, other.boxId, 'retire');
    const spare = await suite.service.admin.createBox(other.rentalId);
    sky.turn('no-service');
    await pairByTouch(world, old.box, spare.pairingCode);
    sky.turn('fair');
    await world.run(MINUTES_S);
    const held = await paymentsSettled(suite.service);
    expect(held.filter(({ boxId }) => boxId === spare.id)).toEqual([]);
    const dead = await deadLettersOf(old.box);
    const mine = held.filter(({ boxId }) => boxId === old.boxId);
    expect(dead.length + mine.length).toBe(1);
  });
});

describe('a reset', () => {
  it('with a call on its way loses nothing and repeats nothing', async () => {
    const { world, sky } = suite.service;
    const parcel = await letOne();
    await world.settings({ patienceS: 0.2 });
    for (const weather of ['held', 'swallowed', 'slow', 'cut', 'stranger'] as const) {
      sky.turn(weather);
      await parcel.box.pay({ ...PAYER, amount: 250 });
      await world.run(3);
      await parcel.box.reset();
      sky.turn('fair');
      await world.run(MINUTES_S);
    }
    await world.settings({ patienceS: 2 });
    expect(await outboxOf(parcel.box)).toEqual([]);
    expect(await paymentsOf(parcel)).toHaveLength(5);
  });

  it('leaves a box with its pairing, its standing and its price', async () => {
    const { world, sky } = suite.service;
    const { box } = await letOne();
    const before = await box.see();
    sky.turn('down');
    await box.reset();
    await world.run(60);
    const now = await box.see();
    expect(now.prims[0]?.payQuick).toEqual(before.prims[0]?.payQuick);
    expect(await sells(box)).toBe(true);
  });

  it('while the region restarts leaves nothing behind either', async () => {
    const { world, sky } = suite.service;
    const parcel = await letOne();
    sky.turn('down');
    await parcel.box.pay({ ...PAYER, amount: 250 });
    await world.run(1);
    await world.restart('Dream Bay');
    await parcel.box.reset();
    await world.run(1);
    sky.turn('fair');
    await world.run(MINUTES_S);
    expect(await paymentsOf(parcel)).toHaveLength(1);
    await until(
      'the service has been told of the empty outbox',
      async () => (await boxHeld(suite.service, parcel.boxId)).outbox === 0,
    );
  });
});
