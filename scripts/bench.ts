/**
 * Measures the service against the least that could do the same work, side by side in one run:
 * one JSON line per figure on standard output; how it goes, and a closing table, on standard error.
 *
 *   npm run bench [-- intake|standing|credit|drain|resync ...] [--large]
 */
import { cpus, loadavg } from 'node:os';
import { readArguments, USAGE, type BenchArguments, type FigureName } from './bench/arguments';
import { measureCredit } from './bench/credit-figure';
import { measureDrain } from './bench/drain-figure';
import { rounded, tableOf, type Figure } from './bench/figure';
import { note, prepareGround, type Ground } from './bench/ground';
import { measureIntake, measureStanding } from './bench/http-figures';
import { measureResync } from './bench/resync-figures';

type Measure = (ground: Ground, size: BenchArguments['size']) => Promise<readonly Figure[]>;

const MEASURES: Readonly<Record<FigureName, Measure>> = {
  intake: async (ground) => [await measureIntake(ground)],
  standing: async (ground) => [await measureStanding(ground)],
  credit: async (ground) => [await measureCredit(ground)],
  drain: async (ground) => [await measureDrain(ground)],
  resync: (ground, size) => measureResync(ground, size),
};

const EXIT_USAGE = 64;

async function main(): Promise<void> {
  const given = wanted();
  const ground = await prepareGround();
  const stop = (): void => void ground.close().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const figures: Figure[] = [];
  const engine = `${ground.engine.engine.kind} ${ground.engine.engine.version}`;
  note(`on ${engine}, Node ${process.version}, ${cpus().length} processors`);
  try {
    for (const name of given.wanted) {
      note(`${name} (load of the machine: ${load()})`);
      const measured = await MEASURES[name](ground, given.size);
      for (const figure of measured) {
        process.stdout.write(`${JSON.stringify({ ...figure, engine })}\n`);
      }
      figures.push(...measured);
    }
  } finally {
    await ground.close();
  }
  note(`\n${tableOf(figures)}\n\non ${engine}; load of the machine: ${load()}`);
}

/** Over 1, 5 and 15 minutes: above the processors, whatever is measured has had to wait. */
const load = (): string => loadavg().map(rounded).join(' ');

function wanted(): BenchArguments {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    note(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return process.exit(EXIT_USAGE);
  }
}

main().catch((error: unknown) => {
  note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
