/**
 * What each tampering gets, exactly, and that nothing comes of it; and in which order it is
 * found.
 */
import type { Response } from 'supertest';
import { createDoorWorld, type DoorWorld, type WorldOptions } from './door-world';
import { expectNothingKept, expectOutcome, type Expected } from './expectations';
import { BOX_ID, NOW_UNIX, OBJECT, OTHER_OBJECT, OTHER_OWNER, SECRET } from './sample-estate';
import { PAYMENT } from './sample-events';
import { EVENTS, STANDING, bytesOf, nextNonce, signedCall } from './signed-call';
import type { CallOptions, SignedCall } from './signed-call';

let world: DoorWorld;
async function open(options: WorldOptions = {}): Promise<void> {
  world = await createDoorWorld(options);
}
afterEach(() => world.close());

interface Tampering {
  readonly what: string;
  /** How the call is made out before it is signed. */
  readonly signed?: CallOptions;
  /** What is changed behind the signature. */
  readonly bend?: (call: SignedCall) => SignedCall;
  readonly gets: Expected;
}

const SIGNATURE: Expected = [401, 'signature', 0];
const CLOCK: Expected = [401, 'clock', 1];
const SHARD: Expected = [403, 'shard', 0];
const REBIND: Expected = [403, 'rebind', 0];
const OBJECT_KEY = 'x-secondlife-object-key';
const OWNER_KEY = 'x-secondlife-owner-key';

const header =
  (name: string, value?: string) =>
  (call: SignedCall): SignedCall => {
    const { [name]: _gone, ...others } = call.headers;
    return { ...call, headers: value === undefined ? others : { ...others, [name]: value } };
  };
const payment = (change: object): Buffer => bytesOf({ ...PAYMENT, ...change });

const BEHIND_THE_SIGNATURE: readonly Omit<Tampering, 'gets'>[] = [
  { what: 'another amount', bend: (call) => ({ ...call, body: payment({ amount: 251 }) }) },
  {
    what: 'one more space',
    bend: (call) => ({ ...call, body: bytesOf(`${call.body.toString()} `) }),
  },
  { what: 'no body', bend: (call) => ({ ...call, body: Buffer.alloc(0) }) },
  { what: 'another path', bend: (call) => ({ ...call, path: STANDING }) },
  { what: 'another time', bend: header('x-tier-time', String(NOW_UNIX + 1)) },
  { what: 'another nonce', bend: header('x-tier-nonce', nextNonce()) },
  { what: 'another box', bend: header('x-tier-key', 'box_43') },
  { what: 'another object', bend: header(OBJECT_KEY, OTHER_OBJECT) },
  { what: 'another owner', bend: header(OWNER_KEY, OTHER_OWNER) },
  { what: 'no key', bend: header('x-tier-key') },
  { what: 'no time', bend: header('x-tier-time') },
  { what: 'no nonce', bend: header('x-tier-nonce') },
  { what: 'no signature', bend: header('x-tier-sig') },
  { what: 'no object', bend: header(OBJECT_KEY) },
  { what: 'no owner', bend: header(OWNER_KEY) },
  { what: 'a signature of another scheme', bend: header('x-tier-sig', 'SL2=abc') },
];

const BEFORE_SIGNING: readonly Tampering[] = [
  { what: 'a wrong secret', signed: { secret: `${SECRET}x` }, gets: SIGNATURE },
  { what: 'a box that we do not know', signed: { key: 'box_43' }, gets: SIGNATURE },
  { what: 'a key of no form of ours', signed: { key: 'bx 42' }, gets: SIGNATURE },
  { what: 'the key of a pairing', signed: { key: 'pair_K7QX' }, gets: SIGNATURE },
  { what: 'a time that is no number', signed: { time: '0x10' }, gets: SIGNATURE },
  { what: 'a nonce that is no UUID', signed: { nonce: 'once' }, gets: SIGNATURE },
  { what: 'a time 301 s ago', signed: { time: String(NOW_UNIX - 301) }, gets: CLOCK },
  { what: 'a time 301 s ahead', signed: { time: String(NOW_UNIX + 301) }, gets: CLOCK },
  { what: 'a time of long ago', signed: { time: '1' }, gets: CLOCK },
  { what: 'the longest time there is', signed: { time: '999999999999' }, gets: CLOCK },
  { what: 'another shard', signed: { shard: 'Testing' }, gets: SHARD },
  { what: 'the shard in small letters', signed: { shard: 'production' }, gets: SHARD },
  { what: 'no shard', signed: { shard: null }, gets: SHARD },
  { what: 'another object of the owner', signed: { objectKey: OTHER_OBJECT }, gets: REBIND },
  { what: 'an object of another owner', signed: { ownerKey: OTHER_OWNER }, gets: REBIND },
];

