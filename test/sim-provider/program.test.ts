import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { until } from './rig';

const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** The program as `npm run sim-provider` runs it. */
function run(...args: string[]): ChildProcess {
  const root = join(__dirname, '..', '..');
  const script = join(root, 'scripts', 'sim-provider.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], { cwd: root });
  started.push(child);
  return child;
}

async function firstLine(child: ChildProcess): Promise<string> {
  let output = '';
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  await until(() => output.includes('\n') || child.exitCode !== null);
  return output;
}

describe('the simulator as a program', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'prints one line with its address, serves, and stops cleanly on %s',
    async (signal) => {
      const child = run('--port', '0', '--seed', '7', '--token', 'T', '--units', '20');
      const line = await firstLine(child);
      const url = /^Provider simulator listening on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(line)?.[1];
      const headers = { authorization: 'Bearer T' };
      const response = await fetch(`${url}/v1/units`, { headers });
      expect(((await response.json()) as { data: unknown[] }).data).toHaveLength(20);
      const exited = once(child, 'exit');
      child.kill(signal);
      expect(await exited).toEqual([0, null]);
    },
  );

  it('makes up a token where none is given, and says it', async () => {
    const line = await firstLine(run());
    const [, url, token] = /on (\S+) with token (\S{32})\n$/.exec(line) ?? [];
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${url}/v1/health`, { headers })).status).toBe(200);
  });

  it('names all that is wrong with its arguments, and exits 64', async () => {
    const child = run('--port', 'x', '--units=-1');
    const [errors] = await Promise.all([
      child.stderr === null ? '' : text(child.stderr),
      once(child, 'exit'),
    ]);
    expect(child.exitCode).toBe(64);
    expect(errors).toMatch(/port/);
    expect(errors).toMatch(/units/);
  });
});
