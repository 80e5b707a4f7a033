/** Checks that a lock file keeps processes apart and is taken over from dead ones. */
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realClock } from '../../../src/jobs/real-clock';
import { underLock, type LockInput } from '../../../src/mongo/embedded/processes/file-lock';
import { markOf } from '../../../src/mongo/embedded/processes/process-table';
import { clearScratch, scratchDir } from '../../support/scratch';

afterAll(clearScratch);

describe('a lock between processes', () => {
  it('lets one in at a time, and everybody in the end', async () => {
    const lock = newLock();
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise<void>((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => underLock(realClock, lock, work)));
    expect(most).toBe(1);
    expect(existsSync(lock.path)).toBe(false);
  });

  it('opens again when the work throws', async () => {
    const lock = newLock();
    const failing = underLock(realClock, lock, () => Promise.reject(new Error('no luck')));
    await expect(failing).rejects.toThrow('no luck');
    expect(await underLock(realClock, lock, () => Promise.resolve('in'))).toBe('in');
  });

  it('is taken over from a process that is gone, by one at a time of many', async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      for (let turn = 0; turn < 20; turn += 1) {
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      inside -= 1;
    };
    for (let round = 0; round < 10; round += 1) {
      const lock = newLock();
      writeFileSync(lock.path, JSON.stringify({ pid: process.pid, birth: 'long ago', token: 'x' }));
      await Promise.all(Array.from({ length: 4 }, () => underLock(realClock, lock, work)));
    }
    expect(most).toBe(1);
  });

  it('is taken over from a process that was killed before it could say who it is', async () => {
    const lock = newLock();
    writeFileSync(lock.path, '{"pid":');
    const aMinuteAgo = Date.now() / 1000 - 60;
    utimesSync(lock.path, aMinuteAgo, aMinuteAgo);
    expect(await underLock(realClock, lock, () => Promise.resolve('in'))).toBe('in');
  });

  it('gives up on a holder that lives, and says what it does', async () => {
    const lock = { ...newLock(), waitMs: 150 };
    const me = await markOf(realClock, process.pid);
    writeFileSync(lock.path, JSON.stringify({ ...me, token: 'somebody' }));
    const waiting = underLock(realClock, lock, () => Promise.resolve('in'));
    await expect(waiting).rejects.toThrow(
      `Another process (pid ${process.pid}) has been painting the wall`,
    );
    expect(existsSync(lock.path)).toBe(true);
  });

  it('stops waiting when it is called off', async () => {
    const off = new AbortController();
    const lock = { ...newLock(), signal: off.signal };
    const me = await markOf(realClock, process.pid);
    writeFileSync(lock.path, JSON.stringify({ ...me, token: 'somebody' }));
    const waiting = underLock(realClock, lock, () => Promise.resolve('in'));
    off.abort();
    await expect(waiting).rejects.toThrow('called off');
  });
});

function newLock(): LockInput {
  return { path: join(scratchDir(), 'a.lock'), waitMs: 10_000, purpose: 'painting the wall' };
}
