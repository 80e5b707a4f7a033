/** How a box and the service come to trust each other, and go on doing so. */
import { until } from '../../scripts/rehearsal/until';
import { boxDeed, boxHeld } from './box-deeds';
import { boxesSuite } from './boxes-suite';
import { paymentsSettled } from './credited';
import { outboxOf, OWNER, pairByTouch, press, rezBox, type Parcel } from './parcels';

const PAYER = { payer: 'a2e76fcd-9360-4f6d-a924-000000000003', name: 'Zoë' };
const WRONG_CODE = 'ABCD-234567234567';
/** As one that a service offered and has lost since, by going back to a backup. */
const UNKNOWN_SECRET = 'a-secret-that-the-service-has-never-given-or-lost';
const MINUTES_S = 600;

const suite = boxesSuite(14);
const { letOne, after } = suite;

/** A rental whose box is not paired yet. */
async function unpaired() {
  const { admin, world } = suite.service;
  const rental = await admin.createRental({
    ...{ name: 'Another house', region: 'Dream Bay', parcel: '', unitId: null },
    ...{ verifiedBy: 'box', price: { amount: 250, term: 'week' }, reason: 'It is let.' },
  });
  const { id: boxId, pairingCode } = await admin.createBox(rental.id);
  return { boxId, code: pairingCode, box: after(await rezBox(world, 'tierbox', 'Dream Bay')) };
}

async function payAndSettle({ box, boxId }: Pick<Parcel, 'box' | 'boxId'>): Promise<string[]> {
  await box.pay({ ...PAYER, amount: 250, anyway: true });
  await suite.service.world.run(MINUTES_S);
  const held = await paymentsSettled(suite.service);
  return held.filter((one) => one.boxId === boxId).map(({ state }) => state);
}

const secretOf = async ({ box }: Pick<Parcel, 'box'>): Promise<unknown> =>
  (await box.see()).scripts[0]?.globals['gSecret'];

describe('pairing', () => {
  it('works by touch and text box, and the service then knows the box', async () => {
    const { boxId, code, box } = await unpaired();
    await pairByTouch(suite.service.world, box, code);
    const held = await boxHeld(suite.service, boxId);
    expect(held).toMatchObject({ state: 'paired', objectKey: box.key() });
    expect(held.version).toMatch(/^tierbox \d/);
  });

  it('tells the owner when the code is wrong, and leaves the box unpaired', async () => {
    const { world } = suite.service;
    const { box } = await unpaired();
    const since = await world.mark();
    await pairByTouch(world, box, WRONG_CODE);
    const told = (await world.told(since)).filter(({ to }) => to === OWNER.key);
    expect(told.map(({ text }) => text).join()).toMatch(/not paired.*code is wrong/i);
    expect(await secretOf({ box })).toBe('');
  });

  it('succeeds though the first answer, which holds the secret, is lost', async () => {
    const { world, sky } = suite.service;
    const { boxId, code, box } = await unpaired();
    sky.turn('cut', 'half', 'fair');
    await pairByTouch(world, box, code);
    await world.run(MINUTES_S);
    sky.turn('fair');
    expect(await payAndSettle({ box, boxId })).toEqual(['credited']);
  });

  it('goes on by itself after a reset that comes while it is under way', async () => {
    const { world, sky } = suite.service;
    const { boxId, code, box } = await unpaired();
    sky.turn('cut');
    await pairByTouch(world, box, code);
    await box.reset();
    sky.turn('fair');
    await world.run(MINUTES_S);
    expect(await payAndSettle({ box, boxId })).toEqual(['credited']);
  });

  it('with a code that another object has used already is refused', async () => {
    const { world } = suite.service;
    const { boxId, code, box } = await unpaired();
    await pairByTouch(world, box, code);
    const thief = after(await rezBox(world, 'tierbox', 'Dream Bay'));
    await pairByTouch(world, thief, code);
    expect(await secretOf({ box: thief })).toBe('');
    expect(await payAndSettle({ box, boxId })).toEqual(['credited']);
  });
});