const TAMPERINGS: readonly Tampering[] = [
  ...BEHIND_THE_SIGNATURE.map((one) => ({ ...one, gets: SIGNATURE })),
  ...BEFORE_SIGNING,
];

async function pay({ signed, bend }: Pick<Tampering, 'signed' | 'bend'> = {}): Promise<Response> {
  const call = signedCall({ path: EVENTS, body: PAYMENT, ...signed });
  return world.send(bend === undefined ? call : bend(call));
}

describe('a payment from a box', () => {
  it('is stored when nobody tampered with it', async () => {
    await open();
    expectOutcome(await pay(), [200, 'stored', 0]);
    expect(world.reports.all()).toHaveLength(1);
  });

  it.each(TAMPERINGS)('is refused and not stored with $what', async (tampering) => {
    await open();
    expectOutcome(await pay(tampering), tampering.gets);
    expectNothingKept(world);
    expect(world.woken.seen).toEqual([]);
  });

  it('may be five minutes old or ahead', async () => {
    await open();
    for (const time of [NOW_UNIX - 300, NOW_UNIX + 300]) {
      expect((await pay({ signed: { time: String(time) } })).status).toBe(200);
    }
  });

  it('is refused with a nonce that its box has used already', async () => {
    await open();
    const nonce = nextNonce();
    await pay({ signed: { nonce } });
    const again = { nonce, body: payment({ id: '0b9f3c1e-5a2d-4c77-9f0e-2f1d3a4b5c6e' }) };
    expectOutcome(await pay({ signed: again }), [409, 'nonce', 1]);
    const inCapitals = { ...again, nonce: nonce.toUpperCase() };
    expectOutcome(await pay({ signed: inCapitals }), [409, 'nonce', 1]);
    expect(world.reports.all()).toHaveLength(1);
  });

  it('is told our time, whatever the outcome', async () => {
    await open();
    await world.clock.advance(400_000);
    const answer = await pay();
    expect(answer.body).toEqual({ ok: 0, code: 'clock', retry: 1, t: NOW_UNIX + 400 });
  });
});

describe('the order of the checks', () => {
  const wrong: CallOptions = {
    secret: 'wrong',
    time: '1',
    shard: 'Testing',
    ownerKey: OTHER_OWNER,
  };
  const big = Buffer.alloc(8_193, 'x');

  it('finds a body above 8 KiB before it looks at a header', async () => {
    await open();
    const bend = header('x-tier-sig');
    expectOutcome(await pay({ signed: { body: big }, bend }), [413, 'too-large', 0]);
  });

  it.each<[found: string, before: string, signed: CallOptions, gets: Expected]>([
    ['a wrong signature', 'a wrong time', wrong, SIGNATURE],
    ['a wrong time', 'a wrong shard', { ...wrong, secret: SECRET }, CLOCK],
    ['a wrong shard', 'another owner', { shard: 'Testing', ownerKey: OTHER_OWNER }, SHARD],
    ['another owner', 'a broken body', { ownerKey: OTHER_OWNER, body: '{' }, REBIND],
  ])('finds %s before %s', async (_found, _before, signed, gets) => {
    await open();
    expectOutcome(await pay({ signed }), gets);
  });

  it('finds another object before a used nonce, and that before a broken body', async () => {
    await open();
    const nonce = nextNonce();
    await pay({ signed: { nonce } });
    expectOutcome(await pay({ signed: { nonce, objectKey: OTHER_OBJECT } }), REBIND);
    expectOutcome(await pay({ signed: { nonce, body: '{' } }), [409, 'nonce', 1]);
  });

  it('remembers no nonce of a call that was turned away before', async () => {
    await open();
    const nonce = nextNonce();
    await pay({ signed: { nonce, time: '1' } });
    expectOutcome(await pay({ signed: { nonce } }), [200, 'stored', 0]);
  });
});

