/** Who gets in: keys, their hashes, and what an address that guesses is told. */
import request from 'supertest';
import { BASE, createAdminWorld, problem, type AdminWorld } from './admin-world';

describe('the key of a caller', () => {
  let world: AdminWorld;
  beforeEach(async () => {
    world = await createAdminWorld();
  });

  const ask = (header?: string, address = '203.0.113.7') => {
    const call = request(world.app).get(`${BASE}/rentals`).set('X-Forwarded-For', address);
    return header === undefined ? call : call.set('Authorization', header);
  };

  it('is asked for where none is sent, on unknown paths too', async () => {
    const missing = await ask();
    expect(missing.status).toBe(401);
    expect(missing.headers['www-authenticate']).toBe('Bearer');
    expect(missing.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect((await request(world.app).get(`${BASE}/nothing`)).status).toBe(401);
  });

  it('is refused where it is wrong, revoked, or no bearer key at all', async () => {
    expect((await ask('Bearer nobody-knows-this-key')).status).toBe(401);
    expect((await ask(`Basic ${world.keys.viewer}`)).status).toBe(401);
    const key = await world.ports.keys.get('key_viewer');
    await world.ports.keys.save({ ...key!, revokedAt: world.estate.clock.now() });
    expect((await ask(`Bearer ${world.keys.viewer}`)).status).toBe(401);
  });

  it('is kept nowhere but as its hash', async () => {
    const kept = JSON.stringify(await world.ports.keys.list({ limit: 200, cursor: null }));
    expect(kept).not.toContain(world.keys.owner);
  });

  it('slows an address down from its 11th wrong key in a minute, and no other', async () => {
    for (let n = 1; n <= 10; n += 1) expect((await ask(`Bearer wrong-${n}`)).status).toBe(401);
    const eleventh = await ask('Bearer wrong-11');
    expect(eleventh.status).toBe(429);
    expect(problem(eleventh)).toBe('too-many-wrong-keys');
    expect(Number(eleventh.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask('Bearer wrong-12')).status).toBe(429);
    expect((await ask('Bearer wrong-1', '203.0.113.8')).status).toBe(401);
  });

  it('is taken at any time when it is right, and never counted', async () => {
    for (let n = 1; n <= 15; n += 1) await ask(`Bearer wrong-${n}`);
    for (let n = 1; n <= 15; n += 1) {
      expect((await ask(`Bearer ${world.keys.viewer}`)).status).toBe(200);
    }
  });

  it('is never logged, and answers are never stored by anybody between', async () => {
    const answer = await ask(`Bearer ${world.keys.viewer}`);
    expect(answer.headers['cache-control']).toBe('no-store');
    await ask('Bearer wrong-key-that-must-not-be-logged');
    const lines = JSON.stringify(world.log.lines);
    expect(lines).not.toContain(world.keys.viewer);
    expect(lines).not.toContain('must-not-be-logged');
  });
});
