/** Managers start sweeps and read what they came to. */
import { parseRentalId, parseSweepId } from '../../../src/domain/ids';
import { START } from '../../support/estate';
import { createAdminWorld, problem, type AdminWorld } from './admin-world';
import { documented } from './documented';

let world: AdminWorld;
beforeEach(async () => {
  world = await createAdminWorld();
});

const start = async (body: object = {}, key?: string): Promise<{ id: string }> => {
  const how = { as: 'manager', ...(key === undefined ? {} : { key }) } as const;
  const answer = await world.post('/sweeps', { kind: 'resync', dryRun: true, ...body }, how);
  return documented('post', '/sweeps', answer);
};

describe('a sweep', () => {
  it('is started now, once for each request, and recorded', async () => {
    const sweep = await start({ region: 'Dream Bay' }, 'nightly');
    expect(sweep).toMatchObject({
      ...{ kind: 'resync', dryRun: true, region: 'Dream Bay', status: 'running' },
      ...{ author: 'manager', finishedAt: null, counts: { compared: 0, repaired: 0 } },
    });
    expect(await start({ region: 'Dream Bay' }, 'nightly')).toEqual(sweep);
    expect(world.woken).toEqual(['sweeps']);
    expect(await world.audits()).toMatchObject([
      { action: 'sweep-started', subject: sweep.id, reason: null },
    ]);
  });

  it('makes its repairs unless a dry run is asked for', async () => {
    const answer = await world.post('/sweeps', { kind: 'settle', reason: 'After the stall' });
    expect(answer.body).toMatchObject({ kind: 'settle', dryRun: false });
    expect((await world.post('/sweeps', { kind: 'clean' })).status).toBe(400);
  });

  it('settles the whole estate or not at all', async () => {
    const ask = (body: object, as: 'manager' | 'bayManager' = 'manager') =>
      world.post('/sweeps', { kind: 'settle', ...body }, { as });
    const dry = await ask({ dryRun: true });
    expect([dry.status, dry.body]).toMatchObject([400, { errors: [{ path: '/dryRun' }] }]);
    const part = await ask({ region: 'Dream Bay' });
    expect([part.status, part.body]).toMatchObject([400, { errors: [{ path: '/region' }] }]);
    expect(problem(await ask({}, 'bayManager'))).toBe('conflict');
    expect(world.woken).toEqual([]);
  });

  it('is listed, the latest first, and shown with what it counted', async () => {
    const first = await start();
    await world.estate.clock.advance(1_000);
    const second = await start({ kind: 'settle', dryRun: false });
    const counts = { compared: 12, repaired: 2, breaks: 1, failed: 0 };
    const id = parseSweepId(first.id);
    const finishedAt = world.estate.clock.now();
    await world.ports.sweeps.progress(id, 1, { status: 'complete', counts, finishedAt });
    const list = await world.get('/sweeps', 'manager');
    expect(documented('get', '/sweeps', list)).toMatchObject({
      data: [{ id: second.id }, { id: first.id }],
      next: null,
    });
    const shown = await world.get(`/sweeps/${first.id}`, 'manager');
    expect(documented('get', '/sweeps/{id}', shown)).toMatchObject({ status: 'complete', counts });
  });

  it('lists the repairs that it made, or would make, page by page', async () => {
    const { id } = await start();
    const sweepId = parseSweepId(id);
    await world.ports.sweeps.record(
      [1, 2, 3].map((n) => ({
        id: `${id}/r_${n}/expiry-set`,
        ...{ sweepId, rentalId: parseRentalId(`r_${n}`), kind: 'expiry-set' as const, at: START },
        ...{ before: { rentedUntil: null }, after: { rentedUntil: '2026-03-09T12:00:00.000Z' } },
      })),
    );
    const page = await world.get(`/sweeps/${id}/repairs?limit=2`, 'manager');
    const body = documented<{ data: object[]; next: string }>('get', '/sweeps/{id}/repairs', page);
    expect(body.data).toMatchObject([{ rentalId: 'r_1', kind: 'expiry-set' }, { rentalId: 'r_2' }]);
    const rest = await world.get(
      `/sweeps/${id}/repairs?cursor=${encodeURIComponent(body.next)}`,
      'manager',
    );
    expect(rest.body).toMatchObject({ data: [{ rentalId: 'r_3' }], next: null });
  });

  it('is not found by an id that is none, or of none', async () => {
    for (const id of ['swp_none', 'resync:2026-03-02T11:30:00.000Z', 'everything']) {
      expect((await world.get(`/sweeps/${id}`, 'manager')).status).toBe(404);
      expect((await world.get(`/sweeps/${id}/repairs`, 'manager')).status).toBe(404);
    }
  });
});
