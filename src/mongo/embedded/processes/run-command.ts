/** Runs one command to its end within a time and keeps the last of its output; judges nothing. */
import { spawn } from 'node:child_process';
import type { Clock } from '../../../flows/ports/clock';

export interface Command {
  /** A path, or a name that Node looks up on the PATH. */
  readonly program: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
}

export type CommandOutcome =
  /** `code` null: ended by a signal. `output`: the last of stdout and stderr together. */
  | { readonly kind: 'ended'; readonly code: number | null; readonly output: string }
  | { readonly kind: 'timed-out'; readonly output: string }
  /** There is no such program, or it may not be run. */
  | { readonly kind: 'missing'; readonly fault: string };

const MOST_OUTPUT = 4_000;

/** Never throws. `signal` ends the command early, as a time-out does. */
export function runCommand(
  clock: Clock,
  { program, args, timeoutMs }: Command,
  signal?: AbortSignal,
): Promise<CommandOutcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let cutShort = false;
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-MOST_OUTPUT);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const end = (): void => {
      cutShort = true;
      child.kill('SIGKILL');
      // A grandchild may hold the pipes open; nobody waits for it.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const cancel = clock.after(timeoutMs, end);
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted) end();
    const settle = (outcome: CommandOutcome): void => {
      cancel();
      signal?.removeEventListener('abort', end);
      resolve(outcome);
    };
    child.once('error', (error) => settle({ kind: 'missing', fault: error.message }));
    child.once('close', (code) =>
      settle(cutShort ? { kind: 'timed-out', output } : { kind: 'ended', code, output }),
    );
  });
}
