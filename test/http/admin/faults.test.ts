/** What is refused before any flow runs: bodies, queries, ids and paths, each with its places. */
import request from 'supertest';
import { rentalOf } from '../../support/estate';
import { BASE, createAdminWorld, problem, type AdminWorld } from './admin-world';

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
  await world.rental(rentalOf(1));
});

const paths = (answer: { body: unknown }): string[] =>
  (answer.body as { errors: { path: string }[] }).errors.map(({ path }) => path);

describe('a body that breaks the rules', () => {
  it('is refused with all its faults at once, as JSON pointers', async () => {
    const answer = await world.post('/rentals', {
      name: '',
      region: 7,
      parcel: 'Harbour',
      unitId: null,
      verifiedBy: 'provider',
      price: { amount: 0, term: 'year', 'a/b~c': 1 },
      tenant: { key: 'not a uuid' },
      startsAt: 'tomorrow',
      reason: 'no',
      owner: 'me',
    });
    expect(answer.status).toBe(400);
    expect(problem(answer)).toBe('invalid');
    expect(paths(answer).sort()).toEqual(
      [
        '/name',
        '/owner',
        '/price/amount',
        '/price/term',
        '/price/a~1b~0c',
        '/reason',
        '/region',
        '/startsAt',
        '/tenant/key',
        '/unitId',
      ].sort(),
    );
  });

  it.each([
    ['a list', '[]', ''],
    ['no JSON', '{"reason":', ''],
    ['a bare word', '"hello"', ''],
    ['nothing at all', '', '/reason'],
  ])('is refused when it is %s', async (_what, body, place) => {
    const answer = await request(world.app)
      .post(`${BASE}/rentals/r_1/holds`)
      .set('Authorization', `Bearer ${world.keys.owner}`)
      .set('Idempotency-Key', 'broken')
      .set('Content-Type', 'application/json')
      .send(body);
    expect(answer.status).toBe(400);
    expect(paths(answer)).toEqual([place]);
  });

  it('is refused when it is no JSON by its type, or too large', async () => {
    const post = (type: string, body: string) =>
      request(world.app)
        .post(`${BASE}/rentals/r_1/holds`)
        .set('Authorization', `Bearer ${world.keys.owner}`)
        .set('Idempotency-Key', 'typed')
        .set('Content-Type', type)
        .send(body);
    expect((await post('text/plain', '{}')).status).toBe(415);
    expect((await post('application/json; charset=iso-8859-1', '{}')).status).toBe(415);
    const large = JSON.stringify({ reason: 'x'.repeat(70_000) });
    expect((await post('application/json', large)).status).toBe(413);
  });

  it.each([
    ['two characters', 'no'],
    ['blanks', '      '],
    ['more than 500 characters', 'x'.repeat(501)],
    ['U+0000', 'a\u0000bcd'],
    ['half a surrogate pair', 'abc\ud800'],
  ])('needs a reason that is not %s', async (_what, reason) => {
    const answer = await world.post('/rentals/r_1/holds', { reason });
    expect(paths(answer)).toEqual(['/reason']);
  });

  it('counts characters as people do', async () => {
    const answer = await world.post('/rentals/r_1/holds', { reason: '🏝️'.repeat(200) });
    expect(answer.status).toBe(201);
  });

  it('may take time with an adjustment only, and never none', async () => {
    const grant = (kind: string, seconds: number) =>
      world.post('/rentals/r_1/grants', { kind, seconds, reason: 'Because of the outage' });
    expect(paths(await grant('granted', -60))).toEqual(['/seconds']);
    expect(paths(await grant('outage', 0))).toEqual(['/seconds']);
    expect(paths(await grant('adjustment', 1.5))).toEqual(['/seconds']);
    expect(paths(await grant('refund', 60))).toEqual(['/kind']);
  });
});

describe('a query that breaks the rules', () => {
  it.each([
    ['/rentals?standing=late', '/standing'],
    ['/rentals?sort=name', '/sort'],
    ['/rentals?limit=0', '/limit'],
    ['/rentals?limit=201', '/limit'],
    ['/rentals?limit=1&limit=2', '/limit'],
    ['/payments?state=paid', '/state'],
    ['/payments?rental=house', '/rental'],
    ['/breaks?kind=late', '/kind'],
    ['/breaks?state=closed', '/state'],
    ['/audit?who=me', '/who'],
    ['/rentals/r_1?full=1', '/full'],
  ])('%s is refused at %s', async (path, place) => {
    const answer = await world.get(path);
    expect(answer.status).toBe(400);
    expect(paths(answer)).toEqual([place]);
  });
});

describe('a path that leads nowhere', () => {
  it.each([
    '/rentals/r_unknown',
    '/rentals/house',
    '/rentals/%00',
    '/rentals/%E0%A4%A',
    '/payments/no-such-payment',
    '/payments/tx:unknown',
    '/payments/0b9f3c1e-5a2d-4c77-9f0e-000000000001',
    '/breaks/brk_unknown',
    '/breaks/1',
    '/nothing',
  ])('%s is answered as not found', async (path) => {
    const answer = await world.get(path);
    expect(answer.status).toBe(404);
    expect(problem(answer)).toBe('not-found');
  });

  it('is told which methods a path knows', async () => {
    const answer = await request(world.app)
      .delete(`${BASE}/rentals/r_1`)
      .set('Authorization', `Bearer ${world.keys.owner}`);
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('GET, PATCH');
  });
});
