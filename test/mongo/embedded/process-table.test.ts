/** Checks that processes are told apart and ended by pid alone. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { realClock } from '../../../src/jobs/real-clock';
import {
  commandLineOf,
  endProcess,
  isAlive,
  markOf,
  type ProcessMark,
} from '../../../src/mongo/embedded/processes/process-table';

const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

describe('the table of processes', () => {
  it('knows a process by its pid and its birth', async () => {
    const mark = await start('setInterval(() => {}, 1000)');
    expect(await isAlive(realClock, mark)).toBe(true);
    expect(await isAlive(realClock, { ...mark, birth: 'another' })).toBe(false);
    expect(await markOf(realClock, mark.pid)).toEqual(mark);
  });

  it('reads the command line of a process', async () => {
    const mark = await start('setInterval(() => {}, 1000)');
    expect(await commandLineOf(realClock, mark.pid)).toContain('setInterval(() => {}, 1000)');
  });

  it('ends a process that ends when it is asked', async () => {
    const mark = await start('setInterval(() => {}, 1000)');
    expect(await endProcess(realClock, mark, 5_000)).toBe('ended');
    expect(await markOf(realClock, mark.pid)).toBeNull();
  });

  it('kills a process that does not listen, after its time', async () => {
    const mark = await start('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)');
    expect(await endProcess(realClock, mark, 200)).toBe('forced');
    expect(await isAlive(realClock, mark)).toBe(false);
  });

  it('leaves a stranger alone that got the same pid', async () => {
    const mark = await start('setInterval(() => {}, 1000)');
    expect(await endProcess(realClock, { ...mark, birth: 'earlier' }, 200)).toBe('ended');
    expect(await isAlive(realClock, mark)).toBe(true);
  });
});

async function start(script: string): Promise<ProcessMark> {
  const say = 'process.stdout.write("up");';
  const child = spawn(process.execPath, ['-e', script + ';' + say], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  await once(child.stdout, 'data');
  const mark = await markOf(realClock, child.pid ?? 0);
  if (mark === null) throw new Error('The process that was started is not there.');
  return mark;
}
