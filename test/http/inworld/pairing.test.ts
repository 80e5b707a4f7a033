/**
 * How an object comes to sign for a box, by a code that works once; and that no other object
 * does.
 */
import type { Response } from 'supertest';
import { HOUR_MS, MINUTE_MS } from '../../../src/domain/time';
import { createDoorWorld, type DoorWorld, type WorldOptions } from './door-world';
import { expectNothingKept, expectOutcome, expectShape, type Expected } from './expectations';
import * as steps from './pairing-steps';
import { givenCode, NEW_BOX, REGISTER_BODY, secretOf } from './pairing-steps';
import { BOX_ID, OBJECT, OTHER_OBJECT, OTHER_OWNER, OWNER } from './sample-estate';
import { PAYMENT } from './sample-events';
import { EVENTS, nextNonce, type CallOptions } from './signed-call';

let world: DoorWorld;
async function open(options: WorldOptions = {}): Promise<void> {
  world = await createDoorWorld(options);
}
afterEach(() => world.close());

const SIGNATURE: Expected = [401, 'signature', 0];
const code = (): Promise<string> => givenCode(world, 'keep');
const register = (secret: string, options?: CallOptions): Promise<Response> =>
  steps.register(world, secret, options);
const poll = (options?: CallOptions): Promise<Response> => steps.poll(world, options);

describe('an object with a pairing code', () => {
  it('is paired, and signs with its secret from then on', async () => {
    await open({ box: NEW_BOX });
    const answer = await register(await code());
    expect(answer.status).toBe(200);
    expectShape(answer);
    expect(Object.keys(answer.body as object)).toEqual([
      'ok',
      'code',
      'retry',
      't',
      'box',
      'secret',
    ]);
    expect(answer.body).toMatchObject({ ok: 1, code: 'paired', retry: 0, box: BOX_ID });
    expect(secretOf(answer)).toMatch(/^[\x21-\x7e]{40,}$/);
    expect(await world.box()).toMatchObject({
      state: 'paired',
      objectKey: OBJECT,
      ownerKey: OWNER,
    });
    expect((await poll({ secret: secretOf(answer) })).status).toBe(200);
  });

  it('gets the same secret again until it has signed with it', async () => {
    await open({ box: NEW_BOX });
    const pairingCode = await code();
    const first = await register(pairingCode);
    await world.clock.advance(31 * MINUTE_MS);
    const again = await register(pairingCode);
    expect(secretOf(again)).toBe(secretOf(first));
    await poll({ secret: secretOf(again) });
    expect((await register(pairingCode)).body).toMatchObject({ ok: 0, code: 'signature' });
    expect((await world.box()).pairing).toBeNull();
  });

  it.each([
    ['another object', { objectKey: OTHER_OBJECT, ownerKey: OWNER }],
    ['another owner', { objectKey: OBJECT, ownerKey: OTHER_OWNER }],
  ])('has used it up: %s is refused', async (_what, other) => {
    await open({ box: NEW_BOX });
    const pairingCode = await code();
    await register(pairingCode);
    expectOutcome(await register(pairingCode, other), SIGNATURE);
    expect((await world.box()).objectKey).toBe(OBJECT);
  });

  it('is the only one, of two that register at the same moment', async () => {
    await open({ box: NEW_BOX });
    const pairingCode = await code();
    const both = await Promise.all([
      register(pairingCode),
      register(pairingCode, { objectKey: OTHER_OBJECT }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  it('is refused when half an hour has passed', async () => {
    await open({ box: NEW_BOX });
    const pairingCode = await code();
    await world.clock.advance(30 * MINUTE_MS);
    const { status, body } = await register(pairingCode);
    expect([status, (body as { code: string }).code]).toEqual([401, 'signature']);
  });

  it('is refused with an earlier code than the last one given', async () => {
    await open({ box: NEW_BOX });
    const earlier = await code();
    await code();
    expectOutcome(await register(earlier), SIGNATURE);
  });

  it.each<[what: string, options: CallOptions, gets: Expected]>([
    ['a code that was never given', { key: 'pair_ZZZZ' }, SIGNATURE],
    ['the rest of a code that is wrong', { secret: 'K7QX-3MPD9A2RTW6HX' }, SIGNATURE],
    ['a box id in place of a pairing', { key: BOX_ID }, SIGNATURE],
    ['a time that is off', { time: '1' }, [401, 'clock', 1]],
    ['another shard', { shard: 'Testing' }, [403, 'shard', 0]],
    ['no shard', { shard: null }, [403, 'shard', 0]],
    [
      'another shard in the body',
      { body: { ...REGISTER_BODY, shard: 'Testing' } },
      [403, 'shard', 0],
    ],
    ['no body', { body: '' }, [400, 'malformed', 0]],
    ['no version', { body: { ...REGISTER_BODY, v: undefined } }, [400, 'malformed', 0]],
    [
      'no shard in the body',
      { body: { ...REGISTER_BODY, shard: undefined } },
      [400, 'malformed', 0],
    ],
    ['no region', { body: { ...REGISTER_BODY, region: undefined } }, [400, 'malformed', 0]],
    [
      'a rez time that is a text',
      { body: { ...REGISTER_BODY, rezzed: '1' } },
      [400, 'malformed', 0],
    ],
    ['a wrong path', { path: EVENTS, body: PAYMENT }, SIGNATURE],
  ])('is refused with %s, and may still register', async (_what, options, gets) => {
    await open({ box: NEW_BOX });
    const pairingCode = await code();
    expectOutcome(await register(pairingCode, options), gets);
    expectNothingKept(world);
    expect((await world.box()).state).toBe('unpaired');
    expect((await register(pairingCode)).status).toBe(200);
  });

  it('is refused with a nonce that it has used', async () => {
    await open({ box: NEW_BOX });
    const pairingCode = await code();
    const nonce = nextNonce();
    await register(pairingCode, { nonce });
    expectOutcome(await register(pairingCode, { nonce }), [409, 'nonce', 1]);
  });

  it('takes the place of the object before it', async () => {
    await open();
    const pairingCode = await code();
    expect((await poll()).status).toBe(200);
    const answer = await register(pairingCode, { objectKey: OTHER_OBJECT });
    expectOutcome(await poll(), [403, 'rebind', 0]);
    const taken = { secret: secretOf(answer), objectKey: OTHER_OBJECT };
    expect((await poll(taken)).status).toBe(200);
    expect((await world.box()).keyHistory).toEqual([
      { objectKey: OBJECT, until: world.clock.now() },
    ]);
  });

  it('lets the last calls of one that was reset through for a day', async () => {
    await open();
    await register(await code());
    expect((await poll()).status).toBe(200);
    await world.clock.advance(24 * HOUR_MS);
    expect((await poll()).status).toBe(401);
  });
});
