/** Owners make and revoke keys; a key is shown once, and its hash is all that is kept. */
import { bootstrapKey, type GivenKey } from '../../../src/flows/access/bootstrap-key';
import { keyedSha256 } from '../../../src/http/keyed-sha256';
import { sha256 } from '../../../src/http/sha256';
import { createFakeKeyStore } from '../../support/fakes/key-store';
import request from 'supertest';
import { BASE, createAdminWorld, problem, type AdminWorld } from './admin-world';
import { documented } from './documented';

const REASON = { reason: 'Rosa joins the estate' };

interface NewKey {
  readonly id: string;
  readonly key: string | null;
}

let world: AdminWorld;
beforeEach(async () => {
  world = await createAdminWorld();
});

const make = async (over: object = {}, key?: string): Promise<NewKey> => {
  const body = { name: 'Rosa', role: 'manager', ...REASON, ...over };
  const answer = await world.post('/keys', body, key === undefined ? {} : { key });
  return documented<NewKey>('post', '/keys', answer);
};
const use = (key: string | null) =>
  request(world.app).get(`${BASE}/rentals`).set('Authorization', `Bearer ${key}`);
const revoke = (id: string) => world.post(`/keys/${id}/revoke`, { reason: 'She left the estate' });

describe('a key', () => {
  it('works at once, and is shown once', async () => {
    const made = await make({}, 'rosa');
    expect((await use(made.key)).status).toBe(200);
    expect(await make({}, 'rosa')).toEqual({ ...made, key: null });
    const list = await world.get('/keys', 'owner');
    documented('get', '/keys', list);
    const everything = JSON.stringify([list.body, await world.audits(), world.log.lines]);
    expect(everything).not.toContain(made.key);
    expect(everything).not.toMatch(/"hash"/);
  });

  it('works no more once it is revoked, which can be done once', async () => {
    const made = await make();
    const answer = await revoke(made.id);
    expect(documented('post', '/keys/{id}/revoke', answer)).toMatchObject({
      revokedAt: '2026-03-02T12:00:00.000Z',
    });
    expect((await use(made.key)).status).toBe(401);
    expect(problem(await revoke(made.id))).toBe('conflict');
  });

  it('stays when it is the last that can make others', async () => {
    const last = await revoke('key_owner');
    expect([last.status, problem(last)]).toEqual([409, 'conflict']);
    await make({ name: 'Second', role: 'owner' });
    expect((await revoke('key_owner')).status).toBe(200);
  });

  it('bears a name that no other key bears or bore, so that an author is one key', async () => {
    const { id } = await make();
    const again = () => world.post('/keys', { name: 'ROSA', role: 'viewer', ...REASON });
    expect([(await again()).status, problem(await again())]).toEqual([409, 'conflict']);
    await revoke(id);
    expect((await again()).status).toBe(409);
    const env = await world.post('/keys', { name: 'ADMIN_KEY 12ab', role: 'viewer', ...REASON });
    expect(env.status).toBe(409);
  });

  it('cannot bear the name under which the service records', async () => {
    const answer = await world.post('/keys', { name: 'System', role: 'viewer', ...REASON });
    expect(answer.body).toMatchObject({ errors: [{ path: '/name' }] });
  });

  it('is recorded when it is made and revoked, by name and reason', async () => {
    const { id } = await make();
    await world.estate.clock.advance(1_000);
    await revoke(id);
    const history = await world.get(`/audit?subject=${id}`);
    expect(documented('get', '/audit', history)).toMatchObject({
      data: [
        { action: 'key-revoked', author: 'owner', before: { revokedAt: null } },
        { action: 'key-created', after: { name: 'Rosa', role: 'manager', regions: [] } },
      ],
    });
  });
});

const EVERYTHING = { subject: null, regions: [], limit: 200, cursor: null };
const given = (text: string): GivenKey => ({
  text,
  mark: keyedSha256(Buffer.alloc(32, 7), 'admin key', text),
});

describe('the key of the environment', () => {
  const ports = () => ({ ...world.ports, keys: createFakeKeyStore() });
  const FIRST = given('the-first-owner-key-of-32-characters');
  const SECOND = given('another-owner-key-of-32-characters');

  it('is needed where there is no key at all', async () => {
    const deps = ports();
    expect(await bootstrapKey(deps, null)).toEqual({ kind: 'missing' });
    expect(await bootstrapKey(deps, FIRST)).toMatchObject({ kind: 'added' });
    expect(await bootstrapKey(deps, null)).toEqual({ kind: 'known' });
  });

  it('is added once, and another value beside it', async () => {
    const deps = ports();
    await bootstrapKey(deps, FIRST);
    expect(await bootstrapKey(deps, FIRST)).toEqual({ kind: 'known' });
    // As after a change of SECRET_KEY: what is known by its hash gets no second record.
    const marked = { ...FIRST, mark: SECOND.mark };
    expect(await bootstrapKey(deps, marked)).toEqual({ kind: 'known' });
    await bootstrapKey(deps, SECOND);
    const { rows } = await deps.keys.list({ limit: 10, cursor: null });
    expect(rows.map(({ role, regions }) => ({ role, regions }))).toEqual([
      { role: 'owner', regions: [] },
      { role: 'owner', regions: [] },
    ]);
    expect(new Set(rows.map(({ name }) => name)).size).toBe(2);
    expect(JSON.stringify(rows)).not.toContain(FIRST.text);
  });

  it('is added once by processes that start together', async () => {
    const deps = ports();
    await Promise.all([bootstrapKey(deps, FIRST), bootstrapKey(deps, FIRST)]);
    expect(await deps.keys.count()).toBe(1);
  });

  it('shows nothing of its hash in ids, names, answers and the record of changes', async () => {
    const deps = ports();
    const added = await bootstrapKey(deps, FIRST);
    const { rows } = await deps.keys.list({ limit: 10, cursor: null });
    const shown = rows.map(({ id, name }) => ({ id, name }));
    const told = JSON.stringify([added, shown, await deps.audit.list(EVERYTHING)]);
    expect(told).toContain('key_env_');
    const hash = sha256(FIRST.text);
    for (let at = 0; at + 8 <= hash.length; at += 1) {
      expect(told).not.toContain(hash.slice(at, at + 8));
    }
    expect(shown[0]?.name).not.toContain(hash.slice(0, 4));
  });

  it('stays revoked when a person has revoked it', async () => {
    const deps = ports();
    await bootstrapKey(deps, FIRST);
    const [key] = (await deps.keys.list({ limit: 1, cursor: null })).rows;
    await deps.keys.save({ ...key!, revokedAt: world.estate.clock.now() });
    expect(await bootstrapKey(deps, FIRST)).toEqual({ kind: 'revoked' });
  });
});
