/** The admin API on the real database: what the fakes promise holds there too, route by route. */
import { createStores } from '../../../src/compose/stores';
import { parseBoxId, parseRentalId, parseUnitId } from '../../../src/domain/ids';
import { parseInstant } from '../../../src/domain/time';
import { settlePayments } from '../../../src/flows/settle-payments';
import { realClock } from '../../../src/jobs/real-clock';
import { ensureIndexes } from '../../../src/mongo/indexes';
import { withDatabase, type TestDatabase } from '../../support/database';
import { agent, rentalOf, reportOf, statementOf } from '../../support/estate';
import { quietLog } from '../../support/quiet-log';
import { createAdminWorld, problem, type AdminWorld } from './admin-world';
import { documented } from './documented';

const REASON = { reason: 'Tried on the real database' };
const TENANCY = { tenant: agent(1), startsAt: '2026-03-02T12:00:00Z', ...REASON };

interface Made {
  readonly id: string;
}
interface Page {
  readonly data: Record<string, unknown>[];
  readonly next: string | null;
}

let database: TestDatabase;
let world: AdminWorld;
beforeAll(async () => {
  database = await withDatabase();
  await ensureIndexes(database.connection);

  const stores = createStores(database.connection, [Buffer.alloc(32, 7)], {
    ...{ log: quietLog, clock: realClock },
  });
  world = await createAdminWorld(() => stores);
});
afterAll(() => database.drop());

const make = async (path: string, body: object): Promise<string> =>
  ((await world.post(path, { ...REASON, ...body })).body as Made).id;
const list = async (path: string, as: 'owner' | 'bayOwner' = 'owner'): Promise<Page> =>
  (await world.get(path, as)).body as Page;

