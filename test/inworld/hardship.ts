/** What boxes have gone through, counted from the grid's record: shows that a storm was one. */
import { z } from 'zod';
import type { InWorld } from './in-world';

export interface Hardship {
  readonly calls: number;
  /** Calls of which nobody in-world knows whether they were carried out: 499 and 415. */
  readonly unknown: number;
  /** Answers of 5xx. */
  readonly faults: number;
  /** Answers that reached nobody, since the region was restarted meanwhile. */
  readonly lost: number;
  /** Events that the service had already when they came again. */
  readonly repeats: number;
}

const Answer = z.object({ status: z.int(), body: z.string(), lost: z.boolean() });

export async function hardshipOf(world: InWorld): Promise<Hardship> {
  const answers = z.array(Answer).parse((await world.rows(['answer'])).rows);
  const count = (fits: (answer: z.output<typeof Answer>) => boolean): number =>
    answers.filter(fits).length;
  return {
    calls: (await world.calls()).length,
    unknown: count(({ status }) => status === 499 || status === 415),
    faults: count(({ status }) => status >= 500),
    lost: count(({ lost }) => lost),
    repeats: count(({ body }) => body.includes('"known"')),
  };
}