describe('an object that has the secret of another', () => {
  it('has its wish recorded once, while the registered one goes on undisturbed', async () => {
    await open();
    for (let calls = 0; calls < 3; calls += 1) await pay({ signed: { objectKey: OTHER_OBJECT } });
    const box = await world.box();
    expect(box.rebindAsked).toEqual([{ objectKey: OTHER_OBJECT, at: NOW_UNIX * 1000 }]);
    expect(box.objectKey).toBe(OBJECT);
    expect(box.rev).toBe(2);
    expectOutcome(await pay(), [200, 'stored', 0]);
  });

  it('is recorded among the latest twenty at most', async () => {
    await open();
    const keyOf = (n: number): string => `3fa85f64-5717-4562-b3fc-${String(n).padStart(12, '0')}`;
    for (let n = 0; n < 23; n += 1) {
      if (n === 20) await world.clock.advance(60_000);
      await pay({ signed: { objectKey: keyOf(n) } });
    }
    const { rebindAsked } = await world.box();
    expect(rebindAsked.map(({ objectKey }) => objectKey)).toEqual(
      Array.from({ length: 20 }, (_, n) => keyOf(n + 3)),
    );
  });

  it('is told to wait when it calls very often, and the registered one is not', async () => {
    await open();
    const other = { objectKey: OTHER_OBJECT, ownerKey: OTHER_OWNER };
    for (let n = 0; n < 20; n += 1) await pay({ signed: other });
    expectOutcome(await pay({ signed: other }), [429, 'busy', 60]);
    expectOutcome(await pay({ signed: { objectKey: OTHER_OBJECT } }), [429, 'busy', 60]);
    expect(world.logged.filter(({ level }) => level === 'warn')).toHaveLength(20);
    expectOutcome(await pay(), [200, 'stored', 0]);
  });

  it('is never recorded when it has another owner, but seen in the log', async () => {
    await open();
    await pay({ signed: { ownerKey: OTHER_OWNER, objectKey: OTHER_OBJECT } });
    expect((await world.box()).rebindAsked).toEqual([]);
    expect(world.logged.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });
});

describe('an object that calls too often', () => {
  it('is told to wait, and is heard again when the time is over', async () => {
    await open({ budget: { most: 3, windowS: 20 } });
    for (let calls = 0; calls < 3; calls += 1) await pay();
    const answer = await pay();
    expect(answer.status).toBe(429);
    expect(answer.body).toEqual({ ok: 0, code: 'busy', retry: 20, t: NOW_UNIX });
    await world.clock.advance(20_000);
    expect((await pay()).status).toBe(200);
  });

  it('cannot be kept from calling by others who sign wrongly in its name', async () => {
    await open({ budget: { most: 3, windowS: 20 } });
    for (let calls = 0; calls < 9; calls += 1) await pay({ signed: { secret: 'wrong' } });
    expectOutcome(await pay(), [200, 'stored', 0]);
  });
});

describe('an address that signs wrongly again and again', () => {
  it('is told to wait, known box or not, while right calls from there go through', async () => {
    await open({ failures: { most: 2, windowS: 60 } });
    for (const key of [BOX_ID, 'box_43']) await pay({ signed: { key, secret: 'wrong' } });
    for (const key of [BOX_ID, 'box_43', 'bx']) {
      const { status, body } = await pay({ signed: { key, secret: 'wrong' } });
      expect(status).toBe(429);
      expect(body).toEqual({ ok: 0, code: 'busy', retry: 60, t: NOW_UNIX });
    }
    expectOutcome(await pay(), [200, 'stored', 0]);
  });
});
