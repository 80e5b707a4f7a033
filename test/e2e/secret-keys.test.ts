/** A new SECRET_KEY before the old one: the service itself sees to it that the old one may go. */
import { randomBytes } from 'node:crypto';
import { hastyEnv } from '../../scripts/rehearsal/settings';
import { until } from '../../scripts/rehearsal/until';
import { compose } from '../../src/compose';
import { readConfig } from '../../src/config';
import { realClock } from '../../src/jobs/real-clock';
import { connectDatabase } from '../../src/mongo/connection';
import { createBoxStore } from '../../src/mongo/estate/boxes';
import { createSecretSealing } from '../../src/mongo/estate/secret-sealing';
import { aBox } from '../contract/box-rows';
import { quietLog } from '../support/quiet-log';
import { createRecordedLog } from '../support/recorded-log';
import { clearScratch, scratchDir } from '../support/scratch';
import { ownDatabase } from './own-database';

const told = { log: quietLog, clock: realClock };

afterAll(clearScratch);

it('seals what the old key has sealed anew at its start, and says when that is done', async () => {
  const [old, fresh] = [randomBytes(32), randomBytes(32)];
  const [mongo, dataDir, box] = [ownDatabase(), scratchDir(), aBox('a')];
  const { connection, close } = await connectDatabase({ uri: mongo, ...told });
  const storeWith = (key: Buffer) => createBoxStore(connection, createSecretSealing([key]), told);
  await storeWith(old).save([box]);
  const keys = [fresh, old].map((key) => key.toString('base64')).join(',');
  const env = hastyEnv({ providerUrl: 'http://127.0.0.1:9', mongo, dataDir });
  const log = createRecordedLog();
  const service = await compose(readConfig({ ...env, SECRET_KEY: keys }, null), { log });
  try {
    const isDone = 'box secrets stand under the first key';
    const line = await until(isDone, () => log.lines.find(({ fact }) => fact === isDone));
    expect(line.fields).toEqual({ boxes: 1, sealed: 1 });
    expect((await storeWith(fresh).one(box.id))?.secrets).toEqual(box.secrets);
  } finally {
    await service.stop();
    await close();
  }
});
