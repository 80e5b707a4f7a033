/** What a box is told of its rental: every stage, within a script's limits, and without a write. */
import type { Response } from 'supertest';
import { lindens } from '../../../src/domain/money';
import type { Rental, UnitClaim } from '../../../src/domain/rental';
import { parseHoldId } from '../../../src/domain/ids';
import { instant, plusSeconds } from '../../../src/domain/time';
import { createDoorWorld, type DoorWorld, type WorldOptions } from './door-world';
import { expectOutcome, expectShape } from './expectations';
import {
  boxVerified,
  NOW,
  NOW_UNIX,
  paidUntil,
  RENTAL_ID,
  sampleRental,
  TENANT,
} from './sample-estate';
import { EVENTS, STANDING, type CallOptions } from './signed-call';
import { PAYMENT } from './sample-events';

let world: DoorWorld;
async function open(options: WorldOptions = {}): Promise<void> {
  world = await createDoorWorld(options);
}
afterEach(() => world.close());

const poll = (body?: object, options: CallOptions = {}): Promise<Response> =>
  world.call({ path: STANDING, ...(body === undefined ? {} : { body }), ...options });

const inSeconds = (s: number): Rental => sampleRental({ cache: paidUntil(plusSeconds(NOW, s)) });
const DAY = 86_400;

describe('the standing of a rental', () => {
  it('is told in this order, in integers and short texts', async () => {
    await open({ rental: inSeconds(10 * DAY) });
    const answer = await poll();
    expect(answer.status).toBe(200);
    expectShape(answer);
    const { poll: pollS, ...told } = answer.body as Record<string, unknown>;
    expect(Object.entries(told)).toEqual([
      ['ok', 1],
      ['code', 'standing'],
      ['retry', 0],
      ['t', NOW_UNIX],
      ['until', NOW_UNIX + 10 * DAY],
      ['left', 10 * DAY],
      ['stage', 'paid'],
      ['pending', 0],
      ['gate', 1],
      ['price', 196],
      ['term', 604_800],
      ['min', 0],
      ['text', 'Zoë: Paid until Wed 2026-03-11 05:00 SLT.'],
    ]);
    expect(pollS).toBeGreaterThanOrEqual(270);
    expect(pollS).toBeLessThanOrEqual(330);
  });

  it('is told to a box that sends no body, an empty object, or what it has', async () => {
    await open();
    for (const body of [undefined, {}, { v: 1, seen: NOW_UNIX, outbox: 0 }, { seen: 0, x: 1 }]) {
      expect((await poll(body)).body).toMatchObject({ code: 'standing', stage: 'due' });
    }
  });

  it.each([[[]], [{ outbox: -1 }], [{ outbox: '1' }], [{ seen: 'now' }], [{ v: 'x' }]])(
    'is not told to a box that sends %j',
    async (body) => {
      await open();
      expectOutcome(await poll(body), [400, 'malformed', 0]);
    },
  );

  it.each<[stage: string, leftS: number, text: RegExp]>([
    ['paid', 3 * DAY, /^Zoë: Paid until Wed 2026-03-04 04:00 SLT\.$/],
    ['due', 3 * DAY - 1, /^Zoë: Paid until .* SLT\. Please pay before then\.$/],
    [
      'grace',
      -1,
      /^Zoë: Paid until Sun 2026-03-01 03:59 SLT\. Please pay by Wed 2026-03-04 03:59 SLT\.$/,
    ],
    ['safe', -3 * DAY, /SLT\. Your rental is safe\. We wait for fresh word/],
  ])('is %s with %i s left', async (stage, leftS, text) => {
    await open({ rental: inSeconds(leftS) });
    const { body } = await poll();
    expect(body).toMatchObject({ stage, left: leftS, until: NOW_UNIX + leftS });
    expect((body as { text: string }).text).toMatch(text);
  });

  it.each([
    ['Zoë Resident', /^Zoë: Paid/],
    ['  Ann\tLee', /^Ann: Paid/],
    ['🦊 of the North', /^🦊: Paid/],
    ['(Loading...)', /^Paid/],
    ['', /^Paid/],
    ['x'.repeat(80), /^x{24}: Paid/],
  ])('names the tenant %j by the first name, where there is one', async (name, text) => {
    const tenancy = { ...sampleRental().tenancy!, tenant: { ...TENANT, name } };
    await open({ rental: { ...inSeconds(3 * DAY), tenancy } });
    expect(((await poll()).body as { text: string }).text).toMatch(text);
  });

  it('is overdue when the provider says so too', async () => {
    const late = plusSeconds(NOW, -4 * DAY);
    const claim: UnitClaim = {
      status: 'overdue',
      rentedUntil: late,
      tenant: null,
      version: 1,
      streamRank: 1,
      seenAt: NOW,
      currentThrough: NOW,
    };
    await open({ rental: sampleRental({ cache: paidUntil(late), claim }) });
    expect((await poll()).body).toMatchObject({ stage: 'overdue', left: -4 * DAY });
  });

  it('of a free parcel is told without a time', async () => {
    await open({ rental: sampleRental({ tenancy: null, cache: null }) });
    const free = { stage: 'vacant', until: 0, left: 0, text: 'Free to rent.', pending: 0 };
    expect((await poll()).body).toMatchObject(free);
  });

  it('tells the terms in force: a month has no fixed length, a minimum is named', async () => {
    const terms = [
      { from: instant(0), price: { amount: lindens(50), term: 'day' as const } },
      { from: NOW, price: { amount: lindens(800), term: 'month' as const } },
      { from: plusSeconds(NOW, 1), price: { amount: lindens(1), term: 'week' as const } },
    ].map((one) => ({ ...one, minimum: lindens(400), graceHours: null }));
    await open({ rental: sampleRental({ terms }) });
    expect((await poll()).body).toMatchObject({ price: 800, term: 0, min: 400 });
  });

  it('is clamped to what a script can hold', async () => {
    await open({ rental: sampleRental({ cache: paidUntil(instant(4_000_000_000_000), 2 ** 40) }) });
    const most = 2 ** 31 - 1;
    expect((await poll()).body).toMatchObject({ until: most, left: most, pending: most });
  });

  it('tells the tenant why it is safe, and nothing of what a manager wrote', async () => {
    const holds = Array.from({ length: 5 }, (_, n) => ({
      id: parseHoldId(`hold_${n}`),
      reason: `Secret ${'🏝️]}"\n\\'.repeat(30)}`,
      author: 'manager',
      createdAt: NOW,
      until: plusSeconds(NOW, 1_000 + n),
      releasedAt: null,
    }));
    await open({ rental: { ...inSeconds(-4 * DAY), cache: paidUntil(NOW, 1), holds } });
    const answer = await poll();
    expectShape(answer);
    const { text } = answer.body as { text: string };
    expect(text).toContain('The estate protects your rental for now.');
    expect(text).toContain('A payment is being confirmed');
    expect(text).not.toContain('Secret');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(254);
  });

  it('costs no write', async () => {
    await open();
    for (let polls = 0; polls < 3; polls += 1) await poll({ outbox: 0 });
    expect((await world.box()).rev).toBe(1);
    expect(world.writes).toEqual([]);
  });

  it('notes how many events wait in the box', async () => {
    await open();
    await poll({ outbox: 12 });
    expect(world.woken.seen.at(-1)).toEqual({ id: 'box_42', at: NOW, outbox: 12 });
  });
});

