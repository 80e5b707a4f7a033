/** What a service tells of its ADMIN_KEY, in its log and its database, over several starts. */
import { randomBytes } from 'node:crypto';
import { ADMIN_KEY, hastyEnv } from '../../scripts/rehearsal/settings';
import { compose } from '../../src/compose';
import { readConfig } from '../../src/config';
import { sha256 } from '../../src/http/sha256';
import { realClock } from '../../src/jobs/real-clock';
import { connectDatabase } from '../../src/mongo/connection';
import { quietLog } from '../support/quiet-log';
import { createRecordedLog } from '../support/recorded-log';
import { clearScratch, scratchDir } from '../support/scratch';
import { ownDatabase } from './own-database';

afterAll(clearScratch);

it('takes its key in once, and names it without a trace of the plain hash', async () => {
  const [mongo, dataDir] = [ownDatabase(), scratchDir()];
  const env = hastyEnv({ providerUrl: 'http://127.0.0.1:9', mongo, dataDir });
  const newSecretKey = `${randomBytes(32).toString('base64')},${env['SECRET_KEY']}`;
  const log = createRecordedLog();
  for (const SECRET_KEY of [env['SECRET_KEY'], env['SECRET_KEY'], newSecretKey]) {
    const service = await compose(readConfig({ ...env, SECRET_KEY }, null), { log });
    await service.stop();
  }
  const told = { log: quietLog, clock: realClock };
  const { connection, close } = await connectDatabase({ uri: mongo, ...told });
  const keys = await connection.collection('keys').find({}).toArray();
  const audits = await connection.collection('audit').find({}).toArray();
  await close();
  expect(log.facts().filter((fact) => fact === 'owner key added')).toHaveLength(1);
  expect(keys).toMatchObject([{ hash: sha256(ADMIN_KEY) }]);
  expect(audits).toHaveLength(1);
  const shown = keys.map(({ hash: _hash, ...rest }) => rest);
  const text = JSON.stringify([log.lines, shown, audits]);
  expect(text).toMatch(/key_env_[0-9a-f]{24}"/);
  const hash = sha256(ADMIN_KEY);
  for (let at = 0; at + 8 <= hash.length; at += 1) {
    expect(text).not.toContain(hash.slice(at, at + 8));
  }
});