describe('the admin API on MongoDB', () => {
  it('lets a rental, grants, reverses, protects and ends', async () => {
    await world.rental(rentalOf(1));
    documented('post', '/rentals/{id}/tenancy', await world.post('/rentals/r_1/tenancy', TENANCY));
    const grant = { seconds: 86_400, kind: 'granted', ...REASON };
    documented('post', '/rentals/{id}/grants', await world.post('/rentals/r_1/grants', grant));
    const reversed = await world.post('/entries/r_1:1:1/reverse', REASON);
    expect(documented('post', '/entries/{id}/reverse', reversed)).toMatchObject({ seq: 2 });
    const again = await world.post('/entries/r_1:1:1/reverse', REASON);
    expect([again.status, problem(again)]).toEqual([409, 'conflict']);
    const hold = await make('/rentals/r_1/holds', {});
    const released = await world.post(`/rentals/r_1/holds/${hold}/release`, REASON);
    documented('post', '/rentals/{id}/holds/{holdId}/release', released);
    const one = documented('get', '/rentals/{id}', await world.get('/rentals/r_1'));
    expect(one).toMatchObject({ ledger: [{ seq: 1 }, { seq: 2 }], holds: [] });
    expect((await world.post('/rentals/r_1/tenancy/end', REASON)).body).toMatchObject({
      tenancy: null,
    });
  });

  it('answers a repeated request once, and shows a secret once', async () => {
    const body = { name: 'Rosa', role: 'viewer', ...REASON };
    const first = await world.post('/keys', body, { key: 'rosa' });
    const again = await world.post('/keys', body, { key: 'rosa' });
    expect([again.status, again.body]).toEqual([201, { ...(first.body as object), key: null }]);
    const other = await world.post('/keys', { ...body, name: 'Rose' }, { key: 'rosa' });
    expect(problem(other)).toBe('other-content');
    const kept = await database.connection.collection('requests').find({}).toArray();
    expect(JSON.stringify(kept)).not.toContain((first.body as { key: string }).key);
  });

  it('finds payments by every name and lists them by region', async () => {
    for (const [n, region] of [
      [2, 'Dream Bay'],
      [3, 'Elsewhere'],
    ] as const) {
      const [rentalId, unitId] = [parseRentalId(`r_${n}`), parseUnitId(`unit-${n}`)];
      await world.rental(rentalOf(n, { region }));
      const boxId = parseBoxId(`box_${n}`);
      const report = { ...reportOf(n, { rentalId, unitId, boxId }), rev: 0 };
      await world.ports.reports.intake(report);
      const statements = [statementOf(n, { unitId })];
      await settlePayments(world.ports, { statements, reportIds: [report.id] });
    }
    for (const name of ['tx-2', 'tx:tx-2', reportOf(2).eventId]) {
      const shown = await world.get(`/payments/${encodeURIComponent(name)}`);
      expect(documented('get', '/payments/{id}', shown)).toMatchObject({
        ...{ id: 'tx:tx-2', state: 'credited', eventId: reportOf(2).eventId },
      });
    }
    const ids = async (query: string, as: 'owner' | 'bayOwner' = 'owner') =>
      (await list(`/payments?${query}`, as)).data.map(({ id }) => id);
    expect(await ids('', 'bayOwner')).toEqual(['tx:tx-2']);
    expect((await ids('state=credited')).sort()).toEqual(['tx:tx-2', 'tx:tx-3']);
    expect(await ids(`q=${reportOf(3).eventId}`)).toEqual(['tx:tx-3']);
    expect(await ids('rental=r_2')).toEqual(['tx:tx-2']);
    const back = { as: 'refunded', reference: 'wire-1', ...REASON };
    const refunded = await world.post('/payments/tx-2/decide', back);
    expect(documented('post', '/payments/{id}/decide', refunded)).toMatchObject({
      ...{ state: 'refunded', witnesses: { manual: { reference: 'manual:wire-1' } } },
    });
    expect((await world.post('/payments/tx-3/decide', back)).status).toBe(409);
    expect(await ids('q=wire-1')).toEqual(['tx:tx-2']);
    expect(await ids('q=manual:wire-1', 'bayOwner')).toEqual(['tx:tx-2']);
  });

  it('opens, changes and lists breaks, boxes and sweeps by region', async () => {
    const near = await make('/breaks', { kind: 'lock-by-hand', subjects: ['r_2'] });
    await make('/breaks', { kind: 'lock-by-hand', subjects: ['r_3'] });
    const resolution = { resolution: 'Done by hand', ...REASON };
    const resolved = await world.post(`/breaks/${near}/resolve`, resolution);
    documented('post', '/breaks/{id}/resolve', resolved);
    const box = await make('/boxes', { rentalId: 'r_2' });
    await make('/boxes', { rentalId: 'r_3' });
    const sweep = await make('/sweeps', { kind: 'resync', dryRun: true, region: 'Dream Bay' });
    await make('/sweeps', { kind: 'resync', dryRun: true });
    const ids = async (path: string) =>
      (await list(path, 'bayOwner')).data.map(({ id }) => id as string);
    expect(await ids('/breaks')).toEqual([near]);
    expect(await ids('/breaks?state=open')).toEqual([]);
    expect(await ids('/boxes')).toEqual([box]);
    expect(await ids('/sweeps')).toEqual([sweep]);
    expect((await list('/sweeps')).data).toHaveLength(2);
  });

  it('imports units, each once', async () => {
    await world.ports.follower.write(
      { ...{ streams: [world.provider.streamId], seq: 1, horizon: null } },
      1,
    );
    const rentedUntil = parseInstant('2026-03-09T12:00:00Z');
    world.provider.sayUnit('unit-8', { region: 'Dream Bay', tenant: agent(8), rentedUntil });
    world.provider.sayUnit('unit-9', { region: 'Elsewhere', tenant: null });
    const counts = { compared: 2, added: 2, known: 0 };
    expect((await world.post('/imports/units', {})).body).toMatchObject(counts);
    expect((await world.post('/imports/units', {})).body).toMatchObject({ added: 0, known: 2 });
    const { data } = await list('/rentals?q=unit-8');
    expect(data).toMatchObject([{ standing: { paidUntil: '2026-03-09T12:00:00.000Z' } }]);
  });

  it('goes through lists page by page, and refuses a cursor that is none', async () => {
    for (const path of [
      '/rentals',
      '/payments',
      '/breaks',
      '/boxes',
      '/sweeps',
      '/audit',
      '/keys',
    ]) {
      const whole = (await list(`${path}?limit=200`)).data.map(({ id }) => id);
      const seen: unknown[] = [];
      let cursor: string | null = null;
      do {
        const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const page = await list(`${path}?limit=1${more}`);
        seen.push(...page.data.map(({ id }) => id));
        cursor = page.next;
      } while (cursor !== null);
      expect({ path, seen }).toEqual({ path, seen: whole });
      const refused = await world.get(`${path}?cursor=nonsense`, 'owner');
      expect({ path, status: refused.status }).toEqual({ path, status: 400 });
      expect(refused.body).toMatchObject({ errors: [{ path: '/cursor' }] });
    }
  });

  it('finds rentals at a stage across pages', async () => {
    const { data, next } = await list('/rentals?standing=paid&limit=1');
    expect(data).toMatchObject([{ standing: { stage: 'paid' } }]);
    const rest = next === null ? [] : (await list(`/rentals?standing=paid&cursor=${next}`)).data;
    const all = (await list('/rentals')).data as { standing: { stage: string } }[];
    const paid = all.filter(({ standing }) => standing.stage === 'paid');
    expect([...data, ...rest].map(({ id }) => id)).toEqual(
      (paid as unknown as Made[]).map(({ id }) => id),
    );
  });
});
