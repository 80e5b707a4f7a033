/** What a box sells and for how much, whom it gives L$ back, and when it stops taking payments. */
import { until } from '../../scripts/rehearsal/until';
import { boxesSuite } from './boxes-suite';
import { paymentsSettled, type PaymentHeld } from './credited';
import type { Thing } from './in-world';
import { deadLettersOf, OWNER, outboxOf, press, rezBox, type Parcel } from './parcels';

const PAY_HIDE = -1;
const PAYER = 'a2e76fcd-9360-4f6d-a924-000000000003';
/** The longest that a box that nobody hints at goes without a poll. */
const POLLED_S = 400;
const HOUR_S = 3_600;

const suite = boxesSuite(12);
const { letOne } = suite;

async function prices(box: Thing): Promise<readonly number[]> {
  const { prims } = await box.see();
  return [prims[0]?.payPrice ?? 0, ...(prims[0]?.payQuick ?? [])];
}

const signOf = async (box: Thing): Promise<string> => (await box.see()).prims[0]?.text ?? '';

/** What the service holds of payments to this box, once all are settled. */
async function paymentsOf({ boxId }: Parcel): Promise<PaymentHeld[]> {
  return (await paymentsSettled(suite.service)).filter((one) => one.boxId === boxId);
}

/** Bends every standing that boxes are told. */
function bendStanding(change: (standing: string) => string): void {
  suite.service.sky.bend((path, answer) => (path.endsWith('/standing') ? change(answer) : answer));
}

describe('the pay buttons', () => {
  it('offer the price of the rental and its multiples', async () => {
    const { box } = await letOne({ price: 250 });
    expect(await prices(box)).toEqual([250, 250, 500, 750, 1_000]);
  });

  it('are hidden while the gate is closed, with a text that says so, and shown again', async () => {
    const { box } = await letOne();
    bendStanding((standing) => standing.replace('"gate":1', '"gate":0'));
    await suite.service.world.run(POLLED_S);
    expect(new Set(await prices(box))).toEqual(new Set([PAY_HIDE]));
    expect(await signOf(box)).toMatch(/paused/i);
    suite.service.sky.bend(null);
    await suite.service.world.run(POLLED_S);
    expect(await prices(box)).toContain(250);
  });

  it('follow the price when it changes', async () => {
    const { box } = await letOne({ price: 250 });
    bendStanding((standing) => standing.replace('"price":250', '"price":300'));
    await suite.service.world.run(POLLED_S);
    expect(await prices(box)).toContain(300);
    expect(await prices(box)).not.toContain(250);
  });

  it('are hidden on a box that is not paired', async () => {
    expect(
      new Set(await prices(await rezBox(suite.service.world, 'tierbox', 'Dream Bay'))),
    ).toEqual(new Set([PAY_HIDE]));
  });
});

describe('a payer', () => {
  it.each([
    '"[x]\n${}',
    '(Loading...)',
    'Zoë 🏠 “Ω” 山田',
    '',
    '[1,2]',
    'true',
    ' spaces ',
    '\\u0041',
  ])('called %j arrives unharmed', async (name) => {
    const parcel = await letOne();
    await parcel.box.pay({ payer: PAYER, name, amount: 250 });
    await suite.service.world.run(10);
    const [payment] = await paymentsOf(parcel);
    expect(payment).toMatchObject({ payer: { key: PAYER, name }, amount: 250, state: 'credited' });
  });
});

