/**
 * Many estates, each with all faults of the provider together, as many seeds draw them, and a
 * judge: a line for each seed, a table at the end, exit code 1 where a law was broken.
 *
 *   npm run soak                      twenty seeds that nobody has played before
 *   npm run soak -- --seeds 100      more of them
 *   npm run soak -- --seed 17        one of them again
 *   npm run soak -- --from 1         from this one on
 *   npm run soak -- --at-once 4      so many side by side; two by default
 */
import { randomInt } from 'node:crypto';
import { inTurns } from './rehearsal/turns';
import { readArguments, USAGE, type SoakArguments } from './soak/arguments';
import { prepareGround, type Ground } from './soak/ground';
import { playSeed, type SeedEnd } from './soak/play-seed';
import { closingTable, seedLines } from './soak/table';

const EXIT_BROKEN = 1;
const EXIT_USAGE = 64;
const EXIT_INTERRUPTED = 130;
const MOST_FIRST_SEED = 1_000_000;
/** A database that hangs must not keep anybody from leaving. */
const TIDIES_UP_WITHIN_MS = 20_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const given = wanted();
  const ends: SeedEnd[] = [];
  const ground = await prepareGround(say);
  heedSignals(ground, () => sum(ends, given));
  try {
    const { seeds, atOnce } = given;
    say(`Seeds: ${seeds.length}, at most ${atOnce} at once, on ${ground.engine}`);
    await playAll(ground, given, ends);
  } finally {
    await ground.close();
  }
  sum(ends, given);
  process.exit(ends.every(({ broken }) => broken.length === 0) ? 0 : EXIT_BROKEN);
}

async function playAll(ground: Ground, given: SoakArguments, ends: SeedEnd[]): Promise<void> {
  const { seeds, atOnce } = given;
  const runs = inTurns(atOnce, seeds, async (seed) => {
    if (ground.isClosing()) return;
    const end = await playSeed(ground, seed);
    if (ground.isClosing()) return;
    ends.push(end);
    for (const line of seedLines(end, { n: ends.length, of: seeds.length })) say(line);
  });
  for (const seed of seeds) await runs.of(seed);
}

const sum = (ends: readonly SeedEnd[], { seeds }: SoakArguments): void =>
  say(`\n${closingTable(ends, seeds.length).join('\n')}`);

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
