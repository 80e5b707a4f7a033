/** Whatever is sent, from random bytes to almost right events: the promised shape, and no crash. */
import fc from 'fast-check';
import { createDoorWorld, type DoorWorld } from './door-world';
import { expectShape } from './expectations';
import { HELLO, PAYMENT, RETURNED, SNAPSHOT } from './sample-events';
import { EVENTS, REGISTER, STANDING, signedCall } from './signed-call';

let world: DoorWorld;
beforeAll(async () => {
  world = await createDoorWorld();
});
afterAll(() => world.close());

const path = fc.constantFrom(EVENTS, STANDING, REGISTER, `${EVENTS}/`, '/api/inworld');
const header = fc.stringMatching(/^[\x21-\x7e]{0,60}$/);
const RUNS = { numRuns: 150 };

/** Almost right: one of the events with some fields replaced by any value, or left out. */
const event = fc
  .tuple(
    fc.constantFrom<object>(PAYMENT, RETURNED, SNAPSHOT, HELLO),
    fc.dictionary(
      fc.constantFrom('v', 'type', 'id', 'payer', 'name', 'amount', 'at', 'ref', 'left', 'renter'),
      fc.oneof(fc.jsonValue(), fc.double(), fc.string({ unit: 'binary' }), fc.constant(undefined)),
      { maxKeys: 3 },
    ),
  )
  .map(([whole, change]) => ({ ...whole, ...change }));

async function expectPromised(
  options: Parameters<DoorWorld['call']>[0],
  headers?: Record<string, string>,
): Promise<number> {
  const answer = await world.call(options, headers);
  expectShape(answer);
  expect(answer.status).not.toBe(503);
  expect(world.logged.filter(({ level }) => level === 'error')).toEqual([]);
  return answer.status;
}

describe('the door, whatever is sent', () => {
  it('answers rightly signed random bytes in the promised shape, and keeps none', async () => {
    const stored = world.reports.all().length;
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 9_000 });
    await fc.assert(
      fc.asyncProperty(path, bytes, async (to, body) => {
        const status = await expectPromised({ path: to, body: Buffer.from(body) });
        if (to !== STANDING) expect(status).not.toBe(200);
      }),
      RUNS,
    );
    expect(world.reports.all().length).toBe(stored);
  });

  it('answers any JSON in the promised shape', async () => {
    await fc.assert(
      fc.asyncProperty(path, fc.json({ maxDepth: 20 }), async (to, body) => {
        await expectPromised({ path: to, body });
      }),
      RUNS,
    );
  });

  it('answers almost right events in the promised shape', async () => {
    await fc.assert(
      fc.asyncProperty(event, async (body) => {
        const status = await expectPromised({ path: EVENTS, body });
        expect([200, 400, 409, 413, 422]).toContain(status);
      }),
      { numRuns: 300 },
    );
  });

  it('answers an event with any one byte changed behind its signature with a refusal', async () => {
    const length = Buffer.byteLength(JSON.stringify(PAYMENT));
    await fc.assert(
      fc.asyncProperty(fc.nat(length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const call = signedCall({ path: EVENTS, body: PAYMENT });
        call.body[at] = (call.body[at] ?? 0) ^ by;
        const answer = await world.send(call);
        expectShape(answer);
        expect(answer.status).toBe(401);
      }),
      RUNS,
    );
  });

  it('answers any headers in the promised shape, and lets none of them in', async () => {
    const names = ['x-tier-key', 'x-tier-time', 'x-tier-nonce', 'x-tier-sig'];
    const owners = ['x-secondlife-object-key', 'x-secondlife-owner-key', 'x-secondlife-shard'];
    const headers = fc.dictionary(fc.constantFrom(...names, ...owners), header, { minKeys: 1 });
    await fc.assert(
      fc.asyncProperty(path, headers, async (to, changed) => {
        expect(await expectPromised({ path: to, body: PAYMENT }, changed)).not.toBe(200);
      }),
      RUNS,
    );
  });
});
