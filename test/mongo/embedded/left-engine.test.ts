/** Checks what a start does with an engine that another process has left, or seems to have left. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realClock } from '../../../src/jobs/real-clock';
import { isAlive, markOf } from '../../../src/mongo/embedded/processes/process-table';
import {
  enginePid,
  secantusDb,
  startOn,
  startOwner,
  stopEngines,
  withClient,
} from '../../support/embedded-engine';
import { clearScratch, scratchDir } from '../../support/scratch';
import { until } from '../../../scripts/rehearsal/until';

afterEach(stopEngines);
afterAll(clearScratch);

describe('an engine that was left', () => {
  it('is taken over, with all that was acknowledged, when its owner was killed', async () => {
    const dataDir = scratchDir();
    const owner = await startOwner(dataDir);
    owner.child.kill('SIGKILL');
    await once(owner.child, 'exit');
    const pid = enginePid(dataDir) ?? 0;
    expect(await markOf(realClock, pid)).not.toBeNull();

    const engine = await startOn(dataDir);
    expect(enginePid(dataDir)).toBe(pid);
    await withClient(engine.uri, (things) => things.insertOne({ _id: 'adopted' }));
    await engine.stop();
    expect(await markOf(realClock, pid)).toBeNull();
  });

  it('is watched by whoever took it over', async () => {
    const dataDir = scratchDir();
    const owner = await startOwner(dataDir);
    const engine = await startOn(dataDir);
    owner.child.kill('SIGKILL');
    const pid = enginePid(dataDir) ?? 0;
    process.kill(pid, 'SIGKILL');
    await until('another process is the engine', () => enginePid(dataDir) !== pid);
    await withClient(engine.uri, (things) => things.insertOne({ _id: 'back' }));
  });

  it('outlives Ctrl-C until its service has finished its own work', async () => {
    const dataDir = scratchDir();
    const owner = await startOwner(dataDir);
    const pid = enginePid(dataDir) ?? 0;
    process.kill(-(owner.child.pid ?? 0), 'SIGINT');
    await until('the owner is done', () => owner.printed().endsWith('database engine ended'));
    expect(owner.printed()).not.toContain('died');
    expect(await markOf(realClock, pid)).toBeNull();
    const engine = await startOn(dataDir);
    const last = await withClient(engine.uri, (t) => t.findOne({ _id: 'after SIGINT' }));
    expect(last).not.toBeNull();
  });

  it('is ended and replaced when it hangs', async () => {
    const dataDir = scratchDir();
    const owner = await startOwner(dataDir);
    owner.child.kill('SIGKILL');
    await once(owner.child, 'exit');
    const pid = enginePid(dataDir) ?? 0;
    process.kill(pid, 'SIGSTOP');
    const impatient = { answerMs: 300, adoptMs: 600, stopMs: 300, lookMs: 50 };
    const engine = await startOn(dataDir, { timeouts: impatient });
    expect(enginePid(dataDir)).not.toBe(pid);
    expect(await markOf(realClock, pid)).toBeNull();
    await withClient(engine.uri, (things) => things.insertOne({ _id: 'new' }));
  });

  it('is not confused with a stranger that has its pid by now', async () => {
    const dataDir = scratchDir();
    await (await startOn(dataDir)).stop();
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const mark = await markOf(realClock, stranger.pid ?? 0);
    if (mark === null) throw new Error('The stranger is not there.');
    writeFileSync(
      join(dataDir, 'engine.json'),
      JSON.stringify({
        kind: 'secantusdb',
        version: '0.6.0b17',
        program: 'p',
        storage: join(dataDir, 'secantusdb'),
        port: 1,
        process: mark,
      }),
    );
    await startOn(dataDir);
    expect(enginePid(dataDir)).not.toBe(stranger.pid);
    expect(await isAlive(realClock, mark)).toBe(true);
    stranger.kill('SIGKILL');
  });

  it('is reported where nobody knows it and it holds the data', async () => {
    const dataDir = scratchDir();
    const { path } = await secantusDb();
    const storage = join(dataDir, 'secantusdb');
    const args = ['--port', '0', '--storage-path', storage, '--cache-size', '512M'];
    const unknown = spawn(path, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(unknown.stdout, 'data');
    await expect(startOn(dataDir)).rejects.toThrow(
      /is in use by an engine that this service does not know.* set DATA_DIR/,
    );
    unknown.kill('SIGKILL');
    await once(unknown, 'exit');
  });
});
