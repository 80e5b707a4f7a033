/** What the relay makes of the words of a provider's box, and of what they leave unsaid. */
import { z } from 'zod';
import { until } from '../../scripts/rehearsal/until';
import { boxesSuite } from './boxes-suite';
import { paymentsHeld } from './credited';
import { OWNER, rezBox } from './parcels';
import { PROVIDER_CHANNEL, relaysIn, rextr, TENANT } from './provider-box';

const NULL_KEY = '00000000-0000-0000-0000-000000000000';
const STRANGER = 'c0000000-0000-4000-8000-000000000001';
const WEEK_S = 604_800;

const suite = boxesSuite(16);
const { relayed, sent, leftS } = relaysIn(suite);

describe('what a provider’s box says of its rental', () => {
  it.each([
    ['as the text', (text: string) => ({ num: 3, text })],
    ['as the key', (key: string) => ({ num: 3, text: '', key })],
  ])('becomes a snapshot, %s', async (_, message) => {
    const made = await relayed();
    const since = await suite.service.world.mark();
    const left = await leftS(made);
    await made.box.linkMessage(message(`${rextr(left)}|more|fields`));
    expect(await sent(made, 'snapshot', since)).toEqual([
      expect.objectContaining({
        ...{ left, renter: TENANT.key, locked: 1, reserved: '', price: 250, prims: 117 },
        ...{ over: 0, rezzed: 1_767_220_000 },
      }),
    ]);
  });

  it('in the old form becomes a snapshot, too, negative time left included', async () => {
    const made = await relayed();
    const since = await suite.service.world.mark();
    await made.box.linkMessage({ num: -77, text: 'RTIME', key: TENANT.key });
    const [snapshot, ...more] = await sent(made, 'snapshot', since);
    expect(more).toEqual([]);
    expect(snapshot).toMatchObject({ left: -77, renter: TENANT.key });
    expect(snapshot).not.toHaveProperty('price');
  });

  it('of further tenants goes along with the next snapshot', async () => {
    const made = await relayed();
    const since = await suite.service.world.mark();
    const text = `ADDTNTS@${STRANGER}#A # of sorts#${OWNER.key}#Bo`;
    await made.box.linkMessage({ num: 0, text });
    await made.box.linkMessage({ num: 0, text: rextr(await leftS(made)) });
    const [snapshot] = await sent(made, 'snapshot', since);
    expect(snapshot).toMatchObject({ tenants: `${STRANGER},${OWNER.key}` });
  });

  it('of nobody is a snapshot with the null key', async () => {
    const made = await relayed();
    const since = await suite.service.world.mark();
    await made.box.linkMessage({ num: 0, text: rextr(0, NULL_KEY) });
    expect(await sent(made, 'snapshot', since)).toEqual([
      expect.objectContaining({ left: 0, renter: NULL_KEY }),
    ]);
  });

  it('is heard on the provider’s channel from this very box alone', async () => {
    const made = await relayed();
    const { world } = suite.service;
    const neighbour = suite.after(await rezBox(world, 'relay', 'Dream Bay'));
    const since = await world.mark();
    const said = { name: 'Box', channel: PROVIDER_CHANNEL };
    await world.say({ ...said, key: neighbour.key(), text: rextr(1) });
    await world.say({ ...said, key: STRANGER, text: rextr(2) });
    expect(await sent(made, 'snapshot', since)).toEqual([]);
    await world.say({ ...said, key: made.childKey, text: rextr(await leftS(made)) });
    expect(await sent(made, 'snapshot', since)).toHaveLength(1);
  });

  it('and is no message of the provider’s is passed over', async () => {
    const made = await relayed();
    const since = await suite.service.world.mark();
    for (const text of ['REXTR|soon|' + TENANT.key, 'REXTR|1|nobody|0||1|1|0|1', 'REXTR', '']) {
      await made.box.linkMessage({ num: 0, text });
    }
    expect(await sent(made, 'snapshot', since)).toEqual([]);
  });
});

describe('a jump of the time left', () => {
  it('is told as it was before and after, and never as a payment', async () => {
    const made = await relayed();
    const { world, said } = suite.service;
    const left = await leftS(made);
    await made.box.linkMessage({ num: 0, text: rextr(left) });
    await world.run(60);
    const since = await world.mark();
    await made.box.linkMessage({ num: 0, text: rextr(left - 60 + WEEK_S) });
    expect(await sent(made, 'payment', since)).toEqual([]);
    const snapshots = await sent(made, 'snapshot', since);
    expect(snapshots.map((one) => Number(one['left']))).toEqual([left, left - 60 + WEEK_S]);
    await until(
      'the service looks it up',
      () => said('snapshot differs from the ledger') !== undefined,
    );
    const held = await paymentsHeld(suite.service);
    expect(held.filter(({ rentalId }) => rentalId === made.rentalId)).toEqual([]);
  });

  it('while nothing can be sent keeps both words, and quiet times the latest', async () => {
    const made = await relayed();
    const { world, sky } = suite.service;
    const left = await leftS(made);
    sky.turn('down');
    for (let minute = 0; minute < 30; minute += 1) {
      await made.box.linkMessage({ num: 0, text: rextr(left - minute * 60) });
      await world.run(60);
    }
    const quiet = Object.keys((await made.box.see()).pairs).filter((name) => /^tb\.o\./.test(name));
    expect(quiet.length).toBeLessThanOrEqual(2);
    await made.box.linkMessage({ num: 0, text: rextr(left + WEEK_S) });
    await world.run(1);
    const { pairs } = await made.box.see();
    const waiting = Object.entries(pairs)
      .filter(([name]) => /^tb\.o\./.test(name))
      .sort();
    const lefts = waiting.map(
      ([, body]) => z.object({ left: z.int() }).parse(JSON.parse(body)).left,
    );
    expect(lefts.at(-1)).toBe(left + WEEK_S);
    expect(lefts.at(-2)).toBe(left - 29 * 60);
  });
});
