/**
 * `npm run build:inworld`: makes the in-world scripts that people paste, in dist/inworld; with
 * `--check` it writes nothing, and fails where they differ from the sources.
 */
import { join } from 'node:path';
import { buildScripts } from './build-inworld/build-scripts';
import { compareBuilt } from './build-inworld/compare-built';
import { reportOf } from './build-inworld/report';
import { writeBuilt } from './build-inworld/write-built';

const SOURCES = join(__dirname, 'inworld');
const BUILT = join(__dirname, '..', 'dist', 'inworld');

function main(args: readonly string[]): number {
  const scripts = buildScripts(SOURCES);
  const faults = scripts.flatMap(({ faults: own }) => own);
  if (args.includes('--check')) faults.push(...compareBuilt(BUILT, scripts));
  else if (faults.length === 0) writeBuilt(BUILT, scripts);
  for (const script of scripts) console.log(reportOf(script));
  for (const fault of faults) console.error(fault);
  return faults.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
