/** A repeated request is answered once, by its Idempotency-Key, whatever became of the first. */
import request from 'supertest';
import { STALE_MS } from '../../../src/flows/access/run-once';
import { StorageUnavailable } from '../../../src/flows/ports/money-ports';
import { rentalOf } from '../../support/estate';
import { until } from '../../../scripts/rehearsal/until';
import { createAdminWorld, problem, type AdminWorld } from './admin-world';

const DAY_MS = 86_400_000;
const HOLD = { reason: 'Verifying payments by hand' };

describe('a request that is repeated', () => {
  let world: AdminWorld;
  beforeEach(async () => {
    world = await createAdminWorld();
    await world.rental(rentalOf(1));
  });

  const hold = (key: string, body: object = HOLD) =>
    world.post('/rentals/r_1/holds', body, { key });
  const holds = () => world.estate.rentals.all()[0]!.holds;

  it('is refused without a key, and with one that is no visible ASCII', async () => {
    const bare = request(world.app)
      .post('/api/admin/v1/rentals/r_1/holds')
      .set('Authorization', `Bearer ${world.keys.owner}`);
    const missing = await bare.send(HOLD);
    expect(missing.status).toBe(400);
    expect(problem(missing)).toBe('no-idempotency-key');
    expect((await hold('two words')).status).toBe(400);
    expect((await hold('x'.repeat(201))).status).toBe(400);
    expect(holds()).toEqual([]);
  });

  it('gets the same answer for 7 days and changes nothing more', async () => {
    const first = await hold('once');
    await world.estate.clock.advance(7 * DAY_MS - 1);
    const again = await hold('once');
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(holds()).toHaveLength(1);
  });

  it('counts as the same whatever the order of its fields', async () => {
    const until = '2026-03-09T12:00:00Z';
    await hold('ordered', { reason: HOLD.reason, until });
    expect((await hold('ordered', { until, reason: HOLD.reason })).status).toBe(201);
  });

  it('is refused with another body, another path, and told so', async () => {
    await hold('mine');
    const other = await hold('mine', { reason: 'Something else' });
    expect(other.status).toBe(409);
    expect(problem(other)).toBe('other-content');
    const path = await world.post('/rentals/r_2/holds', HOLD, { key: 'mine' });
    expect(problem(path)).toBe('other-content');
  });

  it('belongs to the key of its caller: two callers may use the same word', async () => {
    await hold('shared');
    const other = await world.post('/rentals/r_1/holds', HOLD, { key: 'shared', as: 'manager' });
    expect(other.status).toBe(201);
    expect(holds()).toHaveLength(2);
  });

  it('gets its refusal again, as it was', async () => {
    const first = await world.post('/rentals/r_1/tenancy/end', HOLD, { key: 'vacant' });
    expect(first.status).toBe(409);
    const again = await world.post('/rentals/r_1/tenancy/end', HOLD, { key: 'vacant' });
    expect([again.status, again.body]).toEqual([409, first.body]);
    expect(again.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  it('may be mended when its body was refused: a bad body takes no key', async () => {
    expect((await hold('mended', {})).status).toBe(400);
    expect((await hold('mended')).status).toBe(201);
  });
});

describe('a request whose twin has not been answered', () => {
  it('is told to wait while the twin runs, and when to ask again', async () => {
    const world = await createAdminWorld();
    await world.rental(rentalOf(1));
    let letGo = (): void => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    let isRunning = false;
    const { list } = world.ports.audit;
    Object.assign(world.ports.audit, {
      list: async (...query: Parameters<typeof list>) => {
        isRunning = true;
        await gate;
        return list(...query);
      },
    });
    const first = world.post('/rentals/r_1/holds', HOLD, { key: 'twin' }).then((answer) => answer);
    await until('the first one runs', () => isRunning);
    const twin = await world.post('/rentals/r_1/holds', HOLD, { key: 'twin' });
    expect([twin.status, problem(twin)]).toEqual([409, 'running']);
    expect(Number(twin.headers['retry-after'])).toBeGreaterThan(0);
    letGo();
    expect((await first).status).toBe(201);
    expect(world.estate.rentals.all()[0]!.holds).toHaveLength(1);
  });

  it('is resumed when a crash left the twin half-done, and finds what that made', async () => {
    const world = await createAdminWorld();
    await world.rental(rentalOf(1));
    const { finish } = world.ports.requests;
    Object.assign(world.ports.requests, {
      finish: () => Promise.reject(new StorageUnavailable('gone')),
    });
    const body = { seconds: 3600, kind: 'granted', reason: 'A gift for waiting' };
    await world.post('/rentals/r_1/tenancy', TENANCY, { key: 'begin' });
    const killed = await world.post('/rentals/r_1/grants', body, { key: 'grant' });
    expect([killed.status, problem(killed)]).toEqual([503, 'storage']);
    Object.assign(world.ports.requests, { finish });
    const early = await world.post('/rentals/r_1/grants', body, { key: 'grant' });
    expect(problem(early)).toBe('running');
    await world.estate.clock.advance(STALE_MS + 1);
    const resumed = await world.post('/rentals/r_1/grants', body, { key: 'grant' });
    expect(resumed.status).toBe(201);
    expect(world.estate.entries.all()).toHaveLength(1);
    const granted = (await world.audits()).filter(({ action }) => action === 'time-granted');
    expect(granted).toHaveLength(1);
  });

  it('may be sent again at once when it came to nothing', async () => {
    const world = await createAdminWorld();
    world.provider.restFails = 'passing';
    await world.ports.follower.write(
      { streams: [world.provider.streamId], seq: 1, horizon: null },
      1,
    );
    const down = await world.post('/imports/units', { dryRun: false }, { key: 'import' });
    expect([down.status, problem(down)]).toEqual([503, 'unavailable']);
    world.provider.restFails = 'never';
    const up = await world.post('/imports/units', { dryRun: false }, { key: 'import' });
    expect(up.status).toBe(200);
  });
});

const TENANCY = {
  tenant: { key: 'a2e76fcd-9360-4f6d-a924-000000000001', name: 'Nina' },
  startsAt: '2026-03-02T12:00:00Z',
  reason: 'Moved in today',
};
