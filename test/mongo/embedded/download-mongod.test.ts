/** Checks what becomes of a download that works, fails, or lies; nothing is really fetched. */
import { readdirSync } from 'node:fs';
import { instant } from '../../../src/domain/time';
import {
  downloadMongod,
  type FetchMongod,
} from '../../../src/mongo/embedded/programs/download-mongod';
import { createManualClock } from '../../support/manual-clock';
import { quietLog } from '../../support/quiet-log';
import { clearScratch, scratchDir, scratchProgram } from '../../support/scratch';

const HOUR_MS = 3_600_000;
const SAYS_8 = "echo 'db version v8.2.6'";

afterAll(clearScratch);

describe('the download of the official server', () => {
  it('puts the server into the cache as a whole, and does not fetch it twice', async () => {
    const { get, fetches, cacheDir } = newDownload((folder) => {
      scratchProgram(folder, 'mongod-x64-debian-8.2.6', SAYS_8);
      return { kind: 'ended', code: 0, output: '' };
    });
    const first = await get();
    expect(first).toMatchObject({ kind: 'got', program: { kind: 'mongod', version: '8.2.6' } });
    expect(await get()).toEqual(first);
    expect(fetches()).toBe(1);
    expect(readdirSync(cacheDir)).toEqual(['mongodb']);
  });

  it('is not tried again for a day after it failed, and then is', async () => {
    const { get, fetches, clock, cacheDir } = newDownload(() => ({
      kind: 'ended',
      code: 1,
      output: 'Downloading\ngetaddrinfo ENOTFOUND\n',
    }));
    expect(await get()).toEqual({ kind: 'failed', why: 'getaddrinfo ENOTFOUND' });
    await clock.advance(23 * HOUR_MS);
    expect(await get()).toMatchObject({
      kind: 'failed',
      why: expect.stringMatching(/^getaddrinfo ENOTFOUND; it is tried again a day/),
    });
    expect(fetches()).toBe(1);
    await clock.advance(HOUR_MS);
    expect(await get()).toEqual({ kind: 'failed', why: 'getaddrinfo ENOTFOUND' });
    expect(fetches()).toBe(2);
    expect(readdirSync(cacheDir)).toEqual(['mongod-download-failed.json']);
  });

  it('counts a server that does not run here as one that could not be had', async () => {
    const { get } = newDownload((folder) => {
      scratchProgram(folder, 'mongod-x64-debian-8.2.6', 'exit 132');
      return { kind: 'ended', code: 0, output: '' };
    });
    expect(await get()).toEqual({
      kind: 'failed',
      why: 'the downloaded server does not run here',
    });
  });

  it('leaves nothing behind of one that was cut short', async () => {
    const { get, cacheDir } = newDownload((folder) => {
      scratchProgram(folder, 'mongod-x64-debian-8.2.6', SAYS_8);
      return { kind: 'timed-out', output: '' };
    });
    expect(await get()).toMatchObject({ kind: 'failed' });
    expect(readdirSync(cacheDir)).toEqual(['mongod-download-failed.json']);
  });
});

function newDownload(fetchInto: (folder: string) => Awaited<ReturnType<FetchMongod>>) {
  const cacheDir = scratchDir();
  const clock = createManualClock(instant(Date.parse('2026-06-01T00:00:00Z')));
  let fetches = 0;
  const fetchMongod: FetchMongod = (_near, folder) => {
    fetches += 1;
    return Promise.resolve(fetchInto(folder));
  };
  return {
    cacheDir,
    clock,
    fetches: () => fetches,
    get: () => downloadMongod({ clock, log: quietLog }, cacheDir, fetchMongod),
  };
}
