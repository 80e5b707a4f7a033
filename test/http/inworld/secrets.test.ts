/** How a box's secret and object change: a leak, rotation, rebinding, retirement. */
import type { Response } from 'supertest';
import { HOUR_MS } from '../../../src/domain/time';
import { rebindBox } from '../../../src/flows/boxes/rebind-box';
import { retireBox } from '../../../src/flows/boxes/retire-box';
import { rotateSecret } from '../../../src/flows/boxes/rotate-secret';
import { createDoorWorld, type DoorWorld, type WorldOptions } from './door-world';
import { expectOutcome, expectShape, type Expected } from './expectations';
import * as steps from './pairing-steps';
import { adminDeps, givenCode, NEW_BOX, nextOf, register, secretOf } from './pairing-steps';
import {
  BOX_ID,
  NOW,
  NOW_UNIX,
  OBJECT,
  OTHER_OBJECT,
  OTHER_OWNER,
  RENTAL_ID,
  SECRET,
} from './sample-estate';
import { PAYMENT } from './sample-events';
import { EVENTS, nextNonce, type CallOptions } from './signed-call';

let world: DoorWorld;
async function open(options: WorldOptions = {}): Promise<void> {
  world = await createDoorWorld(options);
}
afterEach(() => world.close());

const SIGNATURE: Expected = [401, 'signature', 0];
const poll = (options?: CallOptions): Promise<Response> => steps.poll(world, options);

describe('a secret that leaked', () => {
  it('is ended at once, with every other of that box', async () => {
    await open({ box: { nextSecret: { text: `${SECRET}-next`, since: NOW, until: null } } });
    const pairingCode = await givenCode(world, 'end');
    for (const secret of [SECRET, `${SECRET}-next`]) {
      expectOutcome(await poll({ secret }), SIGNATURE);
    }
    expect((await register(world, pairingCode)).status).toBe(200);
  });

  it('of a retired box is ended too, which stays retired whoever pairs with it', async () => {
    await open({ box: { state: 'retired' } });
    const pairingCode = await givenCode(world, 'end');
    expectOutcome(await poll(), SIGNATURE);
    const secret = secretOf(await register(world, pairingCode));
    expectOutcome(await poll({ secret }), [403, 'retired', 0]);
    const payment = { path: EVENTS, body: PAYMENT, secret };
    expectOutcome(await world.call(payment), [200, 'stored', 0]);
    expect(world.opened).toHaveLength(1);
  });
});

describe('a secret that is being rotated', () => {
  it('is offered with each standing until the box has signed with the new one', async () => {
    await open();
    await rotateSecret(adminDeps(world), BOX_ID);
    const next = nextOf(await poll());
    expect(next).toMatch(/^[\x21-\x7e]{40,}$/);
    expect(nextOf(await poll())).toBe(next);
    expect(nextOf(await poll({ secret: next! }))).toBeUndefined();
    expect(nextOf(await poll())).toBeUndefined();
  });

  it('stays valid for a day after the first use of the new one, and no longer', async () => {
    await open();
    await rotateSecret(adminDeps(world), BOX_ID);
    const next = nextOf(await poll())!;
    await world.clock.advance(100 * HOUR_MS);
    expect((await poll()).status).toBe(200);
    await poll({ secret: next });
    await world.clock.advance(24 * HOUR_MS - 1_000);
    expect((await poll()).status).toBe(200);
    await world.clock.advance(1_000);
    expect((await poll()).status).toBe(401);
    expect((await poll({ secret: next })).status).toBe(200);
  });

  it('goes on when it is asked for again: the box may hold the new one by now', async () => {
    await open();
    await rotateSecret(adminDeps(world), BOX_ID);
    const next = nextOf(await poll());
    await rotateSecret(adminDeps(world), BOX_ID);
    expect(nextOf(await poll())).toBe(next);
  });

  it('is given once for one nonce, whichever process was asked first', async () => {
    await open();
    await rotateSecret(adminDeps(world), BOX_ID);
    const nonce = nextNonce();
    expect(await world.nonces.claim(BOX_ID, nonce, world.clock.now())).toBe(true);
    expectOutcome(await poll({ nonce }), [409, 'nonce', 1]);
  });

  it('is given once while the call is in time, to a box whose clock is ahead too', async () => {
    await open();
    await rotateSecret(adminDeps(world), BOX_ID);
    const call = { nonce: nextNonce(), time: String(NOW_UNIX + 300) };
    expect(nextOf(await poll(call))).toBeDefined();
    await world.clock.advance(600_999);
    expect((await poll(call)).body).toMatchObject({ ok: 0, code: 'nonce' });
    await world.clock.advance(1);
    expect((await poll(call)).body).toMatchObject({ ok: 0, code: 'clock' });
  });

  it('is not rotated where there is none', async () => {
    await open({ box: NEW_BOX });
    expect(await rotateSecret(adminDeps(world), BOX_ID)).toMatchObject({ kind: 'conflict' });
  });

  it('is given in an answer that a script can take', async () => {
    await open();
    await rotateSecret(adminDeps(world), BOX_ID);
    expectShape(await poll());
  });
});

describe('an object that asked for a box', () => {
  it('takes it over when the owner accepts; only then does the one before it stop', async () => {
    await open();
    const other = { objectKey: OTHER_OBJECT };
    expectOutcome(await poll(other), [403, 'rebind', 0]);
    expect((await poll()).status).toBe(200);
    const input = { boxId: BOX_ID, objectKey: OTHER_OBJECT };
    expect(await rebindBox(adminDeps(world), input)).toMatchObject({ kind: 'changed' });
    expect((await poll(other)).status).toBe(200);
    expectOutcome(await poll(), [403, 'rebind', 0]);
    const { keyHistory, rebindAsked } = await world.box();
    expect(keyHistory.map(({ objectKey }) => objectKey)).toEqual([OBJECT]);
    expect(rebindAsked.map(({ objectKey }) => objectKey)).toEqual([OBJECT]);
  });

  it('cannot be given it without having asked, or when another owner has it', async () => {
    await open();
    await poll({ objectKey: OTHER_OBJECT, ownerKey: OTHER_OWNER });
    const input = { boxId: BOX_ID, objectKey: OTHER_OBJECT };
    expect(await rebindBox(adminDeps(world), input)).toMatchObject({ kind: 'conflict' });
    expect((await world.box()).objectKey).toBe(OBJECT);
  });
});

describe('a box that is retired', () => {
  it('may still report a payment, and leaves its rental free for another box', async () => {
    await open();
    expect(await retireBox(adminDeps(world), BOX_ID)).toMatchObject({ kind: 'changed' });
    expect(world.rental(RENTAL_ID)?.boxId).toBeNull();
    expectOutcome(await poll(), [403, 'retired', 0]);
    expectOutcome(await world.call({ path: EVENTS, body: PAYMENT }), [200, 'stored', 0]);
  });
});
