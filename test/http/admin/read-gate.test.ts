/** That people who look at lists leave the database to the boxes, and to each other. */
import type { Response, Test } from 'supertest';
import { until } from '../../../scripts/rehearsal/until';
import { createAdminWorld, problem, type AdminWorld, type KeyName } from './admin-world';

let reading: (() => void)[];
let world: AdminWorld;

/** Lists of rentals wait until they are let go on. */
beforeEach(async () => {
  reading = [];
  world = await createAdminWorld(({ rentals }) => ({
    rentals: {
      ...rentals,
      async list(query) {
        await new Promise<void>((resolve) => reading.push(resolve));
        return rentals.list(query);
      },
    },
  }));
});

const send = (test: Test): Promise<Response> => test.then((answer) => answer);
const look = (as: KeyName, times: number): Promise<Response>[] =>
  Array.from({ length: times }, () => send(world.get('/rentals', as)));

async function goOn(answers: readonly Promise<Response>[]): Promise<number[]> {
  let isOver = false;
  const all = Promise.all(answers).finally(() => (isOver = true));
  await until('all are answered', () => {
    for (const read of reading.splice(0)) read();
    return isOver;
  });
  return (await all).map(({ status }) => status);
}

it('lets four reads of one key go on at once, and the others after them', async () => {
  const answers = look('viewer', 12);
  await until('four are reading', () => reading.length === 4);
  const other = look('manager', 1);
  await until('another key reads too', () => reading.length === 5);
  expect(await goOn([...answers, ...other])).toEqual(Array.from({ length: 13 }, () => 200));
});

it('lets eight reads go on at once, whoever asks, and changes beside them', async () => {
  const answers = (['viewer', 'manager', 'owner'] as const).flatMap((as) => look(as, 4));
  await until('eight are reading', () => reading.length === 8);
  const changed = await world.post('/rentals/r_none/holds', { reason: 'the roof is open' });
  expect(changed.status).toBe(404);
  expect(reading).toHaveLength(8);
  expect(await goOn(answers)).toEqual(Array.from({ length: 12 }, () => 200));
});

it('says when to come again to whoever waited for five seconds', async () => {
  const answers = look('viewer', 5);
  await until('four are reading', () => reading.length === 4 && world.estate.clock.waiting() > 0);
  await world.estate.clock.advance(5_000);
  const late = await Promise.race(answers);
  expect([late.status, problem(late), late.headers['retry-after']]).toEqual([503, 'storage', '5']);
  expect((await goOn(answers)).sort()).toEqual([200, 200, 200, 200, 503]);
});
