/** Owners make, pair, rebind, rotate and retire boxes; what they sign with is never shown. */
import { parseAgentKey, parseBoxId, parseObjectKey } from '../../../src/domain/ids';
import { plusMs } from '../../../src/domain/time';
import { rentalOf, START } from '../../support/estate';
import { createAdminWorld, problem, type AdminWorld } from './admin-world';
import { documented } from './documented';

const OBJECT = parseObjectKey('5748decc-f629-461c-9a36-a35a221fe21f');
const OTHER = parseObjectKey('5748decc-f629-461c-9a36-a35a221fe220');
const OWNER = parseAgentKey('a2e76fcd-9360-4f6d-a924-0000000000ff');
const SECRET = 'a-secret-of-more-than-forty-characters-xyz';
const REASON = { reason: 'The owner asked for it' };

interface BoxBody {
  readonly id: string;
  readonly pairingCode: string;
  readonly expiresAt: string;
}

let world: AdminWorld;
beforeEach(async () => {
  world = await createAdminWorld();
  await world.rental(rentalOf(1));
});

const make = async (key?: string): Promise<BoxBody> => {
  const how = key === undefined ? {} : { key };
  const answer = await world.post('/boxes', { rentalId: 'r_1', ...REASON }, how);
  return documented<BoxBody>('post', '/boxes', answer);
};
const act = (id: string, what: string, body: object = {}) =>
  world.post(`/boxes/${id}/${what}`, { ...REASON, ...body });

/** As registration leaves it. */
async function paired(): Promise<string> {
  const { id } = await make();
  const [box] = await world.ports.boxes.get([parseBoxId(id)]);
  const secrets = [{ text: SECRET, since: START, until: null }];
  const rebindAsked = [{ objectKey: OTHER, at: START }];
  const bound = { objectKey: OBJECT, ownerKey: OWNER, secrets, rebindAsked, pairing: null };
  await world.ports.boxes.save([{ ...box!, ...bound, state: 'paired' }]);
  return id;
}

describe('making a box', () => {
  it('gives a code for 30 minutes, and binds the box to its rental', async () => {
    const box = await make();
    expect(box.pairingCode).toMatch(/^\w{4}-\w{12,}$/);
    expect(box.expiresAt).toBe('2026-03-02T12:30:00.000Z');
    expect(world.estate.rentals.all()[0]!.boxId).toBe(box.id);
  });

  it('shows the code once: a replay shows null', async () => {
    const first = await make('box-1');
    const again = await make('box-1');
    expect(again).toEqual({ ...first, pairingCode: null });
    const kept = JSON.stringify([await world.audits(), (await world.get('/boxes')).body]);
    expect(kept).not.toContain(first.pairingCode);
  });

  it('is refused where the rental has a box in use, or is not there', async () => {
    await make();
    expect(problem(await world.post('/boxes', { rentalId: 'r_1', ...REASON }))).toBe('conflict');
    expect((await world.post('/boxes', { rentalId: 'r_9', ...REASON })).status).toBe(404);
  });
});

describe('a box', () => {
  it('is listed with when it was heard, and reachable for three polls', async () => {
    const id = await paired();
    await world.ports.boxes.noteSeen([{ id: parseBoxId(id), at: START, outbox: 2 }]);
    const list = async () =>
      documented<{ data: object[] }>('get', '/boxes', await world.get('/boxes')).data;
    await world.estate.clock.advance(899_000);
    expect(await list()).toMatchObject([
      { id, outbox: 2, reachable: true, rebindAsked: [{ objectKey: OTHER }] },
    ]);
    await world.estate.clock.advance(1_000);
    expect(await list()).toMatchObject([{ reachable: false }]);
    expect(JSON.stringify(await list())).not.toContain(SECRET);
  });

  it('gets a new code, and with revoke loses all its secrets at once', async () => {
    const id = await paired();
    const code = await act(id, 'pairing-code');
    expect(documented<BoxBody>('post', '/boxes/{id}/pairing-code', code).pairingCode).toBeTruthy();
    expect((await world.ports.boxes.get([parseBoxId(id)]))[0]!.secrets).toHaveLength(1);
    await act(id, 'pairing-code', { revoke: true });
    expect((await world.ports.boxes.get([parseBoxId(id)]))[0]!.secrets).toEqual([]);
  });

  it('is bound to an object that asked, and to no other', async () => {
    const id = await paired();
    const stranger = '5748decc-f629-461c-9a36-a35a221fe2ff';
    expect(problem(await act(id, 'rebind', { objectKey: stranger }))).toBe('conflict');
    const bound = await act(id, 'rebind', { objectKey: OTHER.toUpperCase() });
    expect(documented('post', '/boxes/{id}/rebind', bound)).toMatchObject({ objectKey: OTHER });
    expect((await act(id, 'rebind', { objectKey: 'none' })).status).toBe(400);
  });

  it('gets a secret on offer by rotation, which nobody is shown', async () => {
    const id = await paired();
    const rotated = await act(id, 'rotate-secret');
    documented('post', '/boxes/{id}/rotate-secret', rotated);
    const [box] = await world.ports.boxes.get([parseBoxId(id)]);
    expect(box!.nextSecret).not.toBeNull();
    const shown = JSON.stringify([rotated.body, await world.audits(), world.log.lines]);
    expect(shown).not.toContain(box!.nextSecret!.text);
    expect(shown).not.toContain(SECRET);
  });

  it('is retired, leaves its rental, and may be paired for its last payments', async () => {
    const id = await paired();
    const retired = await act(id, 'retire');
    expect(documented('post', '/boxes/{id}/retire', retired)).toMatchObject({ state: 'retired' });
    expect((await act(id, 'pairing-code')).body).toMatchObject({ state: 'retired' });
    expect(world.estate.rentals.all()[0]!.boxId).toBeNull();
  });

  it('has each change recorded, without a secret', async () => {
    const id = await paired();
    await world.estate.clock.advance(1_000);
    await act(id, 'rotate-secret');
    await world.estate.clock.advance(1_000);
    await act(id, 'retire');
    const history = await world.get(`/audit?subject=${id}`);
    expect(history.body).toMatchObject({
      data: [
        { action: 'box-retired', at: new Date(plusMs(START, 2_000)).toISOString() },
        { action: 'box-secret-rotated' },
        { action: 'box-created', before: null, reason: REASON.reason },
      ],
    });
  });
});
