/** Checks how a mongod is called, on SecantusDB behind a mongod's arguments; no mongod runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askEngine } from '../../../src/mongo/embedded/ask-engine';
import { chooseProgram } from '../../../src/mongo/embedded/programs/choose-program';
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

describe('a mongod of this machine', () => {
  it('runs on loopback as a set of one, with its data under DATA_DIR', async () => {
    const { dataDir, mongodBinary, said } = await newMachine();
    const engine = await startOn(dataDir, { mongodBinary, choose: chooseProgram });
    expect(engine.engine).toMatchObject({ kind: 'mongod', version: '8.2.6' });
    expect(engine.engine.note).toContain('run by this service on this machine');
    const port = /^mongodb:\/\/127\.0\.0\.1:(\d+)\/\?replicaSet=tierbridge$/.exec(engine.uri)?.[1];
    const args = said();
    expect(args).toContain(`--bind_ip 127.0.0.1 --port ${port} --dbpath ${dataDir}/mongod `);
    expect(args).toContain('--replSet tierbridge');
    expect(args).toContain('shutdownTimeoutMillisForSignaledShutdown');
  });

  it('is restarted on its port when it dies', async () => {
    const { dataDir, mongodBinary } = await newMachine();
    const engine = await startOn(dataDir, { mongodBinary, choose: chooseProgram });
    const pid = enginePid(dataDir) ?? 0;
    process.kill(pid, 'SIGKILL');
    const direct = engine.uri.replace('replicaSet=tierbridge', 'directConnection=true');
    const answer = await until('it answers again', () => askEngine(direct, 3_000));
    expect(answer.takesWrites).toBe(true);
    expect(enginePid(dataDir)).not.toBe(pid);
  });

  it('does not read the data of SecantusDB, and does not begin beside it', async () => {
    const { dataDir, mongodBinary } = await newMachine();
    const first = await startOn(dataDir);
    await withClient(first.uri, (things) => things.insertOne({ _id: 'kept' }));
    await first.stop();
    const refused = startOn(dataDir, { mongodBinary, choose: chooseProgram });
    await expect(refused).rejects.toThrow('Unset MONGOD_BINARY');
  });
});

/** A program that takes a mongod's arguments, keeps them, and is SecantusDB underneath. */
async function newMachine() {
  const home = scratchDir();
  const { path } = await secantusDb();
  const mongodBinary = scratchProgram(
    home,
    'mongod',
    `if [ "$1" = --version ]; then echo 'db version v8.2.6'; exit 0; fi`,
    `echo "$@" > '${home}/args'`,
    'while [ $# -gt 0 ]; do',
    '  case "$1" in --port) port=$2 ;; --dbpath) data=$2 ;; esac; shift',
    'done',
    `exec '${path}' --port "$port" --storage-path "$data" --log-file-max 16MB`,
  );
  return {
    dataDir: scratchDir(),
    mongodBinary,
    said: () => readFileSync(join(home, 'args'), 'utf8'),
  };
}
