/** Which role each route needs: whoever has less is refused before anything else is looked at. */
import request from 'supertest';
import type { Role } from '../../../src/domain/access';
import { ADMIN_ROUTES } from '../../../src/http/admin/routes';
import { BASE, createAdminWorld, problem, type AdminWorld } from './admin-world';

/** The table of the interface, route by route. */
const NEEDED: Readonly<Record<string, Role>> = {
  'get /rentals': 'viewer',
  'get /rentals/{id}': 'viewer',
  'post /rentals': 'manager',
  'patch /rentals/{id}': 'manager',
  'post /imports/units': 'manager',
  'post /rentals/{id}/grants': 'manager',
  'post /rentals/{id}/holds': 'manager',
  'post /rentals/{id}/holds/{holdId}/release': 'manager',
  'post /rentals/{id}/tenancy': 'manager',
  'post /rentals/{id}/tenancy/end': 'manager',
  'get /payments': 'viewer',
  'get /payments/{id}': 'viewer',
  'post /payments/{id}/recheck': 'manager',
  'post /payments/{id}/decide': 'manager',
  'get /breaks': 'viewer',
  'get /breaks/{id}': 'viewer',
  'post /breaks': 'manager',
  'post /breaks/{id}/assign': 'manager',
  'post /breaks/{id}/comment': 'manager',
  'post /breaks/{id}/resolve': 'manager',
  'post /entries/{id}/reverse': 'manager',
  'get /boxes': 'viewer',
  'post /boxes': 'owner',
  'post /boxes/{id}/pairing-code': 'owner',
  'post /boxes/{id}/rebind': 'owner',
  'post /boxes/{id}/rotate-secret': 'owner',
  'post /boxes/{id}/retire': 'owner',
  'post /sweeps': 'manager',
  'get /sweeps': 'manager',
  'get /sweeps/{id}': 'manager',
  'get /sweeps/{id}/repairs': 'manager',
  'get /audit': 'viewer',
  'get /keys': 'owner',
  'post /keys': 'owner',
  'post /keys/{id}/revoke': 'owner',
};

const BELOW: Readonly<Record<Role, readonly Role[]>> = {
  viewer: [],
  manager: ['viewer'],
  owner: ['viewer', 'manager'],
};

describe('the role of a key', () => {
  let world: AdminWorld;
  beforeAll(async () => {
    world = await createAdminWorld();
  });

  const call = (route: string, role: Role) => {
    const [method, path] = route.split(' ') as ['get' | 'post' | 'patch', string];
    return request(world.app)
      [method](`${BASE}${path.replaceAll(/\{\w+\}/g, 'none')}`)
      .set('Authorization', `Bearer ${world.keys[role]}`);
  };

  it('is known for each route of the interface, and there is no other route', () => {
    const routes = ADMIN_ROUTES.map(({ method, path, role }) => [`${method} ${path}`, role]);
    expect(Object.fromEntries(routes)).toEqual(NEEDED);
  });

  it.each(
    Object.entries(NEEDED).flatMap(([route, role]) =>
      BELOW[role].map((below) => ({ route, below })),
    ),
  )('refuses $route to a $below', async ({ route, below }) => {
    const answer = await call(route, below);
    expect(answer.status).toBe(403);
    expect(problem(answer)).toBe('forbidden');
  });

  it.each(Object.entries(NEEDED))('lets %s pass for a(n) %s', async (route, role) => {
    expect((await call(route, role)).status).not.toBe(403);
  });
});
