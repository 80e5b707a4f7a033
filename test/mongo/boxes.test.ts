/** What is particular to boxes on MongoDB: secrets at rest, and cursors that nobody gave. */
import { randomBytes } from 'node:crypto';
import { RefusedValue } from '../../src/domain/brand';
import type { RentalId } from '../../src/domain/ids';
import { HOUR_MS } from '../../src/domain/time';
import type { ListInput } from '../../src/flows/ports/money-ports';
import { createBoxStore } from '../../src/mongo/estate/boxes';
import type { BoxRecord } from '../../src/mongo/estate/box-record';
import { createSecretSealing } from '../../src/mongo/estate/secret-sealing';
import { aBox, at } from '../contract/box-rows';
import { walk } from '../contract/walk';
import { withDatabase, type TestDatabase } from '../support/database';
import { createManualClock, type ManualClock } from '../support/manual-clock';
import { createRecordedLog, type RecordedLog } from '../support/recorded-log';

const [old, fresh] = [randomBytes(32), randomBytes(32)];
const a = aBox('a');
const b = aBox('b');
const c = aBox('c');
/** What is left of a box none of whose secrets opens. */
const unopened = (count: number) =>
  Array.from({ length: count }, (): unknown =>
    expect.objectContaining({ sealed: expect.stringMatching(/^seal1\./) }),
  );
const CLOSED = { secrets: [], nextSecret: null, pairing: null, unopened: unopened(3) };

describe('boxes at rest', () => {
  let database: TestDatabase;
  let log: RecordedLog;
  let clock: ManualClock;
  const storeWith = (...keys: readonly Buffer[]) =>
    createBoxStore(database.connection, createSecretSealing(keys), { log, clock });
  const rows = () => database.connection.collection<BoxRecord>('boxes');
  beforeAll(async () => {
    database = await withDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    [log, clock] = [createRecordedLog(), createManualClock(at(0))];
    await rows().deleteMany({});
    await storeWith(old).save([a, b]);
  });

  it('show neither secrets nor pairing codes', async () => {
    const stored = JSON.stringify(await rows().findOne({ _id: a.id }));
    const texts = [...a.secrets, a.nextSecret!].map(({ text }) => text);
    for (const text of [...texts, a.pairing!.code]) expect(stored).not.toContain(text);
  });

  it.each([
    ['secrets', 2],
    ['nextSecret', 1],
    ['pairing', 0],
  ] as const)('do not open with the %s of another box', async (field, count) => {
    const other = await rows().findOne({ _id: b.id });
    await rows().updateOne({ _id: a.id }, { $set: { [field]: other?.[field] } });
    const gone = { [field]: field === 'secrets' ? [] : null, unopened: unopened(count) };
    await expect(storeWith(old).one(a.id)).resolves.toEqual({ ...a, ...gone, rev: 1 });
    await expect(storeWith(old).one(b.id)).resolves.toEqual({ ...b, rev: 1 });
  });

  it('are sealed anew with the newest key when they are saved', async () => {
    const rotated = storeWith(fresh, old);
    const read = await rotated.one(a.id);
    expect(read?.secrets).toEqual(a.secrets);
    await rotated.save([read!]);
    await expect(storeWith(fresh).one(a.id)).resolves.toEqual({ ...a, rev: 2 });
    await expect(storeWith(fresh).one(b.id)).resolves.toEqual({ ...b, ...CLOSED, rev: 1 });
  });

  it('keep secrets whose key is missing through a save, until the key is back', async () => {
    const read = await storeWith(fresh).one(a.id);
    await storeWith(fresh).save([{ ...read!, version: '2' }]);
    const back = await storeWith(fresh, old).one(a.id);
    expect(back).toMatchObject({ version: '2', nextSecret: null, unopened: [] });
    expect(back!.secrets).toEqual([a.nextSecret, ...a.secrets]);
  });

  it('are read with all others, without the secrets whose key was dropped', async () => {
    await storeWith(fresh).save([c]);
    const store = storeWith(fresh);
    const [closed, open] = [
      { ...a, ...CLOSED, rev: 1 },
      { ...c, rev: 1 },
    ];
    expect(await Promise.all([store.one(a.id), store.one(c.id)])).toEqual([closed, open]);
    expect(await store.get([a.id, c.id])).toEqual([closed, open]);
    const named = await store.byPairingKey(a.pairing!.key);
    expect(named.filter(({ pairing }) => pairing !== null)).toEqual([open]);
    expect(named).toHaveLength(3);
    const { rows: listed } = await store.list({ limit: 10, cursor: null, regions: [] });
    expect(listed.map(({ secrets }) => secrets.length)).toEqual([0, 0, 2]);
  });

  it('tell of such a box once an hour, however often it is named', async () => {
    const store = storeWith(fresh);
    for (let n = 0; n < 5; n += 1) await store.get([a.id, b.id]);
    await clock.advance(HOUR_MS - 1);
    await store.one(a.id);
    expect(log.lines).toHaveLength(2);
    await clock.advance(1);
    await store.one(a.id);
    const told = log.lines.map(({ level, fact, fields }) => [level, fact, fields['boxId']]);
    expect(told).toEqual([a, b, a].map(({ id }) => ['warn', 'box secret does not open', id]));
    expect(JSON.stringify(log.lines)).not.toMatch(/stack|first secret/);
  });

  it('are found in regions of many rentals, however few have a box', async () => {
    const rentals = database.connection.collection<{ _id: string; region: string }>('rentals');
    const ids = Array.from({ length: 1200 }, (_, n) => `r_${n + 1000}`);
    await rentals.insertMany(ids.map((_id) => ({ _id, region: 'Ahern' })));
    const [first, last] = [ids[0], ids.at(-1)].map((id, n) =>
      aBox(`far${n}`, { rentalId: id as RentalId }),
    );
    await storeWith(old).save([first!, last!]);
    const list = (input: ListInput) => storeWith(old).list({ ...input, regions: ['Ahern'] });
    expect((await walk(list, 1)).map(({ id }) => id)).toEqual([first!.id, last!.id]);
  });

  it('are not listed from a cursor that no list gave', async () => {
    const list = (cursor: string) => storeWith(old).list({ limit: 1, cursor, regions: [] });
    for (const cursor of ['', 'x', 'e30', 'WzEsMl0', 'WyJhIl0', 'bnVsbA']) {
      await expect(list(cursor)).rejects.toThrow(RefusedValue);
    }
    const { next } = await list(Buffer.from('["",""]').toString('base64url'));
    await expect(list(next!)).resolves.toMatchObject({ rows: [{ id: b.id }], next: null });
  });
});
