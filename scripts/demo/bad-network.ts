/** A network that loses one call in so many, on its way there or on its way back. */
import type { Random } from '../sim-provider/random';

export interface BadNetwork {
  readonly fetch: typeof fetch;
  /** Calls that never arrived, and answers that never came back. */
  readonly lost: () => number;
}

/** @param share Of all calls, 0–1; half of the lost ones were carried out. */
export function badNetwork(random: Pick<Random, 'next'>, share: number): BadNetwork {
  let lost = 0;
  return {
    lost: () => lost,
    async fetch(input, init) {
      const chance = random.next();
      if (chance >= share) return fetch(input, init);
      lost += 1;
      if (chance < share / 2) {
        const answer = await fetch(input, init);
        await answer.arrayBuffer();
      }
      throw new TypeError('The call was lost on its way.');
    },
  };
}
