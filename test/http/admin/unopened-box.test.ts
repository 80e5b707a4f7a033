/** A box whose stored secrets do not open is shown, listed, retired and paired like any other. */
import { randomBytes } from 'node:crypto';
import { newBox } from '../../../src/domain/box';
import { parseBoxId, parseRentalId } from '../../../src/domain/ids';
import { createBoxStore } from '../../../src/mongo/estate/boxes';
import { createSecretSealing } from '../../../src/mongo/estate/secret-sealing';
import { withDatabase, type TestDatabase } from '../../support/database';
import { rentalOf, START } from '../../support/estate';
import { createManualClock } from '../../support/manual-clock';
import { quietLog } from '../../support/quiet-log';
import { createAdminWorld, problem, type AdminWorld } from './admin-world';
import { documented } from './documented';

const BOX = parseBoxId('box_1');
const REASON = { reason: 'Its key was dropped' };
const [old, fresh] = [randomBytes(32), randomBytes(32)];

describe('a box whose secrets do not open', () => {
  let database: TestDatabase;
  let world: AdminWorld;
  const storeWith = (key: Buffer) =>
    createBoxStore(database.connection, createSecretSealing([key]), {
      ...{ log: quietLog, clock: createManualClock(START) },
    });
  const act = (what: string, body: object = {}) =>
    world.post(`/boxes/${BOX}/${what}`, { ...REASON, ...body });
  beforeEach(async () => {
    database = await withDatabase();
    const box = newBox(BOX, parseRentalId('r_1'), START);
    const secrets = [{ text: 'sealed with a key that was dropped', since: START, until: null }];
    await storeWith(old).save([{ ...box, secrets, state: 'paired' }]);
    world = await createAdminWorld(() => ({ boxes: storeWith(fresh) }));
    await world.rental({ ...rentalOf(1), boxId: BOX });
  });
  afterEach(() => database.drop());

  it('is listed, and shown with its rental', async () => {
    const list = documented('get', '/boxes', await world.get('/boxes'));
    expect(list).toMatchObject({ data: [{ id: BOX, state: 'paired' }] });
    expect((await world.get('/rentals/r_1')).status).toBe(200);
  });

  it.each([{}, { revoke: true }])('is paired anew, with %j', async (wish) => {
    const given = await act('pairing-code', wish);
    expect(documented('post', '/boxes/{id}/pairing-code', given)).toMatchObject({ id: BOX });
    const { pairingCode } = given.body as { readonly pairingCode: string };
    const [box] = await storeWith(fresh).byPairingKey(`pair_${pairingCode.slice(0, 4)}`);
    expect(box).toMatchObject({ id: BOX, pairing: { code: pairingCode } });
  });

  it('is retired, and another takes its place', async () => {
    expect((await act('retire')).status).toBe(200);
    const made = await world.post('/boxes', { rentalId: 'r_1', ...REASON });
    expect(documented('post', '/boxes', made)).toMatchObject({ rentalId: 'r_1' });
  });

  it('is offered no new secret, since it could never fetch one', async () => {
    const refused = await act('rotate-secret');
    expect([refused.status, problem(refused)]).toEqual([409, 'conflict']);
  });
});
