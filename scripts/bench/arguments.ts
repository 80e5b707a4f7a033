/** The command line of the bench; starts nothing. */
import { parseArgs } from 'node:util';

/** In the order in which they are run: what disturbs least comes first. */
export const FIGURES = ['intake', 'standing', 'credit', 'drain', 'resync'] as const;
export type FigureName = (typeof FIGURES)[number];

export interface BenchArguments {
  readonly wanted: readonly FigureName[];
  /** The resync over 1,000,000 rentals in place of 100,000. */
  readonly size: 'usual' | 'large';
}

export const USAGE = `npm run bench [-- ${FIGURES.join('|')} ...] [--large]`;

/** @throws Error with a sentence for a person. */
export function readArguments(args: readonly string[]): BenchArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: true,
    options: { only: { type: 'string', multiple: true }, large: { type: 'boolean' } },
  });
  const named = [...positionals, ...(values.only ?? [])].flatMap((text) => text.split(','));
  const unknown = named.filter((name) => !isFigure(name));
  if (unknown.length > 0) throw new Error(`There is no figure ${unknown.join(', ')}.`);
  return {
    wanted: named.length === 0 ? FIGURES : FIGURES.filter((name) => named.includes(name)),
    size: values.large === true ? 'large' : 'usual',
  };
}

const isFigure = (name: string): name is FigureName => FIGURES.some((one) => one === name);
