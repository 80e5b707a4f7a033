/** Checks the embedded engine on the real SecantusDB: started, shared, restarted, ended. */
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { realClock } from '../../../src/jobs/real-clock';
import { commandLineOf, markOf } from '../../../src/mongo/embedded/processes/process-table';
import {
  enginePid,
  secantusDb,
  startOn,
  stopEngines,
  withClient,
} from '../../support/embedded-engine';
import { clearScratch, scratchDir, scratchProgram } from '../../support/scratch';
import { until } from '../../../scripts/rehearsal/until';

afterEach(stopEngines);
afterAll(clearScratch);

describe('the embedded engine', () => {
  it('takes writes, says what it is good for, and keeps its data over a restart', async () => {
    const dataDir = scratchDir();
    const first = await startOn(dataDir);
    expect(first.engine).toMatchObject({ kind: 'secantusdb', version: '0.6.0b17' });
    expect(first.engine.note).toContain('for evaluation, development and tests only');
    await withClient(first.uri, (things) => things.insertOne({ _id: 'kept' }));
    const pid = enginePid(dataDir) ?? 0;
    await first.stop();
    expect(await markOf(realClock, pid)).toBeNull();
    expect(enginePid(dataDir)).toBeNull();

    const second = await startOn(dataDir);
    const kept = await withClient(second.uri, (things) => things.findOne({ _id: 'kept' }));
    expect(kept).not.toBeNull();
  });

  it('syncs every acknowledged write to disk, and not the log of operations', async () => {
    const dataDir = scratchDir();
    await startOn(dataDir);
    const commandLine = await commandLineOf(realClock, enginePid(dataDir) ?? 0);
    expect(commandLine?.split(' ')).toContain('--sync-on-commit');
    expect(commandLine?.split(' ')).toContain('--oplog-nonlogged');
  });

  it('is one engine for all who start it on the same data, at once or later', async () => {
    const dataDir = scratchDir();
    const [one, two] = await Promise.all([startOn(dataDir), startOn(dataDir)]);
    const three = await startOn(dataDir);
    expect(two.uri).toBe(one.uri);
    expect(three.uri).toBe(one.uri);
  });

  it('ends when the last of them stops, not before', async () => {
    const dataDir = scratchDir();
    const one = await startOn(dataDir);
    const two = await startOn(dataDir);
    const pid = enginePid(dataDir) ?? 0;
    await one.stop();
    expect(enginePid(dataDir)).toBe(pid);
    expect(await markOf(realClock, pid)).not.toBeNull();
    await two.stop();
    expect(await markOf(realClock, pid)).toBeNull();
  });

  it('comes back on the same port, with its data, when it dies', async () => {
    const dataDir = scratchDir();
    const engine = await startOn(dataDir);
    await withClient(engine.uri, (things) => things.insertOne({ _id: 'before' }));
    const pid = enginePid(dataDir) ?? 0;
    process.kill(pid, 'SIGKILL');
    await until('another process is the engine', () => enginePid(dataDir) !== pid);
    const found = await withClient(engine.uri, (things) => things.findOne({ _id: 'before' }));
    expect(found).not.toBeNull();
    await until('the restart is logged', () =>
      engine.lines.some(({ fact }) => fact === 'database engine restarted'),
    );
    expect(engine.lines.map(({ fact }) => fact)).toContain('database engine died');
  });

  it('is restarted by one of those who share it, and stays shared', async () => {
    const dataDir = scratchDir();
    const one = await startOn(dataDir);
    const two = await startOn(dataDir);
    for (let death = 1; death <= 2; death += 1) {
      const pid = enginePid(dataDir) ?? 0;
      process.kill(pid, 'SIGKILL');
      await until('another process is the engine', () => enginePid(dataDir) !== pid);
      await until('both have noticed', () =>
        [one, two].every(({ lines }) => restarts(lines) === death),
      );
    }
    await one.stop();
    await withClient(two.uri, (things) => things.insertOne({ _id: 'shared' }));
  });

  it('tries again and again, more slowly each time, while it cannot be restarted', async () => {
    const dataDir = scratchDir();
    const place = scratchDir();
    const { path } = await secantusDb();
    const program = scratchProgram(place, 'engine', `exec '${path}' "$@"`);
    const choose = () =>
      Promise.resolve({ kind: 'secantusdb' as const, path: program, version: 'test' });
    const engine = await startOn(dataDir, { choose });
    scratchProgram(place, 'engine', 'echo no luck today; exit 3');
    process.kill(enginePid(dataDir) ?? 0, 'SIGKILL');
    const failures = (): readonly string[] =>
      engine.lines
        .filter(({ fact }) => fact === 'database engine could not be restarted')
        .map(({ fields }) => String(fields['error']));
    await until('it has failed three times', () => failures().length >= 3);
    expect(failures()[0]).toContain('no luck today');
    scratchProgram(place, 'engine', `exec '${path}' "$@"`);
    await until('it is restarted', () => restarts(engine.lines) === 1);
    await withClient(engine.uri, (things) => things.insertOne({ _id: 'back' }));
  });

  it('quotes what the engine printed when it does not start', async () => {
    const dir = scratchDir();
    const path = scratchProgram(dir, 'engine', 'echo the disk is on fire; exit 1');
    const choose = () => Promise.resolve({ kind: 'secantusdb' as const, path, version: 'test' });
    await expect(startOn(join(dir, 'data'), { choose })).rejects.toThrow('the disk is on fire');
  });

  it('gives up on an engine that never answers, and leaves none behind', async () => {
    const dir = scratchDir();
    const path = scratchProgram(dir, 'engine', 'echo $$ > "$4/pid"; exec sleep 60');
    const choose = () => Promise.resolve({ kind: 'secantusdb' as const, path, version: 'test' });
    const start = startOn(join(dir, 'data'), { choose, timeouts: { startMs: 600 } });
    await expect(start).rejects.toThrow('takes no writes after 0.6 s');
    const pid = Number(readFileSync(join(dir, 'data', 'secantusdb', 'pid'), 'utf8'));
    expect(await markOf(realClock, pid)).toBeNull();
  });

  it('does not follow a record that was copied to another directory', async () => {
    const [from, to] = [scratchDir(), scratchDir()];
    const original = await startOn(from);
    cpSync(join(from, 'engine.json'), join(to, 'engine.json'));
    const copy = await startOn(to);
    expect(copy.uri).not.toBe(original.uri);
  });

  it('clears scratch data at its end and at a fresh start', async () => {
    const dataDir = scratchDir();
    const keeping = await startOn(dataDir);
    await withClient(keeping.uri, (things) => things.insertOne({ _id: 'old' }));
    await keeping.stop();
    const scratch = await startOn(dataDir, { data: 'scratch' });
    expect(await withClient(scratch.uri, (things) => things.findOne({ _id: 'old' }))).toBeNull();
    await scratch.stop();
    expect(existsSync(join(dataDir, 'secantusdb'))).toBe(false);
  });

  it('names the database of MONGODB_URI, and leaves it alone when it stops', async () => {
    const engine = await startOn(scratchDir());
    const named = await startOn(scratchDir(), { uri: engine.uri });
    expect(named.uri).toBe(engine.uri);
    await named.stop();
    await withClient(engine.uri, (things) => things.insertOne({ _id: 'untouched' }));
  });

  it('starts though the database of MONGODB_URI is away, and says so', async () => {
    const away = await startOn(scratchDir(), {
      uri: 'mongodb://127.0.0.1:1/',
      timeouts: { answerMs: 200 },
    });
    expect(away.engine).toMatchObject({ kind: 'external', version: 'unknown' });
    expect(away.lines.map(({ level }) => level)).toEqual(['warn']);
    expect(JSON.stringify(away.lines)).not.toContain('127.0.0.1');
  });
});

function restarts(lines: readonly { readonly fact: string }[]): number {
  return lines.filter(({ fact }) => fact === 'database engine restarted').length;
}
