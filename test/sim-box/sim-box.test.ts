/**
 * The simulated box does what the in-world script must: nothing is lost, nothing is said twice as
 * two.
 */
import { copyOfMemory } from '../../scripts/sim-box/memory';
import { StorageUnavailable } from '../../src/flows/ports/money-ports';
import { rebindBox } from '../../src/flows/boxes/rebind-box';
import { retireBox } from '../../src/flows/boxes/retire-box';
import { rotateSecret } from '../../src/flows/boxes/rotate-secret';
import { adminDeps } from '../http/inworld/pairing-steps';
import { BOX_ID, OTHER_OBJECT, TENANT } from '../http/inworld/sample-estate';
import { createBoxWorld, type BoxWorld } from './box-world';

let world: BoxWorld;
afterEach(() => world.close());

const GIFT = { payer: TENANT.key as string, name: TENANT.name, amount: 250 };

describe('a simulated box', () => {
  it('pairs, says hello, asks for its standing, and reports a payment', async () => {
    world = await createBoxWorld();
    const box = await world.object();
    await world.until(() => box.state().standing !== null);
    expect(box.state()).toMatchObject({ boxId: BOX_ID, standing: { stage: 'due', price: 196 } });
    expect((await world.box()).version).toBe('1.0.0');
    const id = box.pay(GIFT);
    await world.until(() => box.state().outbox === 0);
    expect(box.state().acknowledged).toEqual([id]);
    expect(world.report(`${BOX_ID}:${id}`)).toMatchObject({ amount: 250, payer: TENANT });
  });

  it('polls again when it was told to', async () => {
    world = await createBoxWorld();
    const box = await world.object();
    await world.pass(1_000);
    expect(box.state().codes['standing']).toBeGreaterThanOrEqual(3);
    expect(box.state().codes['standing']).toBeLessThanOrEqual(5);
  });

  it('calls ten times a minute at most, the oldest event first', async () => {
    world = await createBoxWorld();
    const box = await world.object();
    await world.until(() => box.state().standing !== null);
    const ids = Array.from({ length: 12 }, () => box.pay(GIFT));
    const before = box.state().calls;
    await world.pass(60);
    expect(box.state().calls - before).toBeLessThanOrEqual(10);
    await world.until(() => box.state().outbox === 0);
    expect(box.state().acknowledged).toEqual(ids);
  });

  it('corrects its clock by what it is told', async () => {
    world = await createBoxWorld();
    const box = await world.object({ clockSkewS: -4_000 });
    await world.until(() => box.state().standing !== null);
    expect(box.memory().clockOffsetS).toBeGreaterThanOrEqual(3_999);
    expect(box.state().codes['clock']).toBe(1);
  });

  it('tries ever more slowly while the database is away, and loses nothing', async () => {
    let isAway = false;
    world = await createBoxWorld({
      change: ({ reports }) => ({
        reports: {
          ...reports,
          intake: async (report) => {
            if (isAway) throw new StorageUnavailable('away');
            return reports.intake(report);
          },
        },
      }),
    });
    const box = await world.object();
    await world.until(() => box.state().standing !== null);
    isAway = true;
    const id = box.pay(GIFT);
    await world.pass(1_000);
    expect(box.state().outbox).toBe(1);
    expect(box.state().codes['storage']).toBeGreaterThanOrEqual(5);
    expect(box.state().codes['storage']).toBeLessThanOrEqual(7);
    isAway = false;
    await world.until(() => box.state().outbox === 0);
    expect(box.state().acknowledged).toEqual([id]);
  });

  it('asks again where an answer was lost, and is told that its payment is known', async () => {
    world = await createBoxWorld();
    let losses = 0;
    const box = await world.object({
      fetch: async (...sent) => {
        const answer = await fetch(...sent);
        if (losses-- <= 0) return answer;
        throw new TypeError('lost');
      },
    });
    await world.until(() => box.state().standing !== null);
    losses = 2;
    const id = box.pay(GIFT);
    await world.until(() => box.state().outbox === 0);
    expect(box.state()).toMatchObject({ acknowledged: [id], codes: { TypeError: 2, known: 1 } });
    expect(world.reports.all()).toHaveLength(1);
  });

  it('pairs although the answer to its registration was lost', async () => {
    world = await createBoxWorld();
    let losses = 1;
    const box = await world.object({
      fetch: async (...sent) => {
        const answer = await fetch(...sent);
        if (losses-- > 0) throw new TypeError('lost');
        return answer;
      },
    });
    await world.until(() => box.state().standing !== null);
    expect(box.state().codes).toMatchObject({ TypeError: 1, paired: 1 });
  });

  it('takes no answer for final that is not in the promised shape', async () => {
    world = await createBoxWorld();
    let errors = 0;
    const box = await world.object({
      fetch: async (...sent) =>
        errors-- > 0 ? new Response('<html>Not found</html>', { status: 404 }) : fetch(...sent),
    });
    await world.until(() => box.state().standing !== null);
    errors = 1;
    box.pay(GIFT);
    await world.until(() => box.state().outbox === 0);
    expect(box.state().dead).toEqual([]);
  });

  it('keeps what is refused for good, and tells its owner once an hour at most', async () => {
    world = await createBoxWorld();
    const told: string[] = [];
    const box = await world.object({ tell: (text) => void told.push(text) });
    await world.until(() => box.state().standing !== null);
    for (const amount of [0, 0.5, 250]) box.pay({ ...GIFT, amount });
    await world.until(() => box.state().outbox === 0);
    expect(box.state().dead.map(({ event, code }) => [event.amount, code])).toEqual([
      [0, 'refused'],
      [0.5, 'refused'],
    ]);
    expect(told).toHaveLength(1);
    expect(world.reports.all()).toHaveLength(1);
  });

  it('takes up a new secret, which ends the one before it', async () => {
    world = await createBoxWorld();
    const box = await world.object();
    await world.until(() => box.state().standing !== null);
    const first = box.memory().secret;
    await rotateSecret(adminDeps(world), BOX_ID);
    await world.until(() => box.memory().secret !== first && box.memory().previousSecret === null);
    const { secrets, nextSecret } = await world.box();
    expect(nextSecret).toBeNull();
    expect(secrets.map(({ text }) => text)).toEqual([box.memory().secret, first]);
    expect(secrets[1]?.until).toBeLessThanOrEqual(world.clock.now() + 24 * 3_600_000);
    await world.pass(1_000);
    expect(box.state().halted).toBeNull();
  });

  it('falls back to the secret before when a new one turns out to be unknown', async () => {
    world = await createBoxWorld();
    const box = await world.object();
    await world.until(() => box.state().standing !== null);
    const memory = box.memory();
    memory.previousSecret = memory.secret;
    memory.secret = 'a secret that was offered and withdrawn';
    const id = box.pay(GIFT);
    await world.until(() => box.state().outbox === 0);
    expect(box.state()).toMatchObject({
      halted: null,
      acknowledged: [id],
      codes: { signature: 1 },
    });
  });

  it('stops and keeps everything when it was retired', async () => {
    world = await createBoxWorld();
    const box = await world.object();
    await world.until(() => box.state().standing !== null);
    await retireBox(adminDeps(world), BOX_ID);
    await world.until(() => box.state().halted === 'retired');
    box.pay(GIFT);
    await world.pass(10);
    expect(box.state().outbox).toBe(1);
    box.resume();
    await world.until(() => box.state().outbox === 0);
    expect(world.opened).toHaveLength(1);
  });

  it('reports what was given back, and the latest that the provider shows', async () => {
    world = await createBoxWorld();
    const box = await world.object();
    await world.until(() => box.state().standing !== null);
    const id = box.pay(GIFT)!;
    box.giveBack({ eventId: id, amount: 250 });
    box.snapshot({ left: 1, renter: TENANT.key });
    box.snapshot({ left: 60, renter: TENANT.key });
    await world.until(async () => (await world.box()).snapshot !== null);
    expect((await world.box()).snapshot).toMatchObject({ left: 60 });
    expect(world.returned).toMatchObject([{ paymentReport: `${BOX_ID}:${id}`, amount: 250 }]);
  });

  it('takes no more payments when two hundred wait', async () => {
    world = await createBoxWorld();
    const refused = (): Promise<never> => Promise.reject(new TypeError('away'));
    const box = await world.object({ fetch: refused });
    for (let n = 0; n < 200; n += 1) expect(box.pay(GIFT)).not.toBeNull();
    expect(box.pay(GIFT)).toBeNull();
    expect(box.state()).toMatchObject({ selling: false, outbox: 200 });
  });

  it('is told nothing more once it has been stopped', async () => {
    world = await createBoxWorld();
    const box = await world.object();
    const asked = box.poll();
    await box.stop();
    expect(await asked).toBeNull();
    expect(await box.poll()).toBeNull();
    await box.drained();
  });
});

describe('a copy of a simulated box', () => {
  it('stops and keeps everything, until the owner lets it take over', async () => {
    world = await createBoxWorld();
    const box = await world.object();
    await world.until(() => box.state().standing !== null);
    const memory = copyOfMemory(box.memory());
    const copy = await world.object({ memory, objectKey: OTHER_OBJECT });
    copy.pay(GIFT);
    await world.until(() => copy.state().halted === 'rebind');
    expect(copy.state().outbox).toBe(1);
    expect(box.state().halted).toBeNull();
    await rebindBox(adminDeps(world), { boxId: BOX_ID, objectKey: OTHER_OBJECT });
    copy.resume();
    await world.until(() => copy.state().outbox === 0);
    await world.until(() => box.state().halted === 'rebind');
    expect(world.reports.all()).toHaveLength(1);
  });
});
