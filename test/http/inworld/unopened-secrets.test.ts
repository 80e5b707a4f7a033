/** A box whose stored secret does not open waits by itself, and harms no other box. */
import { randomBytes } from 'node:crypto';
import type { BoxId } from '../../../src/domain/ids';
import { MINUTE_MS, plusMs, type Instant } from '../../../src/domain/time';
import { pairBox } from '../../../src/flows/boxes/pair-box';
import { systemMint } from '../../../src/http/inworld/mint';
import { createBoxStore } from '../../../src/mongo/estate/boxes';
import { createSecretSealing } from '../../../src/mongo/estate/secret-sealing';
import { withDatabase, type TestDatabase } from '../../support/database';
import { createManualClock } from '../../support/manual-clock';
import { createRecordedLog } from '../../support/recorded-log';
import { createDoorWorld, type DoorWorld } from './door-world';
import { expectOutcome } from './expectations';
import { register, secretOf } from './pairing-steps';
import { BOX_ID, NOW, sampleBox, SECRET } from './sample-estate';
import { REGISTER } from './signed-call';

const BAD = 'box_43' as BoxId;
const [old, fresh] = [randomBytes(32), randomBytes(32)];
const CODE = 'AB12-0123456789ab';

describe('a box whose secret was sealed with a key that was dropped', () => {
  const log = createRecordedLog();
  let database: TestDatabase;
  let world: DoorWorld;
  const storeWith = (key: Buffer) =>
    createBoxStore(database.connection, createSecretSealing([key]), {
      ...{ log, clock: createManualClock(NOW) },
    });
  beforeAll(async () => {
    database = await withDatabase();
    const expiresAt = plusMs(NOW, MINUTE_MS);
    const pairing = { key: 'pair_AB12', code: CODE, expiresAt, usedBy: null };
    await storeWith(old).save([sampleBox({ id: BAD, pairing })]);
    await storeWith(fresh).save([sampleBox()]);
    world = await createDoorWorld({ change: () => ({ boxes: storeWith(fresh) }) });
  });
  afterAll(async () => {
    await world.close();
    await database.drop();
  });

  it('is told to wait, and never that it is wrong, while all others go on', async () => {
    const polls = await Promise.all(
      Array.from({ length: 60 }, (_, n) => world.call({ key: n % 3 === 0 ? BOX_ID : BAD })),
    );
    polls.forEach((poll, n) => {
      if (n % 3 !== 0) return expectOutcome(poll, [429, 'busy', 300]);
      expect(poll.body).toMatchObject({ ok: 1, code: 'standing' });
    });
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { boxId: BAD } }]);
    expect(world.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is not paired by a code that does not open either', async () => {
    const body = { v: 1, shard: 'Production', region: 'Dream Bay', rezzed: NOW / 1000 };
    const call = { path: REGISTER, key: 'pair_AB12', secret: CODE, body };
    expectOutcome(await world.call(call), [401, 'signature', 0]);
  });

  it('works again once it is paired anew', async () => {
    const deps = { boxes: storeWith(fresh), mint: systemMint, clock: world.clock, log };
    const given = await pairBox(deps, { boxId: BAD, secrets: 'keep' });
    if (given.kind !== 'changed') throw new Error(given.kind);
    const secret = secretOf(await register(world, given.pairingCode));
    expect((await world.call({ key: BAD, secret })).body).toMatchObject({ code: 'standing' });
  });

  it('waits too where its newest secret alone does not open, and has another', async () => {
    const half = 'box_44' as BoxId;
    const [newest, older] = [`${SECRET}-newest`, `${SECRET}-older`];
    const secret = (text: string, since: number) => ({
      text,
      since: since as Instant,
      until: null,
    });
    await storeWith(old).save([sampleBox({ id: half, secrets: [secret(newest, NOW)] })]);
    const box = (await storeWith(fresh).one(half))!;
    await storeWith(fresh).save([{ ...box, secrets: [secret(older, NOW - 1)] }]);
    expectOutcome(await world.call({ key: half, secret: newest }), [429, 'busy', 300]);
    expect((await world.call({ key: half, secret: older })).body).toMatchObject({ ok: 1 });
    expectOutcome(await world.call({ key: half, secret: newest }), [429, 'busy', 300]);
  });
});
