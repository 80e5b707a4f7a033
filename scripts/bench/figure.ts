/** What a figure is, how rounds become one, and how it is printed; measures nothing. */

/** One comparison, side by side: `ours` and `bare` in the same unit, where more is better. */
export interface Round {
  readonly ours: number;
  readonly bare: number;
}

export interface Figure {
  readonly figure: string;
  /** Median of the rounds' own ratios, ours to the bare one; at least `mark` is wanted. */
  readonly ratio: number;
  readonly mark: number;
  readonly reached: boolean;
  /** Of `ours` and `bare`. */
  readonly unit: string;
  readonly ours: number;
  readonly bare: number;
  /** Each round's own ratio, in the order in which they were run. */
  readonly rounds: readonly number[];
  /** What the bare side does, for whoever reads the line alone. */
  readonly against: string;
  /** Whatever else was seen, by a name with its unit. */
  readonly beside: Readonly<Record<string, number | string>>;
}

export interface FigureInput {
  readonly figure: string;
  readonly mark: number;
  readonly unit: string;
  readonly against: string;
  readonly rounds: readonly Round[];
  readonly beside?: Figure['beside'];
}

export const ROUNDS = 5;

export function figureOf(input: FigureInput): Figure {
  const { rounds, mark, beside = {} } = input;
  const ratios = rounds.map(({ ours, bare }) => ours / bare);
  const ratio = median(ratios);
  return {
    figure: input.figure,
    ratio: rounded(ratio),
    mark,
    reached: ratio >= mark,
    unit: input.unit,
    ours: rounded(median(rounds.map((round) => round.ours))),
    bare: rounded(median(rounds.map((round) => round.bare))),
    rounds: ratios.map(rounded),
    against: input.against,
    beside,
  };
}

/**
 * One round not counted, so that both sides are warm, then five; which side goes first changes from
 * round to round, so that neither gains by a machine that grows slower or faster.
 */
export async function interleaved(input: {
  readonly ours: () => Promise<number>;
  readonly bare: () => Promise<number>;
  readonly note: (text: string) => void;
}): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let n = 0; n <= ROUNDS; n += 1) {
    const isOursFirst = n % 2 === 0;
    const first = await (isOursFirst ? input.ours() : input.bare());
    const second = await (isOursFirst ? input.bare() : input.ours());
    const round = isOursFirst ? { ours: first, bare: second } : { ours: second, bare: first };
    const shown = `${rounded(round.ours)} to ${rounded(round.bare)}`;
    input.note(`${n === 0 ? 'warm-up' : `round ${n} of ${ROUNDS}`}: ${shown}`);
    if (n > 0) rounds.push(round);
  }
  return rounds;
}

/** @param values at least one. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** By linear interpolation between the two values that lie beside it. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** For people: three digits behind the point below 10, none from 100 on. */
export function rounded(value: number): number {
  const digits = Math.abs(value) < 10 ? 3 : Math.abs(value) < 100 ? 1 : 0;
  return Number(value.toFixed(digits));
}

/** The closing table: one row for each figure, below the mark too. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((one) => [
    one.figure,
    String(one.ratio),
    String(one.mark),
    one.reached ? 'reached' : 'BELOW',
    `${one.ours} to ${one.bare} ${one.unit}`,
  ]);
  const head = ['figure', 'ratio', 'mark', '', 'ours to bare'];
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)),
  );
  return [head, ...rows]
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}
