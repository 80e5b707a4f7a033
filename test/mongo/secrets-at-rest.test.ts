/** Secrets in the database are sealed anew under the newest key, by one process or several. */
import { randomBytes } from 'node:crypto';
import type { BoxId } from '../../src/domain/ids';
import { sealSecretsAnew, type SecretsAtRest } from '../../src/flows/boxes/seal-secrets-anew';
import { realClock } from '../../src/jobs/real-clock';
import type { BoxRecord } from '../../src/mongo/estate/box-record';
import { createBoxStore } from '../../src/mongo/estate/boxes';
import { createSecretSealing } from '../../src/mongo/estate/secret-sealing';
import { createSecretsAtRest } from '../../src/mongo/estate/secrets-at-rest';
import { aBox, aSnapshot, at, bare } from '../contract/box-rows';
import { withDatabase, type TestDatabase } from '../support/database';
import { quietLog } from '../support/quiet-log';

const [old, fresh, lost] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const told = { log: quietLog, clock: realClock };

describe('secrets at rest', () => {
  let database: TestDatabase;
  const storeWith = (...keys: readonly Buffer[]) =>
    createBoxStore(database.connection, createSecretSealing(keys), told);
  const atRest = () => createSecretsAtRest(database.connection, createSecretSealing([fresh, old]));
  const rows = () => database.connection.collection<BoxRecord>('boxes');
  const run = (secretsAtRest: SecretsAtRest) =>
    sealSecretsAnew({ ...told, secretsAtRest }, new AbortController().signal);
  beforeAll(async () => {
    database = await withDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(() => rows().deleteMany({}));

  it('stand under the newest key afterwards, with all else as it was', async () => {
    const [a, b] = [aBox('a'), aBox('b', bare)];
    await storeWith(old).save([a, b]);
    await storeWith(old).keepSnapshot(a.id, aSnapshot(60));
    expect(await atRest().sealAnew(null, 10)).toEqual({
      ...{ seen: 2, sealed: 1, raced: 0 },
      ...{ unopened: [], next: null },
    });
    const snapshot = aSnapshot(60);
    expect(await storeWith(fresh).get([a.id])).toEqual([{ ...a, snapshot, rev: 2 }]);
    expect(await storeWith(fresh).get([b.id])).toEqual([{ ...b, rev: 1 }]);
  });

  it('are written once, however often it is done, and batch after batch', async () => {
    const boxes = Array.from({ length: 5 }, (_, n) => aBox(`n${n}`));
    await storeWith(old).save(boxes);
    const step = (after: BoxId | null) => atRest().sealAnew(after, 2);
    const first = await step(null);
    expect(first).toMatchObject({ seen: 2, sealed: 2, next: 'box_n1' });
    const second = await step(first.next);
    expect(second).toMatchObject({ seen: 2, sealed: 2, next: 'box_n3' });
    expect(await step(second.next)).toMatchObject({ seen: 1, sealed: 1, next: null });
    expect(await atRest().sealAnew(null, 10)).toMatchObject({ seen: 5, sealed: 0 });
  });

  it('stay as they are where no key opens them, should their key come back', async () => {
    const [a, b] = [aBox('a'), aBox('b')];
    await storeWith(lost).save([a]);
    await storeWith(old).save([b]);
    const before = await rows().findOne({ _id: a.id });
    expect(await atRest().sealAnew(null, 10)).toMatchObject({ sealed: 1, unopened: [a.id] });
    expect(await rows().findOne({ _id: a.id })).toEqual(before);
    const text = createSecretSealing([old]).seal('of now', a.id);
    const half = [...before!.secrets, { sealed: text, since: new Date(at(0)), until: null }];
    await rows().updateOne({ _id: a.id }, { $set: { secrets: half } });
    expect(await atRest().sealAnew(null, 10)).toMatchObject({ sealed: 1, unopened: [a.id] });
    expect(await storeWith(lost).one(a.id)).toMatchObject({ secrets: a.secrets });
    expect(await storeWith(fresh).one(a.id)).toMatchObject({ secrets: [{ text: 'of now' }] });
  });

  it('are not taken back from somebody who changes a box at that moment', async () => {
    const boxes = Array.from({ length: 40 }, (_, n) => aBox(`n${n}`));
    await storeWith(old).save(boxes);
    const read = await storeWith(fresh, old).get(boxes.map(({ id }) => id));
    const change = async (): Promise<Set<BoxId>> =>
      storeWith(old).save(read.map((box) => ({ ...box, version: 'changed' })));
    const [changed] = await Promise.all([change(), run(atRest()), run(atRest())]);
    for (const box of await storeWith(fresh).get(boxes.map(({ id }) => id))) {
      expect(box.secrets).toEqual(aBox('a').secrets);
      expect(box.version).toBe(changed.has(box.id) ? 'changed' : '1.2.0');
    }
  });
});
