/** What becomes of payments that the service refuses for good, and of a retired box's. */
import { until } from '../../scripts/rehearsal/until';
import { boxDeed, boxHeld } from './box-deeds';
import { boxesSuite } from './boxes-suite';
import { paymentsHeld, paymentsSettled } from './credited';
import type { Thing } from './in-world';
import { deadLettersOf, outboxOf, OWNER, press } from './parcels';

const PAYER = { payer: 'a2e76fcd-9360-4f6d-a924-000000000003', name: 'Zoë' };
const MINUTES_S = 600;
const HOUR_S = 3_600;
const REFUSALS = [
  [400, 'malformed'],
  [409, 'conflict'],
  [413, 'too-large'],
  [422, 'refused'],
  [404, 'unknown'],
  [405, 'method'],
] as const;

const suite = boxesSuite(18);
const { letOne } = suite;

/** The service refuses every payment so; all else goes on. */
function refusePayments(status: number, code: string): void {
  suite.service.sky.bend((path, answer) => {
    if (!path.endsWith('/events') || answer.includes('"known"')) return answer;
    const t = /"t":(\d+)/.exec(answer)?.[1] ?? '0';
    return { status, body: `{"ok":0,"code":"${code}","retry":0,"t":${t}}` };
  });
}

async function toldOwner(since: number): Promise<string[]> {
  const told = await suite.service.world.told(since);
  return told
    .filter(({ kind, to }) => kind !== 'dialog' && to === OWNER.key)
    .map(({ text }) => text);
}

const sells = async (box: Thing): Promise<boolean> =>
  (await box.see()).prims.some(({ payQuick }) => payQuick.some((price) => price > 0));

describe('a payment that the service refuses for good', () => {
  it.each(REFUSALS)('with %d %s stays in the box as a dead letter', async (status, code) => {
    const { world } = suite.service;
    const { box } = await letOne();
    await world.run(MINUTES_S);
    refusePayments(status, code);
    await box.pay({ ...PAYER, amount: 250 });
    await world.run(MINUTES_S);
    expect(await outboxOf(box)).toEqual([]);
    expect(await deadLettersOf(box)).toEqual([
      expect.objectContaining({ type: 'payment', payer: PAYER.payer, amount: 250 }),
    ]);
  });

  it('is told to the owner once an hour at most, and can be read by touching the box', async () => {
    const { world } = suite.service;
    const { box } = await letOne();
    await world.run(MINUTES_S);
    refusePayments(400, 'malformed');
    const since = await world.mark();
    for (let n = 0; n < 6; n += 1) {
      await box.pay({ ...PAYER, amount: 250 + n, anyway: true });
      await world.run(MINUTES_S);
    }
    const messages = (await toldOwner(since)).filter((text) => /refused/.test(text));
    expect(messages.length).toBeGreaterThanOrEqual(1);
    expect(messages.length).toBeLessThanOrEqual(2);
    const asked = await world.mark();
    await press(world, box, 'Dead letters');
    const read = (await toldOwner(asked)).join('\n');
    expect(read).toMatch(/malformed.*L\$ 250 by Zoë/);
    expect(read).toMatch(/L\$ 255/);
  });

  it('is credited once when the owner sends it again, the cause being mended', async () => {
    const { world, sky } = suite.service;
    const { box, boxId } = await letOne();
    await world.run(MINUTES_S);
    refusePayments(400, 'malformed');
    await box.pay({ ...PAYER, amount: 250 });
    await world.run(MINUTES_S);
    sky.bend(null);
    const since = await world.mark();
    await press(world, box, 'Dead letters');
    const dialogs = (await world.told(since)).filter(({ kind }) => kind === 'dialog');
    const { channel = 0, buttons = [] } = dialogs.at(-1) ?? {};
    expect(buttons).toContain('Send again');
    await world.say({ ...OWNER, channel, text: 'Send again' });
    await world.run(HOUR_S);
    expect(await deadLettersOf(box)).toEqual([]);
    const held = await paymentsSettled(suite.service);
    expect(held.filter((one) => one.boxId === boxId)).toEqual([
      expect.objectContaining({ amount: 250, state: 'credited' }),
    ]);
  });
});

describe('a box that is retired', () => {
  it('still hands over the payments that it holds, and sells nothing more', async () => {
    const { world, sky } = suite.service;
    const { box, boxId } = await letOne();
    sky.turn('down');
    await box.pay({ ...PAYER, amount: 250 });
    await world.run(5);
    await boxDeed(suite.service, boxId, 'retire');
    sky.turn('fair');
    await world.run(HOUR_S);
    expect(await sells(box)).toBe(false);
    expect(await outboxOf(box)).toEqual([]);
    await until('the payment is held', async () =>
      (await paymentsHeld(suite.service)).some((one) => one.boxId === boxId),
    );
    expect((await boxHeld(suite.service, boxId)).state).toBe('retired');
  });
});
