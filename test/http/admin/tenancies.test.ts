/** Tenancies begin and end by a manager's word; holds protect a rental. */
import { agent, rentalOf, statementOf } from '../../support/estate';
import { settlePayments } from '../../../src/flows/settle-payments';
import { createAdminWorld, problem, type AdminWorld } from './admin-world';
import { documented } from './documented';

let world: AdminWorld;
beforeEach(async () => {
  world = await createAdminWorld();
  await world.rental(rentalOf(1));
});

const begin = (n: number, startsAt = '2026-03-02T12:00:00Z') =>
  world.post('/rentals/r_1/tenancy', { tenant: agent(n), startsAt, reason: 'Moved in today' });
const end = (more: object = {}) =>
  world.post('/rentals/r_1/tenancy/end', { reason: 'Moved out today', ...more });

describe('beginning a tenancy', () => {
  it('lets a vacant rental', async () => {
    const rental = documented('post', '/rentals/{id}/tenancy', await begin(1));
    expect(rental).toMatchObject({
      id: 'r_1',
      tenancy: {
        id: 'r_1:1',
        tenant: { key: agent(1).key },
        startedAt: '2026-03-02T12:00:00.000Z',
      },
    });
  });

  it('is refused while another one stands', async () => {
    await begin(1);
    expect(problem(await begin(2))).toBe('conflict');
    expect(world.estate.tenancies.all()).toHaveLength(1);
  });

  it('is refused before the end of the one before', async () => {
    await begin(1, '2026-02-20T12:00:00Z');
    await end();
    const early = await begin(2, '2026-03-01T12:00:00Z');
    expect(early.body).toMatchObject({ status: 400, errors: [{ path: '/startsAt' }] });
    expect((await begin(2)).body).toMatchObject({ tenancy: { id: 'r_1:2' } });
  });
});

describe('ending a tenancy', () => {
  it('leaves the rental vacant and the ledger as it was', async () => {
    await begin(1);
    await world.post('/rentals/r_1/grants', {
      ...{ seconds: 60, kind: 'granted', reason: 'A gift of a minute' },
    });
    const rental = documented('post', '/rentals/{id}/tenancy/end', await end());
    expect(rental).toMatchObject({ tenancy: null, standing: { stage: 'vacant' } });
    expect(world.estate.entries.all()).toHaveLength(1);
    expect((await world.get('/rentals/r_1')).body).toMatchObject({
      ledger: [],
      history: [{ action: 'tenancy-ended', before: { id: 'r_1:1' } }, {}, {}],
    });
  });

  it('is refused while a payment is unresolved, unless it is forced', async () => {
    await begin(1);
    await settlePayments(world.estate.deps, { statements: [statementOf(1, { state: 'queued' })] });
    const refused = await end();
    expect([refused.status, problem(refused)]).toEqual([409, 'conflict']);
    expect((await end({ force: true })).status).toBe(200);
  });

  it('is refused where nobody holds the rental', async () => {
    expect(problem(await end())).toBe('conflict');
  });
});

describe('holds', () => {
  const hold = (more: object = {}) =>
    world.post('/rentals/r_1/holds', { reason: 'Verified by hand', ...more });

  it('last for the days that the estate has set, unless they say otherwise', async () => {
    const usual = documented('post', '/rentals/{id}/holds', await hold());
    expect(usual).toMatchObject({ until: '2026-03-16T12:00:00.000Z', author: 'owner' });
    const own = await hold({ until: '2026-03-04T00:00:00+01:00' });
    expect(own.body).toMatchObject({ until: '2026-03-03T23:00:00.000Z', releasedAt: null });
  });

  it('end in the future', async () => {
    const past = await hold({ until: '2026-03-02T12:00:00Z' });
    expect(past.body).toMatchObject({ status: 400, errors: [{ path: '/until' }] });
  });

  it('stand among the reasons of a standing until they are released, once', async () => {
    await begin(1);
    const { id } = (await hold()).body as { id: string };
    const reasons = async (): Promise<unknown> =>
      ((await world.get('/rentals/r_1')).body as { standing: { reasons: unknown } }).standing
        .reasons;
    expect(await reasons()).toMatchObject([{ code: 'hold' }]);
    const release = () =>
      world.post(`/rentals/r_1/holds/${id}/release`, { reason: 'All is verified' });
    const released = documented('post', '/rentals/{id}/holds/{holdId}/release', await release());
    expect(released).toMatchObject({ id, releasedAt: '2026-03-02T12:00:00.000Z' });
    expect(await reasons()).toEqual([]);
    expect(problem(await release())).toBe('conflict');
    const unknown = await world.post('/rentals/r_1/holds/hold_no/release', { reason: 'None such' });
    expect(unknown.status).toBe(404);
  });
});
