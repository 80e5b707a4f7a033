/**
 * The demo: a provider that fails, twelve tierboxes, the real service between them, and a judge.
 *
 *   npm run demo                 plays, shows a table, and stays up until Ctrl-C
 *   npm run demo -- --once       stops by itself; exit code 1 if any law was broken
 *   npm run demo -- --seed 7     repeats a run: the same tenants, payments and faults
 */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createBelongings, type Belongings } from './demo/belongings';
import { makeRunFolder, type RunFolder } from './demo/folder';
import { play } from './demo/play';
import { createScreen, type Screen } from './demo/screen';
import { tellFault, tellIntroduction, tellVerdict, tellWhereToLook } from './demo/telling';

const EXIT_BROKEN = 1;
const EXIT_USAGE = 64;
const EXIT_INTERRUPTED = 130;

const argumentsSchema = z.object({
  once: z.boolean().default(false),
  seed: z.coerce.number().pipe(z.int().min(0).max(Number.MAX_SAFE_INTEGER)).optional(),
});
type Arguments = z.output<typeof argumentsSchema>;

/** What aborts a run when a person ends it; everything else that does is a fault. */
class CalledOff extends Error {
  override readonly name = 'CalledOff';
}

interface Run {
  readonly screen: Screen;
  readonly folder: RunFolder;
  readonly belongings: Belongings;
  readonly ending: AbortController;
}

async function main(): Promise<void> {
  const given = readArguments(process.argv.slice(2));
  const ending = new AbortController();
  const screen = createScreen(process.stdout);
  const belongings = createBelongings();
  heedSignals(ending, screen);
  const folder = makeRunFolder();
  belongings.add('the folder', () => folder.remove());
  const exitCode = await perform({ screen, folder, belongings, ending }, given);
  if (exitCode === EXIT_BROKEN) folder.keepLog();
  for (const left of await belongings.giveBack()) console.error(`Not tidied up: ${left}`);
  process.exit(exitCode);
}

async function perform(run: Run, given: Arguments): Promise<number> {
  const { screen, folder, ending } = run;
  const seed = given.seed ?? randomInt(1, 10_000);
  let exitCode = EXIT_INTERRUPTED;
  try {
    tellIntroduction(screen, { seed, logPath: folder.logPath });
    const onFault = (fault: Error): void => ending.abort(fault);
    const played = await play({ ...run, seed, signal: ending.signal, onFault });
    exitCode = played.verdict.broken.length === 0 ? 0 : EXIT_BROKEN;
    tellVerdict(screen, played.verdict, folder.logPath);
    if (given.once) return exitCode;
    tellWhereToLook(screen, played, folder.logPath);
    await untilAborted(ending.signal);
    throw ending.signal.reason;
  } catch (error) {
    screen.close();
    const fault: unknown = ending.signal.aborted ? ending.signal.reason : error;
    if (fault instanceof CalledOff) return exitCode;
    tellFault(screen, fault, folder.logPath);
    return EXIT_BROKEN;
  }
}

/** Ctrl-C, a closed window, a kill: each ends the run once, in order, however often it comes. */
function heedSignals(ending: AbortController, screen: Screen): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      screen.close();
      screen.say(
        ending.signal.aborted
          ? 'Still tidying up; at most 15 seconds more.'
          : 'Stopping, and tidying up: this takes a few seconds.',
      );
      ending.abort(new CalledOff());
    });
  }
  // Nobody reads any more (a closed window, a pipe that ended): the same as Ctrl-C.
  process.stdout.on('error', () => ending.abort(new CalledOff()));
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  // An abort alone would not keep the process up, were all sockets idle.
  const alive = setInterval(() => undefined, 60_000);
  if (!signal.aborted) await once(signal, 'abort');
  clearInterval(alive);
}

function readArguments(args: string[]): Arguments {
  try {
    const options = { once: { type: 'boolean' }, seed: { type: 'string' } } as const;
    return argumentsSchema.parse(parseArgs({ args, options, strict: true }).values);
  } catch (error) {
    console.error(error instanceof z.ZodError ? z.prettifyError(error) : String(error));
    return process.exit(EXIT_USAGE);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(EXIT_BROKEN);
});
