/** Checks which mongod is taken; programs that only say their version stand in for servers. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { realClock } from '../../../src/jobs/real-clock';
import { findMongod } from '../../../src/mongo/embedded/programs/find-mongod';
import { quietLog } from '../../support/quiet-log';
import { clearScratch, scratchDir, scratchProgram } from '../../support/scratch';

const near = { clock: realClock, log: quietLog };
const SAYS_8 = "echo 'db version v8.2.6'; echo 'Build Info: {}'";

afterAll(clearScratch);

describe('the search for a mongod', () => {
  it('takes the one that MONGOD_BINARY names', async () => {
    const dir = scratchDir();
    const path = scratchProgram(dir, 'my-mongod', "echo 'db version v7.0.12-4'");
    const found = await findMongod(near, { mongodBinary: path, cacheDir: dir });
    expect(found).toEqual({ kind: 'mongod', path, version: '7.0.12' });
  });

  it.each([
    ['is not there', null],
    ['does not run', 'exit 132'],
    ['is something else', "echo 'GNU bash, version 5.2'"],
  ])('refuses to start when the one that MONGOD_BINARY names %s', async (_what, line) => {
    const dir = scratchDir();
    const path = line === null ? join(dir, 'none') : scratchProgram(dir, 'mongod', line);
    const search = findMongod(near, { mongodBinary: path, cacheDir: dir });
    await expect(search).rejects.toThrow('MONGOD_BINARY names');
  });

  it('takes one that was got before', async () => {
    const folder = join(scratchDir(), 'mongodb');
    mkdirSync(folder);
    scratchProgram(folder, 'mongod-x64-debian-9.9.9', 'exit 1');
    scratchProgram(folder, 'mongod-x64-debian-8.2.6.md5', SAYS_8);
    const path = scratchProgram(folder, 'mongod-x64-debian-8.2.6', SAYS_8);
    const found = await findMongod(near, { mongodBinary: null, cacheDir: join(folder, '..') });
    // A machine with a mongod on its PATH takes that one first.
    expect(found?.path === 'mongod' || found?.path === path).toBe(true);
  });

  it('finds none in an empty cache', async () => {
    const found = await findMongod(near, { mongodBinary: null, cacheDir: scratchDir() });
    expect(found === null || found.path === 'mongod').toBe(true);
  });
});
