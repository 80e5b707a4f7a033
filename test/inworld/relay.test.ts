/**
 * The relay in a provider's box: where it may sit, what it leaves alone, what payments it reports.
 */
import { until } from '../../scripts/rehearsal/until';
import { boxesSuite } from './boxes-suite';
import { builtScript } from './built-scripts';
import { paymentsHeld } from './credited';
import { OWNER } from './parcels';
import { relaysIn, rextr, TENANT } from './provider-box';

const PAY_DEFAULT = -2;
const STRANGER = 'c0000000-0000-4000-8000-000000000001';

const suite = boxesSuite(15);
const { relayed, sent, leftS } = relaysIn(suite);

describe('a relay in a child prim', () => {
  it('switches itself off, says why, and draws no payment away from the root', async () => {
    const { world } = suite.service;
    const since = await world.mark();
    const box = suite.after(
      await world.rez(OWNER.key, 'Dream Bay', [
        {
          name: 'Root',
          scripts: [
            {
              name: 'provider',
              source: 'default { money(key k, integer n) { llOwnerSay("mine"); } }',
            },
          ],
        },
        { name: 'Child', scripts: [{ name: 'relay', source: builtScript('relay') }] },
      ]),
    );
    await world.run(5);
    await box.pay({ payer: TENANT.key, name: TENANT.name, amount: 250, prim: 1 });
    await world.run(60);
    const told = (await world.told(since)).map(({ text }) => text);
    expect(told.join()).toMatch(/root prim/);
    expect(told).toContain('mine');
    expect((await box.see()).pairs).toEqual({});
  });
});

describe('a relay in the root prim', () => {
  it('leaves pay price and floating text as the provider’s script has set them', async () => {
    const made = await relayed();
    await made.box.linkMessage({ num: 0, text: rextr(await leftS(made)) });
    await suite.service.world.run(600);
    const { prims } = await made.box.see();
    expect(prims[0]).toMatchObject({
      ...{ text: '', payPrice: PAY_DEFAULT },
      payQuick: [PAY_DEFAULT, PAY_DEFAULT, PAY_DEFAULT, PAY_DEFAULT],
    });
  });

  it('reports a payment that reaches it, which is credited once with the provider’s', async () => {
    const made = await relayed();
    const { world, sim } = suite.service;
    const since = await world.mark();
    await made.box.pay({ payer: TENANT.key, name: TENANT.name, amount: 250 });
    sim.control.pay({ unit: made.unitId, payer: TENANT, amount: 250 });
    expect(await sent(made, 'payment', since)).toEqual([
      expect.objectContaining({ payer: TENANT.key, name: TENANT.name, amount: 250 }),
    ]);
    await until('it is one payment, and credited', async () => {
      const held = await paymentsHeld(suite.service);
      const mine = held.filter(({ rentalId }) => rentalId === made.rentalId);
      const [one] = mine;
      return (
        mine.length === 1 && one?.state === 'credited' && one.txId !== null && one.eventId !== null
      );
    });
  });

  it('adds the transaction id that the box says in hearing', async () => {
    const made = await relayed();
    const { world } = suite.service;
    const since = await world.mark();
    await made.box.pay({ payer: TENANT.key, name: TENANT.name, amount: 250 });
    await world.run(10);
    const text =
      'Thank you! Your transactionID is: tx_4711 [https://casper.example/tx_4711 details]';
    await world.say({ key: made.childKey, name: 'Sign', channel: 0, text });
    const payments = await sent(made, 'payment', since);
    expect(payments.map(({ ref }) => ref)).toEqual([undefined, 'tx_4711']);
    expect(new Set(payments.map(({ id }) => id)).size).toBe(1);
  });

  it('takes no transaction id from a stranger, nor where two payments wait for one', async () => {
    const made = await relayed();
    const { world } = suite.service;
    const since = await world.mark();
    const pay = () => made.box.pay({ payer: TENANT.key, name: TENANT.name, amount: 250 });
    await pay();
    await world.run(1);
    const said = { channel: 0, text: 'transactionID is: tx_1' };
    await world.say({ ...said, key: STRANGER, name: 'Stranger' });
    await pay();
    await world.run(1);
    await world.say({ ...said, key: made.childKey, name: 'Sign' });
    const payments = await sent(made, 'payment', since);
    expect(payments.map(({ ref }) => ref)).toEqual([undefined, undefined]);
  });
});
