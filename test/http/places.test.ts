/** How work of one kind is kept from crowding out all other. */
import { createPlaces, NoPlace } from '../../src/http/places';
import { createManualClock, type ManualClock } from '../support/manual-clock';
import { NOW } from './inworld/sample-estate';

let clock: ManualClock;
let begun: number[];
let ends: ((error?: Error) => void)[];

beforeEach(() => {
  [clock, begun, ends] = [createManualClock(NOW), [], []];
});

const work = (n: number) => (): Promise<number> =>
  new Promise((resolve, reject) => {
    begun.push(n);
    ends.push((error) => (error === undefined ? resolve(n) : reject(error)));
  });
const settled = (): Promise<void> => clock.advance(0);

describe('places for work of one kind', () => {
  const bounds = { atOnce: 2, waiting: 2, waitMs: 5_000 };

  it('are given to so much at once, and to the rest in its order', async () => {
    const places = createPlaces(bounds, clock);
    const all = [1, 2, 3, 4].map((n) => places.run(work(n)));
    expect(begun).toEqual([1, 2]);
    for (let n = 0; n < 4; n += 1) {
      ends[n]?.();
      await settled();
    }
    expect(begun).toEqual([1, 2, 3, 4]);
    expect(await Promise.all(all)).toEqual([1, 2, 3, 4]);
    expect(clock.waiting()).toBe(0);
  });

  it('are refused at once where enough is waiting', async () => {
    const places = createPlaces(bounds, clock);
    const all = [1, 2, 3, 4].map((n) => places.run(work(n)));
    await expect(places.run(work(5))).rejects.toThrow(NoPlace);
    for (let n = 0; n < 4; n += 1) {
      ends[n]?.();
      await settled();
    }
    expect(await Promise.all(all)).toEqual([1, 2, 3, 4]);
  });

  it('are waited for no longer than a while', async () => {
    const places = createPlaces({ ...bounds, atOnce: 1 }, clock);
    const first = places.run(work(1));
    const late = expect(places.run(work(2))).rejects.toThrow(NoPlace);
    await clock.advance(5_000);
    await late;
    const third = places.run(work(3));
    ends[0]?.();
    await settled();
    expect(begun).toEqual([1, 3]);
    ends[1]?.();
    expect(await Promise.all([first, third])).toEqual([1, 3]);
  });

  it('are free again after work that failed', async () => {
    const places = createPlaces({ ...bounds, atOnce: 1 }, clock);
    const broken = expect(places.run(work(1))).rejects.toThrow('broken');
    const next = places.run(work(2));
    ends[0]?.(new Error('broken'));
    await broken;
    await settled();
    ends[1]?.();
    expect(await next).toBe(2);
  });
});
