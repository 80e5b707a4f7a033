/** The soak's words: a line for each seed, and the closing table; pure functions of the figures. */
import type { SeedEnd } from './play-seed';

/** How somebody plays one seed again. */
export const commandOf = (seed: number): string => `npm run soak -- --seed ${seed}`;

/** @param n which of `of` seeds this is, from 1. */
export function seedLines(end: SeedEnd, { n, of }: { readonly n: number; readonly of: number }) {
  const { seed, broken, weak, made, credited, leftToPeople, resyncs, tookMs, logPath } = end;
  const verdict = broken.length === 0 ? 'all laws kept' : 'BROKEN';
  const place = `${n}/${of}`.padStart(`${of}/${of}`.length);
  const figures = [
    `${made} payments, ${credited} credited once`,
    `${leftToPeople} left to people`,
    `${resyncs} resyncs`,
    `${Math.round(tookMs / 1_000)} s`,
  ];
  return [
    `[${place}] seed ${seed}: ${verdict} (${figures.join(', ')})`,
    ...weak.map((text) => `        note: ${text}`),
    ...broken.map((text) => `        ${text}`),
    ...(broken.length === 0 ? [] : [`        again: ${commandOf(seed)}`]),
    ...(logPath === null ? [] : [`        log: ${logPath}`]),
  ];
}

const LABEL_WIDTH = 54;
const FIGURE_WIDTH = 10;

export function closingTable(ends: readonly SeedEnd[], wanted: number): readonly string[] {
  const sum = (of: (end: SeedEnd) => number): number => ends.reduce((all, end) => all + of(end), 0);
  const bad = ends.filter(({ broken }) => broken.length > 0);
  const rows: readonly (readonly [string, string | number])[] = [
    ['seeds played', `${ends.length} of ${wanted}`],
    ['payments made', sum(({ made }) => made)],
    ['credited, exactly once', sum(({ credited }) => credited)],
    ['credited twice', sum(({ twice }) => twice)],
    ['lost', sum(({ lost }) => lost)],
    ['paid rentals ever shown as overdue', sum((end) => end.overdueWhilePaid)],
    ['differences left to a person as open breaks', sum((end) => end.leftToPeople)],
    ['seeds that broke a law', bad.length],
  ];
  return [
    'All faults together',
    '-'.repeat(LABEL_WIDTH + FIGURE_WIDTH),
    ...rows.map(
      ([label, figure]) => `  ${label}`.padEnd(LABEL_WIDTH) + String(figure).padStart(FIGURE_WIDTH),
    ),
    ...bad.map(({ seed }) => `  again: ${commandOf(seed)}`),
  ];
}
