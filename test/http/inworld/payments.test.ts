/** Payments at the door: stored once, known when repeated, kept whatever their time says. */
import type { Response } from 'supertest';
import { NULL_KEY, parseTxId } from '../../../src/domain/ids';
import type { Report } from '../../../src/domain/payments/report';
import { createDoorWorld, type DoorWorld, type WorldOptions } from './door-world';
import { expectNothingKept, expectOutcome } from './expectations';
import { boxVerified, NOW, NOW_UNIX, RENTAL_ID, TENANT } from './sample-estate';
import { EVENT_ID, PAYMENT, PAYMENT_ID } from './sample-events';
import { EVENTS } from './signed-call';

let world: DoorWorld;
async function open(options: WorldOptions = {}): Promise<void> {
  world = await createDoorWorld(options);
}
afterEach(() => world.close());

const say = (event: object): Promise<Response> => world.call({ path: EVENTS, body: event });
const pay = (change: object = {}): Promise<Response> => say({ ...PAYMENT, ...change });
const kept = (): Report => world.report(PAYMENT_ID)!;

describe('a payment', () => {
  it('is stored as the box told it, due to be settled at once', async () => {
    await open();
    expectOutcome(await pay(), [200, 'stored', 0]);
    expect(kept()).toMatchObject({
      boxId: 'box_42',
      eventId: EVENT_ID,
      rentalId: RENTAL_ID,
      unitId: 'unit-7',
      payer: { key: TENANT.key, name: 'Zoë Resident' },
      amount: 250,
      at: NOW - 5_000,
      paidAt: NOW - 5_000,
      receivedAt: NOW,
      ref: null,
      settledBy: null,
      fromRetiredBox: false,
      nextCheckAt: NOW,
    });
    expect(world.woken.settle).toEqual([PAYMENT_ID]);
    expect(world.woken.seen).toEqual([{ id: 'box_42', at: NOW, outbox: null }]);
  });

  it('is known when the same is said again, in whatever order and with whatever else', async () => {
    await open();
    await pay();
    const backwards = Object.fromEntries(Object.entries(PAYMENT).reverse());
    const variations = [
      PAYMENT,
      backwards,
      { ...PAYMENT, name: '', more: 1 },
      { ...PAYMENT, v: 2 },
    ];
    const inCapitals = { ...PAYMENT, id: EVENT_ID.toUpperCase() };
    for (const event of [...variations, inCapitals]) {
      expectOutcome(await say(event), [200, 'known', 0]);
    }
    expect(world.reports.all()).toHaveLength(1);
    expect(kept().payer.name).toBe('Zoë Resident');
    expect(world.woken.settle).toEqual([PAYMENT_ID]);
  });

  it.each([
    ['amount', { amount: 251 }],
    ['payer', { payer: 'a2e76fcd-9360-4f6d-a924-000000000004' }],
    ['time', { at: PAYMENT.at - 1 }],
  ])('is in conflict when its event id comes with another %s', async (_what, change) => {
    await open();
    await pay();
    expectOutcome(await pay(change), [409, 'conflict', 0]);
    expect(world.reports.all()).toHaveLength(1);
    expect(kept()).toMatchObject({ amount: 250, at: NOW - 5_000 });
  });

  it('is stored with the time of receipt when its own is over ten minutes ahead', async () => {
    await open();
    const at = NOW_UNIX + 601;
    expectOutcome(await pay({ at }), [200, 'stored', 0]);
    expect(kept().paidAt).toBe(NOW);
    expect(kept().steps.map(({ code }) => code)).toEqual(['reported', 'dated-ahead']);
    expectOutcome(await pay({ at }), [200, 'known', 0]);
    expectOutcome(await pay({ at: NOW_UNIX }), [409, 'conflict', 0]);
  });

  it.each([9_999_999_999, NOW_UNIX - 91 * 86_400, 0])(
    'is stored even when its time is absurd, since real L$ changed hands (%i)',
    async (at) => {
      await open();
      expectOutcome(await pay({ at }), [200, 'stored', 0]);
      expect(kept().paidAt).toBe(NOW);
    },
  );

  it('keeps its own time when that is ten minutes ahead, or many days old', async () => {
    await open();
    for (const [n, at] of [NOW_UNIX + 600, NOW_UNIX - 89 * 86_400].entries()) {
      const id = `0b9f3c1e-5a2d-4c77-9f0e-2f1d3a4b5c${n}d`;
      await pay({ id, at });
      const report = world.report(`box_42:${id}`);
      expect(report).toMatchObject({ at: at * 1000, paidAt: at * 1000 });
    }
  });

  it('may name its transaction, or be given that name once, later', async () => {
    await open();
    await pay();
    expectOutcome(await pay({ ref: 'tx-100' }), [200, 'known', 0]);
    expect(kept()).toMatchObject({ ref: 'tx-100', rev: 2 });
    expectOutcome(await pay({ ref: 'tx-101' }), [200, 'known', 0]);
    expectOutcome(await pay(), [200, 'known', 0]);
    expect(kept()).toMatchObject({ ref: 'tx-100', rev: 2 });
    expect(world.woken.settle).toEqual([PAYMENT_ID, PAYMENT_ID]);
  });

  it('is due to be settled again when its transaction is named after it was finished', async () => {
    await open();
    await pay();
    await world.reports.save([{ ...kept(), nextCheckAt: null }]);
    await pay({ ref: 'tx-100' });
    expect(kept().nextCheckAt).toBe(NOW);
  });

  it('is given its transaction although settle writes the report at that moment', async () => {
    let races = 2;
    await open({
      change: ({ reports }) => ({
        reports: {
          ...reports,
          save: async (rows) => (races-- > 0 ? new Set() : reports.save(rows)),
        },
      }),
    });
    await pay();
    expectOutcome(await pay({ ref: 'tx-100' }), [200, 'known', 0]);
    expect(kept().ref).toBe(parseTxId('tx-100'));
  });

  it('confirms itself where the estate lets by itself', async () => {
    await open({ rental: boxVerified() });
    await pay();
    expect(kept()).toMatchObject({ unitId: null, settledBy: { by: 'self' } });
  });

  it('is told nothing of the rental, whoever paid', async () => {
    await open();
    const { body } = await pay({ payer: 'a2e76fcd-9360-4f6d-a924-00000000beef' });
    expect(Object.keys(body)).toEqual(['ok', 'code', 'retry', 't']);
  });

  it.each([0, -1, 0.5, 250.25, 2 ** 31, 1e300])('of L$ %p is refused', async (amount) => {
    await open();
    expectOutcome(await pay({ amount }), [422, 'refused', 0]);
    expectNothingKept(world);
  });

  it('of an amount too long for any number is refused', async () => {
    await open();
    const body = JSON.stringify(PAYMENT).replace(':250', `:${'9'.repeat(7_000)}`);
    expectOutcome(await world.call({ path: EVENTS, body }), [422, 'refused', 0]);
    expectNothingKept(world);
  });

  it.each([1, 2 ** 31 - 1, 250.0])('of L$ %p is stored', async (amount) => {
    await open();
    expectOutcome(await pay({ amount }), [200, 'stored', 0]);
    expect(kept().amount).toBe(amount);
  });

  it.each(['', '名前 🏝️ 𝕏', '(Loading...)', 'a"b\\c]}\n', 'x'.repeat(4_000)])(
    'may come from an agent named %j',
    async (name) => {
      await open();
      expectOutcome(await pay({ name }), [200, 'stored', 0]);
      expect(kept().payer.name).toBe(name.slice(0, 255));
    },
  );
});

describe('an agent without a key', () => {
  it('is a payer as well as any other: the grid itself may pay', async () => {
    await open();
    expectOutcome(await pay({ payer: NULL_KEY }), [200, 'stored', 0]);
  });
});
