/** The soak as a program: what it takes, and that it ends cleanly at any moment. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { clearScratch, scratchDir } from '../support/scratch';
import { TEST_URI } from '../support/test-engine';
import { until } from '../../scripts/rehearsal/until';

const ROOT = join(__dirname, '..', '..');
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
afterAll(clearScratch);

/** @param temporary stands for the system's own folder of temporary files. */
function run(temporary: string, ...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/soak.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: temporary, MONGODB_URI: process.env[TEST_URI] },
  });
  started.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  }
  return { child, said: () => said, ended: once(child, 'exit') };
}

describe('the soak', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends what it has started on %s, says how far it came, and leaves nothing behind',
    async (signal) => {
      const temporary = scratchDir();
      const { child, said, ended } = run(temporary, '--faults', 'together', '--seed', '7');
      const services = (): string[] =>
        readdirSync(temporary, { recursive: true, encoding: 'utf8' }).filter((name) =>
          /service-[^/]*$/.test(name),
        );
      await until('a service runs', () => services().length > 0, 30_000);
      child.kill(signal);
      expect(await ended).toEqual([130, null]);
      expect(said()).toContain('Runs: 1, at most 2 at once');
      expect(said()).toMatch(/runs played +0 of 1/);
      expect(readdirSync(temporary).filter((name) => name.startsWith('tierbridge'))).toEqual([]);
    },
    60_000,
  );

  it('says how it is used when it is asked for what it does not know', async () => {
    const folder = scratchDir();
    mkdirSync(join(folder, 'empty'));
    const { said, ended } = run(join(folder, 'empty'), '--seeds', 'many');
    expect(await ended).toEqual([64, null]);
    expect(said()).toContain('npm run soak');
  });
});
