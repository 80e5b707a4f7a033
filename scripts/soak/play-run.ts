/**
 * One run: an estate, its faults as a seed draws them, the judge; tells what came of it, throws
 * nothing.
 */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allFaults } from '../rehearsal/all-faults';
import { brokenPromises, FAULTS_ALONE, type FaultAlone } from '../rehearsal/faults-alone';
import { brokenLaws, rehearse, weaknesses, type Rehearsed } from '../rehearsal/rehearse';
import type { SoakRun } from './arguments';
import type { Ground } from './ground';

export interface SoakEnd extends SoakRun {
  /** A sentence for each broken law; none where all were kept. */
  readonly broken: readonly string[];
  /** What the run failed to show, in sentences. */
  readonly weak: readonly string[];
  readonly made: number;
  readonly credited: number;
  readonly twice: number;
  readonly lost: number;
  readonly overdueWhilePaid: number;
  /** Differences that an open break leaves to a person. */
  readonly leftToPeople: number;
  /** Resyncs by hand before all was right. */
  readonly resyncs: number;
  readonly tookMs: number;
  /** What the service logged, kept where a law was broken. */
  readonly logPath: string | null;
}

export async function playRun(ground: Ground, run: SoakRun): Promise<SoakEnd> {
  const startedAt = Date.now();
  const took = () => ({ ...run, tookMs: Date.now() - startedAt });
  const { faults, seed } = run;
  const alone: FaultAlone | undefined = FAULTS_ALONE.find(({ fault }) => fault === faults);
  try {
    const end = await ground.withPlace(`${faults}-${seed}`, (place) =>
      rehearse({ seed, ...place }, alone ?? allFaults(seed)),
    );
    const promises = alone === undefined ? [] : brokenPromises(alone, end);
    const broken = [...brokenLaws(end), ...promises];
    const logPath = broken.length === 0 ? null : keepLog(run, end);
    return { ...took(), ...figuresOf(end), broken, weak: weaknesses(end), logPath };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const broken = [`It came to no end: ${text}`];
    return { ...took(), ...NO_FIGURES, broken, weak: [], logPath: null };
  }
}

function figuresOf({ verdict, sweeps }: Rehearsed) {
  const { made, credited, twice, lost, everOverdueWhilePaid, leftToPeople } = verdict;
  const counted = { made, credited, twice, lost, leftToPeople };
  return { ...counted, overdueWhilePaid: everOverdueWhilePaid, resyncs: sweeps };
}

const NO_FIGURES = {
  ...{ made: 0, credited: 0, twice: 0, lost: 0, overdueWhilePaid: 0, leftToPeople: 0 },
  resyncs: 0,
};

function keepLog({ faults, seed }: SoakRun, { lines }: Rehearsed): string {
  const path = join(tmpdir(), `tierbridge-soak-${faults}-${seed}.log`);
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 });
  return path;
}
