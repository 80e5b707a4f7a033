/** How long a box waits before it tries again, and what it does when the grid itself refuses. */
import { boxesSuite } from './boxes-suite';
import { paymentsSettled } from './credited';
import type { Thing } from './in-world';
import { outboxOf, OWNER } from './parcels';
import type { Weather } from './weather';

const PAYER = { payer: 'a2e76fcd-9360-4f6d-a924-000000000003', name: 'Zoë' };
const SCHEDULE_S = [15, 30, 60, 120, 300, 900, 900];
const SPREAD = 0.2;
/** Timers are late, and scripts know whole seconds only. */
const LATE_S = 4;
/** A call that nobody answers is given up after 60 s of its own. */
const TIMEOUT_S = 60;
const SILENCE_S = 120;
const HOUR_S = 3_600;
/** As many as its queue of events holds. */
const CROWD = 60;

/** Calls 26 times at once when it is told to: one more than an object may. */
const GREEDY_CHANNEL = 9;
const GREEDY = `default {
  state_entry() { llListen(${GREEDY_CHANNEL}, "", NULL_KEY, ""); }
  listen(integer channel, string name, key who, string text) {
    integer i;
    for (; i < 26; ++i) llHTTPRequest("http://127.0.0.1:1/", [HTTP_METHOD, "GET"], "");
  }
}`;

const suite = boxesSuite(17);
const { letOne } = suite;

/** When the box has called since `since`, Unix seconds. */
async function callsOf(box: Thing, since: number): Promise<number[]> {
  const calls = await suite.service.world.calls(since);
  return calls
    .filter(({ by, path }) => by === box.key() && path.startsWith('/api/'))
    .map(({ at }) => at);
}

describe('a box whose call fails', () => {
  it.each<[Weather, number]>([
    ['down', 0],
    ['no-service', 0],
    ['stranger', 0],
    ['swallowed', TIMEOUT_S],
  ])(
    'because of weather %s tries again after 15, 30, 60, 120, 300, then 900 s',
    async (weather, takesS) => {
      const { world, sky } = suite.service;
      const { box } = await letOne();
      await world.settings({ patienceS: weather === 'swallowed' ? 0.05 : 2 });
      await world.run(60);
      sky.turn(weather);
      const since = await world.mark();
      await box.pay({ ...PAYER, amount: 250 });
      await world.run(HOUR_S);
      const times = (await callsOf(box, since)).slice(0, SCHEDULE_S.length + 1);
      const gaps = times.slice(1).map((at, n) => at - (times[n] ?? 0) - takesS);
      SCHEDULE_S.forEach((planned, n) => {
        expect(gaps[n]).toBeGreaterThan(planned * (1 - SPREAD) - 1);
        expect(gaps[n]).toBeLessThan(planned * (1 + SPREAD) + LATE_S);
      });
      await world.settings({ patienceS: 2 });
      expect(await outboxOf(box)).toHaveLength(1);
    },
  );
});

describe('a box that the grid refuses a call', () => {
  it('because of another script in it is silent for 120 s, and loses nothing', async () => {
    const { world } = suite.service;
    const { box } = await letOne({ beside: GREEDY });
    await world.run(60);
    const since = await world.mark();
    await world.say({ ...OWNER, channel: GREEDY_CHANNEL, text: 'go' });
    await world.run(1);
    await box.pay({ ...PAYER, amount: 250 });
    await world.run(HOUR_S);
    const [refused = 0, next = 0] = await callsOf(box, since);
    expect(next - refused).toBeGreaterThan(SILENCE_S);
    expect((await world.ledger()).broken.map(({ limit }) => limit)).toEqual([
      'more than 25 calls in 20 s',
      'called in the silence',
    ]);
    await world.settings({ forgive: true });
    const held = await paymentsSettled(suite.service);
    expect(held).toContainEqual(expect.objectContaining({ amount: 250, state: 'credited' }));
    expect(await outboxOf(box)).toEqual([]);
  });
});

describe('many payments in one moment', () => {
  it('are all kept, and sent one by one', async () => {
    const { world, sky } = suite.service;
    const { box, boxId } = await letOne();
    sky.turn('down');
    for (let n = 0; n < CROWD; n += 1) {
      await box.pay({ ...PAYER, amount: 100 + n, anyway: true });
    }
    await world.run(1);
    expect(await outboxOf(box)).toHaveLength(CROWD);
    sky.turn('fair');
    await world.run(HOUR_S);
    expect(await outboxOf(box)).toEqual([]);
    const held = await paymentsSettled(suite.service);
    const amounts = held.filter((one) => one.boxId === boxId).map(({ amount }) => amount);
    expect(amounts.sort((a, b) => a - b)).toEqual(Array.from({ length: CROWD }, (_, n) => 100 + n));
  });
});

describe('a box that is never asked for anything', () => {
  it('polls once in five minutes, each time at another second', async () => {
    const { world } = suite.service;
    const { box } = await letOne();
    await world.run(60);
    const since = await world.mark();
    await world.run(2 * HOUR_S);
    const times = await callsOf(box, since);
    const gaps = times.slice(1).map((at, n) => at - (times[n] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(200);
    expect(Math.max(...gaps)).toBeLessThan(400);
    expect(new Set(gaps.map(Math.round)).size).toBeGreaterThan(5);
  });
});
