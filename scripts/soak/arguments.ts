/** The command line of the soak; starts nothing. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { FAULTS_ALONE } from '../rehearsal/faults-alone';

/** Every fault of the provider at once, or the name of one alone. */
export type SoakFaults = string;
export const TOGETHER: SoakFaults = 'together';

export interface SoakRun {
  readonly faults: SoakFaults;
  readonly seed: number;
}

export interface SoakArguments {
  /** In the order in which they are played. */
  readonly runs: readonly SoakRun[];
  /** How many are played side by side. */
  readonly atOnce: number;
}

export const USAGE = `npm run soak [-- --seeds N] [--from SEED] [--seed SEED ...]
             [--faults together|alone|NAME ...] [--at-once N]`;

const SEEDS = 20;
const AT_ONCE = 2;
const MOST_SEED = 1_000_000_000;
const ALONE = FAULTS_ALONE.map(({ fault }) => fault);

const count = (most: number) => z.coerce.number().pipe(z.int().min(1).max(most));
const seed = z.coerce.number().pipe(z.int().min(0).max(MOST_SEED));
const given = z.strictObject({
  seeds: count(100_000).default(SEEDS),
  from: seed.optional(),
  seed: z.array(seed).min(1).optional(),
  faults: z
    .array(z.enum([TOGETHER, 'alone', ...ALONE]))
    .min(1)
    .default([TOGETHER, 'alone']),
  'at-once': count(16).default(AT_ONCE),
});

/**
 * Every seed is played with each of the faults that are asked for; all seeds with one before the
 * next. Unless it says otherwise: all faults together, then each alone.
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
      faults: { type: 'string', multiple: true },
      'at-once': { type: 'string' },
    },
  });
  const parsed = given.safeParse(values);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const { from, seed: named, faults, 'at-once': atOnce } = parsed.data;
  const first = from ?? chance();
  const all = Array.from({ length: parsed.data.seeds }, (_, n) => first + n);
  const seeds = [...new Set(named ?? all)];
  const wanted = new Set(faults.flatMap((name) => (name === 'alone' ? ALONE : name)));
  const runs = [...wanted].flatMap((one) => seeds.map((of) => ({ faults: one, seed: of })));
  return { runs, atOnce };
}