describe('an amount below the least payment', () => {
  it('goes back where the owner has allowed it, and the service is told', async () => {
    const { world } = suite.service;
    const parcel = await letOne({ minimum: 100 });
    await press(world, parcel.box, 'Returns');
    await parcel.box.answers('yes');
    await world.run(2);
    await parcel.box.pay({ payer: PAYER, name: 'Zoë', amount: 60, anyway: true });
    await world.run(30);
    const { received } = await world.ledger();
    expect(received[PAYER]?.filter(({ from }) => from === parcel.box.key())).toEqual([
      expect.objectContaining({ amount: 60 }),
    ]);
    await until('the service takes it for returned', async () => {
      const held = await paymentsOf(parcel);
      return held.length === 1 && held[0]?.state === 'refunded';
    });
  });

  it('is returned, or left to a person, where a reset comes in between', async () => {
    const { world } = suite.service;
    const parcel = await letOne({ minimum: 100 });
    await press(world, parcel.box, 'Returns');
    await parcel.box.answers('yes');
    await world.run(2);
    suite.service.sky.turn('down');
    await parcel.box.pay({ payer: PAYER, name: 'Zoë', amount: 60, anyway: true });
    await world.run(1);
    await parcel.box.reset();
    suite.service.sky.turn('fair');
    await world.run(HOUR_S);
    await until('it is returned, or left to a person', async () => {
      const waiting = await deadLettersOf(parcel.box);
      const [held, ...more] = await paymentsOf(parcel);
      expect(more).toEqual([]);
      return held?.state === 'refunded' || waiting.length === 1;
    });
  });

  it('is kept, said and credited where the owner has not', async () => {
    const { world } = suite.service;
    const parcel = await letOne({ minimum: 100 });
    const since = await world.mark();
    await parcel.box.pay({ payer: PAYER, name: 'Zoë', amount: 60, anyway: true });
    await world.run(30);
    expect(await paymentsOf(parcel)).toEqual([
      expect.objectContaining({ amount: 60, state: 'credited' }),
    ]);
    const told = (await world.told(since)).filter(({ to }) => to === PAYER);
    expect(told.map(({ text }) => text).join()).toMatch(/kept/);
  });
});

describe('an outbox that fills up', () => {
  it('stops the sales long before it is full, tells the owner, and loses none', async () => {
    const { world, sky } = suite.service;
    const parcel = await letOne();
    sky.turn('down');
    const since = await world.mark();
    let paid = 0;
    for (; paid < 300; paid += 1) {
      const { paid: isPaid } = await parcel.box.pay({ payer: PAYER, name: 'Zoë', amount: 250 });
      if (!isPaid) break;
      await world.run(2);
    }
    expect(paid).toBeGreaterThanOrEqual(200);
    expect(paid).toBeLessThan(256);
    expect(new Set(await prices(parcel.box))).toEqual(new Set([PAY_HIDE]));
    // Pay windows that stood open before.
    for (let n = 0; n < 20; n += 1) {
      await parcel.box.pay({ payer: PAYER, name: 'Zoë', amount: 250, anyway: true });
      await world.run(2);
    }
    expect(await outboxOf(parcel.box)).toHaveLength(paid + 20);
    await world.run(2 * HOUR_S);
    const owner = (await world.told(since)).filter(({ to }) => to === OWNER.key);
    expect(owner.map(({ text }) => text).join()).toMatch(/no more payments/i);
    sky.turn('fair');
    expect(await world.runUntilNone('^tb\\.o\\.', 2 * HOUR_S)).toBe(true);
    const held = await paymentsOf(parcel);
    expect(held).toHaveLength(paid + 20);
    expect(held.every(({ state }) => state === 'credited')).toBe(true);
    await world.run(POLLED_S);
    expect(await prices(parcel.box)).toContain(250);
  });

  it('offers nothing where another script has filled it, and keeps what comes', async () => {
    const { world, sky } = suite.service;
    const parcel = await letOne();
    sky.turn('down');
    await parcel.box.put({ strange: 'x'.repeat(120_000) });
    await world.run(120);
    expect(await parcel.box.pay({ payer: PAYER, name: 'Zoë', amount: 250 })).toMatchObject({
      paid: false,
    });
    await parcel.box.pay({ payer: PAYER, name: 'Zoë', amount: 250, anyway: true });
    await world.run(5);
    expect(await outboxOf(parcel.box)).toHaveLength(1);
  });
});
