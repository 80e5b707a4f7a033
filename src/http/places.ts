/**
 * How much work of one kind goes on at once, and who waits for a place and for how long; knows
 * nothing of the work.
 */
import type { Clock } from '../flows/ports/clock';

export interface PlacesBounds {
  readonly atOnce: number;
  /** How many may wait for a place. */
  readonly waiting: number;
  readonly waitMs: number;
}

/** Thrown in place of the work: nothing of it was begun. */
export class NoPlace extends Error {
  override readonly name = 'NoPlace';
  readonly mayRetry = true;
}

export interface Places {
  /** First come, first served. @throws NoPlace, or what the work throws. */
  run<Value>(work: () => Promise<Value>): Promise<Value>;
}

export function createPlaces(bounds: PlacesBounds, clock: Pick<Clock, 'after'>): Places {
  const waiting = new Set<() => void>();
  let taken = 0;
  const wait = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const admit = (): void => {
        cancel();
        resolve();
      };
      const cancel = clock.after(bounds.waitMs, () => {
        waiting.delete(admit);
        reject(new NoPlace(`No place became free within ${bounds.waitMs} ms.`));
      });
      waiting.add(admit);
    });
  const leave = (): void => {
    const [next] = waiting;
    // A place is handed on directly, so that nobody overtakes those who wait.
    if (next === undefined) taken -= 1;
    else waiting.delete(next);
    next?.();
  };
  return {
    async run(work) {
      if (taken < bounds.atOnce) taken += 1;
      else if (waiting.size < bounds.waiting) await wait();
      else throw new NoPlace(`More than ${bounds.waiting} wait for a place.`);
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
