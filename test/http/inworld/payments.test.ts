/** Payments and returns at the door: stored once, known when repeated, kept whatever their time says. */
import type { Response } from 'supertest';
import { parseReportId, parseTxId } from '../../../src/domain/ids';
import { NULL_KEY } from '../../../src/domain/ids';
import type { Report } from '../../../src/domain/report';
import { createDoorWorld, type DoorWorld, type WorldOptions } from './door-world';
import { expectNothingKept, expectOutcome } from './expectations';
import { boxVerified, NOW, NOW_UNIX, RENTAL_ID, TENANT } from './sample-estate';
import { EVENT_ID, HELLO, PAYMENT, PAYMENT_ID, RETURNED, SNAPSHOT } from './sample-events';
import { EVENTS, STANDING } from './signed-call';

let world: DoorWorld;
async function open(options: WorldOptions = {}): Promise<void> {
  world = await createDoorWorld(options);
}
afterEach(() => world.close());

const say = (event: object): Promise<Response> => world.call({ path: EVENTS, body: event });
const pay = (change: object = {}): Promise<Response> => say({ ...PAYMENT, ...change });
const kept = (): Report => world.reports.rows.get(parseReportId(PAYMENT_ID))!;

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
    expect(world.reports.rows.size).toBe(1);
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
    expect(world.reports.rows.size).toBe(1);
    expect(kept()).toMatchObject({ amount: 250, at: NOW - 5_000 });
  });

  it('is stored with the time of receipt when its own lies more than ten minutes ahead', async () => {
    await open();
    const at = NOW_UNIX + 601;
    expectOutcome(await pay({ at }), [200, 'stored', 0]);
    expect(kept()).toMatchObject({ at: at * 1000, paidAt: NOW });
    expect(kept().steps.map(({ code }) => code)).toEqual(['reported', 'dated-ahead']);
    expectOutcome(await pay({ at }), [200, 'known', 0]);
    expectOutcome(await pay({ at: NOW_UNIX }), [409, 'conflict', 0]);
  });

  it('is stored even when its time is absurd, since real L$ changed hands', async () => {
    await open();
    expectOutcome(await pay({ at: 9_999_999_999 }), [200, 'stored', 0]);
    expect(kept().paidAt).toBe(NOW);
  });

  it('keeps its own time when that is ten minutes ahead, or many days old', async () => {
    await open();
    for (const [n, at] of [NOW_UNIX + 600, NOW_UNIX - 40 * 86_400, 0].entries()) {
      const id = `0b9f3c1e-5a2d-4c77-9f0e-2f1d3a4b5c${n}d`;
      await pay({ id, at });
      const report = world.reports.rows.get(parseReportId(`box_42:${id}`));
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
    world.reports.rows.set(kept().id, { ...kept(), nextCheckAt: null });
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

describe('a payment from a retired box', () => {
  const retired = { box: { state: 'retired' as const } };

  it('is stored, and a person is told of it', async () => {
    await open(retired);
    expectOutcome(await pay(), [200, 'stored', 0]);
    expect(kept()).toMatchObject({ fromRetiredBox: true, settledBy: null });
    expect(world.breaks.opened).toHaveLength(1);
    expect(world.breaks.opened[0]).toMatchObject({
      draft: {
        kind: 'retired-box',
        about: PAYMENT_ID,
        subjects: [RENTAL_ID, PAYMENT_ID, 'box_42'],
      },
      region: 'Dream Bay',
      owner: 'estate',
      now: NOW,
    });
  });

  it('does not confirm itself, even where the estate lets by itself', async () => {
    await open({ ...retired, rental: boxVerified() });
    await pay();
    expect(kept().settledBy).toBeNull();
  });

  it('opens its break when it is repeated after a crash between the two', async () => {
    await open(retired);
    await pay();
    world.breaks.opened.length = 0;
    expectOutcome(await pay(), [200, 'known', 0]);
    expect(world.breaks.opened).toHaveLength(1);
  });

  it.each([
    ['a return', RETURNED],
    ['a snapshot', SNAPSHOT],
    ['a hello', HELLO],
  ])('is all that such a box may say: %s is refused', async (_what, event) => {
    await open(retired);
    expectOutcome(await say(event), [403, 'retired', 0]);
    expectNothingKept(world);
  });

  it('is all that such a box may say: it is told no standing', async () => {
    await open(retired);
    expectOutcome(await world.call({ path: STANDING }), [403, 'retired', 0]);
  });
});

describe('a return', () => {
  const word = () => world.returned.get(parseReportId(`${PAYMENT_ID}:returned`));

  it('is stored beside its payment, which is settled again although it was finished', async () => {
    await open();
    await pay();
    world.reports.rows.set(kept().id, { ...kept(), nextCheckAt: null });
    expectOutcome(await say(RETURNED), [200, 'stored', 0]);
    expect(word()).toMatchObject({ paymentReport: PAYMENT_ID, amount: 250, at: NOW - 2_000 });
    expect(kept().nextCheckAt).toBe(NOW);
    expect(world.woken.settle).toEqual([PAYMENT_ID, PAYMENT_ID]);
  });

  it('of a payment that we do not know yet is stored', async () => {
    await open();
    expectOutcome(await say(RETURNED), [200, 'stored', 0]);
    expect(word()).toBeDefined();
  });

  it('is known when it is said again, and in conflict with another amount or time', async () => {
    await open();
    await say(RETURNED);
    expectOutcome(await say(RETURNED), [200, 'known', 0]);
    expectOutcome(await say({ ...RETURNED, amount: 100 }), [409, 'conflict', 0]);
    expectOutcome(await say({ ...RETURNED, at: NOW_UNIX }), [409, 'conflict', 0]);
    expect(word()).toMatchObject({ amount: 250 });
  });

  it.each([
    ['of nothing', { amount: 0 }],
    ['of a part of a Linden dollar', { amount: 0.5 }],
    ['from the future', { at: NOW_UNIX + 601 }],
  ])('%s is refused', async (_what, change) => {
    await open();
    expectOutcome(await say({ ...RETURNED, ...change }), [422, 'refused', 0]);
    expectNothingKept(world);
  });
});

describe('an agent without a key', () => {
  it('is a payer as well as any other: the grid itself may pay', async () => {
    await open();
    expectOutcome(await pay({ payer: NULL_KEY }), [200, 'stored', 0]);
  });
});