describe('the second key of a rental without a provider', () => {
  const overLimit = (): Rental =>
    boxVerified({ cache: paidUntil(plusSeconds(NOW, -3 * DAY - 60)) });
  const clearAt = () => world.rental(RENTAL_ID)!.boxClearAt;

  it('is a call after the limit that says that nothing waits: it becomes overdue', async () => {
    await open({ rental: overLimit() });
    expect((await poll({ outbox: 1 })).body).toMatchObject({ stage: 'safe' });
    expect((await poll({})).body).toMatchObject({ stage: 'safe' });
    expect(clearAt()).toBeNull();
    await poll({ outbox: 0 });
    expect(clearAt()).toBe(NOW);
    expect((await poll({ outbox: 0 })).body).toMatchObject({ stage: 'overdue' });
  });

  it('is written once', async () => {
    await open({ rental: overLimit() });
    for (let polls = 0; polls < 3; polls += 1) await poll({ outbox: 0 });
    expect(world.writes).toEqual(['noteBoxClear']);
  });

  it('is none while the limit has not passed', async () => {
    await open({ rental: boxVerified({ cache: paidUntil(plusSeconds(NOW, -DAY)) }) });
    await poll({ outbox: 0 });
    expect(clearAt()).toBeNull();
  });

  it('counts from when the box signed: what it took since may still be on its way', async () => {
    await open({ rental: overLimit() });
    await poll({ outbox: 0 }, { time: String(NOW_UNIX - 61) });
    expect(clearAt()).toBeNull();
    await poll({ outbox: 0 }, { time: String(NOW_UNIX - 59) });
    expect(clearAt()).toBe(NOW - 59_000);
  });

  it('is never later than our own clock', async () => {
    await open({ rental: overLimit() });
    await poll({ outbox: 0 }, { time: String(NOW_UNIX + 200) });
    expect(clearAt()).toBe(NOW);
  });

  it('is no matter of the box where a provider verifies', async () => {
    await open({ rental: inSeconds(-4 * DAY) });
    await poll({ outbox: 0 });
    expect(world.writes).toEqual([]);
  });
});

describe('the answer to an event', () => {
  it('is the same for the tenant and for a stranger', async () => {
    await open();
    const payers = [PAYMENT.payer, 'a2e76fcd-9360-4f6d-a924-00000000beef'];
    const answers = [];
    for (const [n, payer] of payers.entries()) {
      const body = { ...PAYMENT, payer, id: `0b9f3c1e-5a2d-4c77-9f0e-2f1d3a4b5c${n}d` };
      answers.push((await world.call({ path: EVENTS, body })).text);
    }
    expect(answers[0]).toBe(answers[1]);
  });
});
