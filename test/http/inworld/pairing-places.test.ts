/** That calls with made-up pairing keys do not hold up the boxes. */
import type { Response } from 'supertest';
import { until } from '../../../scripts/rehearsal/until';
import { createDoorWorld, type DoorWorld } from './door-world';
import { poll, register } from './pairing-steps';

let world: DoorWorld;
let looking: (() => void)[];

afterEach(async () => {
  for (const look of looking) look();
  await world.close();
});

it('looks for few pairing codes at once, and tells the rest to wait', async () => {
  looking = [];
  world = await createDoorWorld({
    change: ({ boxes }) => ({
      boxes: {
        ...boxes,
        async byPairingKey(key) {
          await new Promise<void>((resolve) => looking.push(resolve));
          return boxes.byPairingKey(key);
        },
      },
    }),
  });
  const answers = Array.from({ length: 12 }, () => register(world, 'ABCD-made-up-by-somebody'));
  const told = new Map<number, number>();
  const note = ({ status }: Response): void => void told.set(status, (told.get(status) ?? 0) + 1);
  const all = answers.map((answer) => answer.then(note));
  await until('the others wait for a place', () => world.clock.waiting() === 12 + 8);
  expect(looking).toHaveLength(4);
  expect((await poll(world)).status).toBe(200);
  await world.clock.advance(3_000);
  await until('they are told to wait', () => told.get(429) === 8);
  for (const look of looking) look();
  await Promise.all(all);
  expect([...told]).toEqual([
    [429, 8],
    [401, 4],
  ]);
});