describe('the secret of a box', () => {
  it('is exchanged for a new one at a poll, and the box goes on', async () => {
    const { world } = suite.service;
    const parcel = await letOne();
    const before = await secretOf(parcel);
    await boxDeed(suite.service, parcel.boxId, 'rotate-secret');
    await world.run(MINUTES_S);
    expect(await secretOf(parcel)).not.toBe(before);
    expect(await payAndSettle(parcel)).toEqual(['credited']);
  });

  it('survives that the answer with the new one is lost, and a reset just after', async () => {
    const { world, sky } = suite.service;
    const parcel = await letOne();
    const before = await secretOf(parcel);
    await boxDeed(suite.service, parcel.boxId, 'rotate-secret');
    sky.turn('cut', 'cut', 'fair');
    await world.run(MINUTES_S);
    await parcel.box.reset();
    sky.turn('fair');
    await world.run(MINUTES_S);
    expect(await secretOf(parcel)).not.toBe(before);
    expect(await payAndSettle(parcel)).toEqual(['credited']);
  });

  it('is the one before again where the service knows no newer one after all', async () => {
    const { world, sky } = suite.service;
    const parcel = await letOne();
    const before = await secretOf(parcel);
    sky.bend((path, answer) =>
      path.endsWith('/standing') ? answer.replace(/}$/, `,"next":"${UNKNOWN_SECRET}"}`) : answer,
    );
    await until('it is taken up', async () => {
      await world.run(60);
      return (await secretOf(parcel)) === UNKNOWN_SECRET;
    });
    sky.bend(null);
    expect(await payAndSettle(parcel)).toEqual(['credited']);
    expect(await secretOf(parcel)).toBe(before);
  });

  it('once revoked stops the box, which keeps its payments until it is paired anew', async () => {
    const { world } = suite.service;
    const parcel = await letOne();
    const { pairingCode = '' } = await boxDeed(suite.service, parcel.boxId, 'pairing-code', {
      revoke: true,
    });
    expect(await payAndSettle(parcel)).toEqual([]);
    expect(await outboxOf(parcel.box)).toHaveLength(1);
    await pairByTouch(world, parcel.box, pairingCode);
    await world.run(MINUTES_S);
    expect(await outboxOf(parcel.box)).toEqual([]);
    expect(await paymentsSettled(suite.service)).toContainEqual(
      expect.objectContaining({ boxId: parcel.boxId, state: 'credited' }),
    );
  });
});

describe('a clock that differs from the service’s', () => {
  it.each([-3_000, 3_000])('by %d s is corrected by the first answer', async (aheadS) => {
    const { service } = suite;
    const parcel = await letOne();
    await service.endService('SIGTERM');
    await service.startService(aheadS);
    const since = await service.world.mark();
    expect(await payAndSettle(parcel)).toEqual(['credited']);
    const answers = (await service.world.rows(['answer'], since)).rows;
    expect(answers.filter(({ body }) => String(body).includes('"clock"'))).toHaveLength(1);
    await service.endService('SIGTERM');
    await service.startService();
  });
});

describe('a hint', () => {
  it('that there is news makes the box poll within a minute', async () => {
    const { world } = suite.service;
    const parcel = await letOne();
    await world.run(MINUTES_S);
    const since = await world.mark();
    await parcel.box.pay({ ...PAYER, amount: 250 });
    await world.run(5);
    await paymentsSettled(suite.service);
    await until('the box is told', async () => (await world.rows(['hint'], since)).rows.length > 0);
    await world.run(60);
    const sign = (await parcel.box.see()).prims[0]?.text;
    expect(sign).toMatch(/left/);
    const { rows } = await world.rows(['hint-answer'], since);
    expect(rows.map(({ status }) => status)).toContain(200);
  });

  it('that is not signed, or comes a second time, is refused', async () => {
    const { world } = suite.service;
    const parcel = await letOne();
    const since = await world.mark();
    await parcel.box.pay({ ...PAYER, amount: 250 });
    await world.run(5);
    await until('the box is told', async () => (await hintsTo(parcel, since)).length > 0);
    await world.run(60);
    const [right = ''] = await hintsTo(parcel, since);
    const t = Math.floor((await world.ledger()).now);
    const mark = await world.mark();
    expect(await hinted(parcel, { v: 1, do: 'poll', t, nonce: 'a', sig: 'SL1=none' })).toBe(403);
    expect(await hinted(parcel, JSON.parse(right))).toBe(403);
    const calls = (await world.calls(mark)).filter(({ by }) => by === parcel.box.key());
    expect(calls).toEqual([]);
  });
});

/** What came to its address, each body as it came. */
async function hintsTo({ box }: Pick<Parcel, 'box'>, since: number): Promise<string[]> {
  const { rows } = await suite.service.world.rows(['hint'], since);
  return rows.filter(({ to }) => to === box.key()).map(({ body }) => String(body));
}

/** Somebody posts this to the box's address; the status of its answer. */
async function hinted({ box }: Parcel, hint: unknown): Promise<number> {
  const { world } = suite.service;
  const url = (await box.see()).scripts[0]?.urls[0] ?? '';
  const since = await world.mark();
  const answer = fetch(url, { method: 'POST', body: JSON.stringify(hint) });
  await until('it arrives', async () => (await hintsTo({ box }, since)).length > 0);
  await world.run(1);
  return (await answer).status;
}

describe('the menu', () => {
  it('offers a visitor no button of the owner', async () => {
    const { world } = suite.service;
    const { box } = await letOne();
    const visitor = { key: PAYER.payer, name: PAYER.name };
    await expect(press(world, box, 'Pair', visitor)).rejects.toThrow(/No dialog offers Pair/);
  });
});
