/** The command line of the soak; starts nothing. */
import { parseArgs } from 'node:util';
import { z } from 'zod';

export interface SoakArguments {
  /** In the order in which they are played. */
  readonly seeds: readonly number[];
  /** How many are played side by side. */
  readonly atOnce: number;
}

export const USAGE = 'npm run soak [-- --seeds N] [--from SEED] [--seed SEED ...] [--at-once N]';

const SEEDS = 20;
const AT_ONCE = 2;
const MOST_SEED = 1_000_000_000;

const count = (most: number) => z.coerce.number().pipe(z.int().min(1).max(most));
const seed = z.coerce.number().pipe(z.int().min(0).max(MOST_SEED));
const given = z.strictObject({
  seeds: count(100_000).default(SEEDS),
  from: seed.optional(),
  seed: z.array(seed).min(1).optional(),
  'at-once': count(16).default(AT_ONCE),
});

/**
 * @param chance where the seeds begin that nobody has named: each soak goes on to new ones.
 * @throws Error with a sentence for a person.
 */
export function readArguments(args: readonly string[], chance: () => number): SoakArguments {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      seeds: { type: 'string' },
      from: { type: 'string' },
      seed: { type: 'string', multiple: true },
      'at-once': { type: 'string' },
    },
  });
  const parsed = given.safeParse(values);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const { seeds, from, seed: named, 'at-once': atOnce } = parsed.data;
  const first = from ?? chance();
  const all = Array.from({ length: seeds }, (_, n) => first + n);
  return { seeds: [...new Set(named ?? all)], atOnce };
}
