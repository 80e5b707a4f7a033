/**
 * Many estates with all faults of the provider together, then with each alone, as many seeds draw
 * them, and a judge: a line for each run, a table at the end, exit code 1 where a law was broken.
 * All of it takes hours; Ctrl-C ends it with the table of what was played.
 *
 *   npm run soak                             twenty seeds of each that nobody has played before
 *   npm run soak -- --faults together        all faults at once, and none alone
 *   npm run soak -- --faults alone           each by itself; or name one, such as: stall
 *   npm run soak -- --seeds 100              more seeds
 *   npm run soak -- --seed 17                one of them again
 *   npm run soak -- --from 1                 from this one on
 *   npm run soak -- --at-once 4              so many side by side; two by default
 */
import { randomInt } from 'node:crypto';
import { inTurns } from './rehearsal/turns';
import { readArguments, USAGE, type SoakArguments } from './soak/arguments';
import { prepareGround, type Ground } from './soak/ground';
import { playRun, type SoakEnd } from './soak/play-run';
import { closingTable, runLines } from './soak/table';

const EXIT_BROKEN = 1;
const EXIT_USAGE = 64;
const EXIT_INTERRUPTED = 130;
const MOST_FIRST_SEED = 1_000_000;
/** A database that hangs must not keep anybody from leaving. */
const TIDIES_UP_WITHIN_MS = 20_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const given = wanted();
  const ends: SoakEnd[] = [];
  const ground = await prepareGround(say);
  heedSignals(ground, () => sum(ends, given));
  try {
    const { runs, atOnce } = given;
    say(`Runs: ${runs.length}, at most ${atOnce} at once, on ${ground.engine}`);
    await playAll(ground, given, ends);
  } finally {
    await ground.close();
  }
  sum(ends, given);
  process.exit(ends.every(({ broken }) => broken.length === 0) ? 0 : EXIT_BROKEN);
}

async function playAll(ground: Ground, given: SoakArguments, ends: SoakEnd[]): Promise<void> {
  const { runs, atOnce } = given;
  const turns = inTurns(atOnce, runs, async (run) => {
    if (ground.isClosing()) return;
    const end = await playRun(ground, run);
    if (ground.isClosing()) return;
    ends.push(end);
    for (const line of runLines(end, { n: ends.length, of: runs.length })) say(line);
  });
  for (const run of runs) await turns.of(run);
}

const sum = (ends: readonly SoakEnd[], { runs }: SoakArguments): void =>
  say(`\n${closingTable(ends, runs.length).join('\n')}`);

/** Ctrl-C, a closed window, a kill: what was started is ended, once, however often it comes. */
function heedSignals(ground: Ground, tell: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (ground.isClosing()) return;
      say('Stopping, and tidying up: this takes a few seconds.');
      setTimeout(() => process.exit(EXIT_INTERRUPTED), TIDIES_UP_WITHIN_MS);
      void ground.close().finally(() => {
        tell();
        process.exit(EXIT_INTERRUPTED);
      });
    });
  }
}

function wanted(): SoakArguments {
  try {
    return readArguments(process.argv.slice(2), () => randomInt(1, MOST_FIRST_SEED));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return process.exit(EXIT_USAGE);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(EXIT_BROKEN);
});
