/** The soak's words: a line for each run, and the closing table; pure functions of the figures. */
import { TOGETHER, type SoakRun } from './arguments';
import type { SoakEnd } from './play-run';

/** How somebody plays one run again. */
export const commandOf = ({ faults, seed }: SoakRun): string =>
  `npm run soak -- --faults ${faults} --seed ${seed}`;

/** @param n which of `of` runs this is, from 1. */
export function runLines(end: SoakEnd, { n, of }: { readonly n: number; readonly of: number }) {
  const { faults, seed, broken, weak, made, credited, leftToPeople, resyncs, tookMs, logPath } =
    end;
  const verdict = broken.length === 0 ? 'all laws kept' : 'BROKEN';
  const place = `${n}/${of}`.padStart(`${of}/${of}`.length);
  const figures = [
    `${made} payments, ${credited} credited once`,
    `${leftToPeople} left to people`,
    `${resyncs} resyncs`,
    `${Math.round(tookMs / 1_000)} s`,
  ];
  return [
    `[${place}] ${faultsOf(faults)}, seed ${seed}: ${verdict} (${figures.join(', ')})`,
    ...weak.map((text) => `        note: ${text}`),
    ...broken.map((text) => `        ${text}`),
    ...(broken.length === 0 ? [] : [`        again: ${commandOf(end)}`]),
    ...(logPath === null ? [] : [`        log: ${logPath}`]),
  ];
}

const faultsOf = (faults: string): string =>
  faults === TOGETHER ? 'all faults' : `${faults} alone`;

const LABEL_WIDTH = 54;
const FIGURE_WIDTH = 10;

export function closingTable(ends: readonly SoakEnd[], wanted: number): readonly string[] {
  const sum = (of: (end: SoakEnd) => number): number => ends.reduce((all, end) => all + of(end), 0);
  const bad = ends.filter(({ broken }) => broken.length > 0);
  const rows: readonly (readonly [string, string | number])[] = [
    ['runs played', `${ends.length} of ${wanted}`],
    ['payments made', sum(({ made }) => made)],
    ['credited, exactly once', sum(({ credited }) => credited)],
    ['credited twice', sum(({ twice }) => twice)],
    ['lost', sum(({ lost }) => lost)],
    ['paid rentals ever shown as overdue', sum((end) => end.overdueWhilePaid)],
    ['differences left to a person as open breaks', sum((end) => end.leftToPeople)],
    ['runs that broke a law', bad.length],
  ];
  return [
    'Tenants, and a provider that fails',
    '-'.repeat(LABEL_WIDTH + FIGURE_WIDTH),
    ...rows.map(
      ([label, figure]) => `  ${label}`.padEnd(LABEL_WIDTH) + String(figure).padStart(FIGURE_WIDTH),
    ),
    ...bad.map((end) => `  again: ${commandOf(end)}`),
  ];
}
