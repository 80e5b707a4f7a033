/** Returns at the door, and payments of boxes that are out of use: stored, and followed up. */
import type { Response } from 'supertest';
import type { Report } from '../../../src/domain/payments/report';
import { createDoorWorld, type DoorWorld, type WorldOptions } from './door-world';
import { expectNothingKept, expectOutcome } from './expectations';
import { boxVerified, NOW, NOW_UNIX, RENTAL_ID } from './sample-estate';
import { HELLO, PAYMENT, PAYMENT_ID, RETURNED, SNAPSHOT } from './sample-events';
import { EVENTS, STANDING } from './signed-call';

let world: DoorWorld;
async function open(options: WorldOptions = {}): Promise<void> {
  world = await createDoorWorld(options);
}
afterEach(() => world.close());

const say = (event: object): Promise<Response> => world.call({ path: EVENTS, body: event });
const pay = (): Promise<Response> => say(PAYMENT);
const kept = (): Report => world.report(PAYMENT_ID)!;

describe('a payment from a retired box', () => {
  const retired = { box: { state: 'retired' as const } };

  it('is stored, and a person is told of it', async () => {
    await open(retired);
    expectOutcome(await pay(), [200, 'stored', 0]);
    expect(kept()).toMatchObject({ fromRetiredBox: true, settledBy: null });
    expect(world.opened).toHaveLength(1);
    expect(world.opened[0]).toMatchObject({
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
    world.opened.length = 0;
    expectOutcome(await pay(), [200, 'known', 0]);
    expect(world.opened).toHaveLength(1);
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
  const word = () => world.returned.find(({ id }) => id === `${PAYMENT_ID}:returned`);

  it('is stored beside its payment, which is settled again although it was finished', async () => {
    await open();
    await pay();
    await world.reports.save([{ ...kept(), nextCheckAt: null }]);
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
