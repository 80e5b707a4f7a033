/** Checks the promises of the connection, and what becomes of it while the database is away. */
import type { mongo } from 'mongoose';
import { realClock } from '../../src/jobs/real-clock';
import { connectDatabase, type Database } from '../../src/mongo/connection';
import { testDatabaseName, testDatabaseUri } from '../support/database';
import { enginePid, startOn, startOnPort, stopEngines } from '../support/embedded-engine';
import { quietLog, recordingLog, type LogLine } from '../support/quiet-log';
import { clearScratch, scratchDir } from '../support/scratch';
import { until } from '../../scripts/rehearsal/until';

/** What the connection promises, and a little for a machine that is busy with other tests. */
const LOST_WITHIN_MS = 4_000 + 1_500;

const open: Database[] = [];

afterEach(async () => {
  for (const database of open.splice(0)) await database.close();
  await stopEngines();
});
afterAll(clearScratch);

describe('the connection to the database', () => {
  it('asks for writes that a majority has in its journal, and reads what is decided', async () => {
    const { connection } = await connect(`${testDatabaseUri()}&monitorCommands=true`);
    const sent: Record<string, mongo.Document> = {};
    connection.getClient().on('commandStarted', ({ commandName, command }) => {
      sent[commandName] = command;
    });
    const things = connection.collection('things');
    await things.insertOne({ a: 1 });
    await things.findOne({ a: 1 });
    expect(sent['insert']?.['writeConcern']).toMatchObject({ w: 'majority', j: true });
    expect(sent['find']?.['readConcern']).toMatchObject({ level: 'majority' });
    await connection.dropDatabase();
  });

  it('makes no index and no collection unasked, and buffers nothing', async () => {
    const { connection } = await connect(testDatabaseUri());
    expect(connection.config).toMatchObject({
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
    });
  });

  it('uses the database called tierbridge unless told otherwise', async () => {
    const plain = await connectDatabase({
      uri: testDatabaseUri(),
      log: quietLog,
      clock: realClock,
    });
    open.push(plain);
    expect(plain.connection.name).toBe('tierbridge');
  });

  it('uses the database that the address names', async () => {
    const name = testDatabaseName();
    const uri = testDatabaseUri().replace(/\/(?=\?|$)/, `/${name}`);
    const named = await connectDatabase({ uri, log: quietLog, clock: realClock });
    open.push(named);
    expect(named.connection.name).toBe(name);
  });

  it('leaves the patience alone that the address asks for', async () => {
    const uri = `${testDatabaseUri()}&connectTimeoutMS=7000`;
    const { options } = (await connect(uri)).connection.getClient();
    expect(options.connectTimeoutMS).toBe(7_000);
    expect(options.serverSelectionTimeoutMS).toBeLessThan(4_000);
  });

  it('refuses at once when nothing answers, without naming the address in a log', async () => {
    const lines: LogLine[] = [];
    const startedAt = Date.now();
    const uri = 'mongodb://somebody:secret@127.0.0.1:1/';
    const failing = connectDatabase({ uri, log: recordingLog(lines), clock: realClock });
    await expect(failing).rejects.toThrow('ECONNREFUSED');
    expect(Date.now() - startedAt).toBeLessThan(LOST_WITHIN_MS);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('shows a database that died as an error in time, and recovers when it is back', async () => {
    const dataDir = scratchDir();
    const engine = await startOn(dataDir);
    const lines: LogLine[] = [];
    const database = await connect(engine.uri, lines);
    await write(database);
    await engine.stop();
    await expectLost(database);
    await until('it is known to be down', () => !database.isUp());
    expect(await database.ping(1_000)).toBe(false);

    const port = /:(\d+)\//.exec(engine.uri)?.[1];
    await startOnPort(dataDir, Number(port));
    await until('it takes writes again', async () => {
      await write(database);
      return true;
    });
    expect(database.isUp()).toBe(true);
    expect(await database.ping(3_000)).toBe(true);
    expect(lines.map(({ fact }) => fact)).toEqual(['database is lost', 'database is back']);
  });

  it('shows a database that hangs as an error in time, and recovers when it goes on', async () => {
    const dataDir = scratchDir();
    const engine = await startOn(dataDir);
    const database = await connect(engine.uri);
    await write(database);
    const pid = enginePid(dataDir) ?? 0;
    process.kill(pid, 'SIGSTOP');
    await Promise.all([expectLost(database), expectLost(database), expectLost(database)]);
    expect(database.isUp()).toBe(false);
    expect(await database.ping(300)).toBe(false);
    process.kill(pid, 'SIGCONT');
    await until('it takes writes again', async () => {
      await write(database);
      return true;
    });
    expect(database.isUp()).toBe(true);
  });
});

async function connect(uri: string, lines: LogLine[] = []): Promise<Database> {
  const database = await connectDatabase({
    uri,
    database: testDatabaseName(),
    log: recordingLog(lines),
    clock: realClock,
  });
  open.push(database);
  return database;
}

async function write({ connection }: Database): Promise<void> {
  await connection.collection('things').insertOne({ at: Date.now() });
}

async function expectLost(database: Database): Promise<void> {
  const startedAt = Date.now();
  await expect(write(database)).rejects.toThrow();
  expect(Date.now() - startedAt).toBeLessThan(LOST_WITHIN_MS);
}
