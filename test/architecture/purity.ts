/** Where clocks, chance, the environment and status numbers may stand: in one place each. */
import { at, isIn, usesOf, type Rule } from './rule';

const CLOCKS = [
  'Date.now',
  'new Date()',
  'performance.now',
  'AbortSignal.timeout',
  /^(global(This)?\.)?(setTimeout|setInterval)$/,
  /^process\.hrtime(\.|$)/,
  /^DateTime\.(now|utc|local)$/,
];

const STATUS_FILES = /^src\/http\/([a-z-]+\/)*(answers|problem)\.ts$/;

export const PURITY: readonly Rule[] = [
  {
    title: 'keeps the domain free of clock, chance and waiting',
    lesson:
      'The domain is pure and synchronous, so that the same facts give the same answer on any ' +
      'day and in any order. No clock, no randomness, no async, no process: take now, and ' +
      'whatever had to be drawn or awaited, as an argument. Build dates in domain/time.ts only.',
    finds: (file) =>
      isIn(file, 'src/domain')
        ? [
            ...usesOf(file, ...CLOCKS, 'Math.random', 'async', 'await', 'Promise', 'process'),
            ...usesOf(file, /^(crypto|performance|fetch|console|globalThis|setImmediate)$/),
            ...(file.path === 'src/domain/time.ts' ? [] : usesOf(file, 'new Date(…)')),
          ]
        : [],
    example: ['src/domain/price.ts', '/** A. */\nexport const now = () => Date.now();'],
  },
  {
    title: 'lets flows reach the world through their ports only',
    lesson:
      'A flow may see only what its deps name, or a fake could not stand in for the world. ' +
      'Take processes, sockets, chance and requests through a port in src/flows.',
    finds: (file) =>
      isIn(file, 'src/flows')
        ? usesOf(file, 'Math.random', /^(process|crypto|fetch|WebSocket|require|console)$/)
        : [],
    example: ['src/flows/settle.ts', '/** A. */\nexport const ask = () => fetch("x");'],
  },
  {
    title: 'hides no clock',
    lesson:
      'Every now and every timer goes through the Clock port (src/flows/ports/clock.ts), so that ' +
      'tests, replays and simulations run the whole service with a clock of their own. Only ' +
      'jobs/real-clock.ts touches the real one. Take a clock as a dependency; a stopwatch for a ' +
      "metric is prom-client's startTimer().",
    finds: (file) =>
      isIn(file, 'src') && file.path !== 'src/jobs/real-clock.ts'
        ? [
            ...usesOf(file, ...CLOCKS),
            ...file.imports.filter(({ what }) => /^(node:)?timers(\/|$)/.test(what)).map(at),
          ]
        : [],
    example: ['src/mongo/lease.ts', '/** A. */\nexport const wait = () => setTimeout(f, 5);'],
  },
  {
    title: 'reads the environment in config.ts alone',
    lesson:
      'One schema reads the environment and lists every fault at once before anything starts; a ' +
      'second reader would fail late and alone. Add the setting to src/config.ts, and take it ' +
      'as an argument.',
    finds: (file) =>
      isIn(file, 'src') && file.path !== 'src/config.ts'
        ? [
            ...usesOf(file, /^(globalThis\.)?process\.env(\.|$)/),
            ...file.imports.filter(({ what }) => /^(node:)?process$/.test(what)).map(at),
          ]
        : [],
    example: ['src/http/server.ts', '/** A. */\nexport const { env } = process;'],
  },
  {
    title: 'holds HTTP status numbers in the answer tables alone',
    lesson:
      'Every outcome maps to its status in one total table, so that no door answers on its own ' +
      'account. Return an outcome, and let http/answers.ts, http/admin/answers.ts or ' +
      'http/problem.ts give it its number.',
    finds: (file) =>
      isIn(file, 'src') && !STATUS_FILES.test(file.path) ? usesOf(file, 'status number') : [],
    example: ['src/http/routes.ts', '/** A. */\nexport const no = (r: R) => r.status(404);'],
  },
];
