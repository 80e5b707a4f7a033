/** The grid as a process of its own: starts it, asks it one thing after the other, ends it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { scratchDir } from '../support/scratch';
import { lummaoHome } from './lummao-home';

export interface GridProcess {
  /** Holds the milliseconds by which the grid's clock is ahead of the machine's. */
  readonly clockFile: string;
  /**
   * One command (see grid/commands.py) and its answer.
   * @throws Error with the grid's own words where it fails, or does not answer in time.
   */
  ask<Shape extends z.ZodType>(
    shape: Shape,
    name: string,
    fields?: object,
  ): Promise<z.output<Shape>>;
  end(): Promise<void>;
}

const Answer = z.union([
  z.object({ id: z.int(), ok: z.literal(true), result: z.unknown() }),
  z.object({ id: z.int(), ok: z.literal(false), why: z.string() }),
]);

/** A command may let hours of grid time pass. */
const ANSWERS_WITHIN_MS = 200_000;

interface Waiter {
  readonly settle: (result: unknown) => void;
  readonly fail: (error: Error) => void;
}

const running = new Set<GridProcess>();

export async function startGrid(given: {
  readonly seed: number;
  /** What the simulator says of itself, `Production` on the main grid. */
  readonly shard: string;
}): Promise<GridProcess> {
  const { python, packages } = await lummaoHome();
  const clockFile = join(scratchDir(), 'grid-clock');
  const child = spawn(python, ['-m', 'grid.main', JSON.stringify({ ...given, clockFile })], {
    cwd: __dirname,
    env: {
      ...process.env,
      PYTHONPATH: packages,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONIOENCODING: 'utf-8',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const grid = converse(child, clockFile);
  running.add(grid);
  await grid.ask(z.null(), 'settings');
  return grid;
}

/** Call it in `afterAll`. */
export async function endGrids(): Promise<void> {
  await Promise.all([...running].map((grid) => grid.end()));
}

function converse(child: ChildProcess, clockFile: string): GridProcess {
  const waiting = new Map<number, Waiter>();
  let asked = 0;
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaint = (complaint + chunk).slice(-4_000)));
  createInterface({ input: child.stdout! }).on('line', (line) => take(waiting, line));
  const ended = new Promise<void>((settle) => child.once('close', () => settle()));
  void ended.then(() => {
    for (const { fail } of waiting.values()) fail(new Error(`The grid has ended. ${complaint}`));
  });
  const grid: GridProcess = {
    clockFile,
    async ask(shape, name, fields = {}) {
      const id = (asked += 1);
      const result = await new Promise<unknown>((settle, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`The grid has not answered to ${name}. ${complaint}`)),
          ANSWERS_WITHIN_MS,
        );
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(id);
        };
        const fail = (error: Error): void => (done(), reject(error));
        waiting.set(id, { settle: (value) => (done(), settle(value)), fail });
        child.stdin?.write(`${JSON.stringify({ ...fields, id, do: name })}\n`);
      });
      return shape.parse(result);
    },
    async end() {
      running.delete(grid);
      child.kill('SIGKILL');
      await ended;
    },
  };
  return grid;
}

function take(waiting: ReadonlyMap<number, Waiter>, line: string): void {
  const answer = Answer.parse(JSON.parse(line));
  const waiter = waiting.get(answer.id);
  if (answer.ok) waiter?.settle(answer.result);
  else waiter?.fail(new Error(`The grid says: ${answer.why}`));
}
