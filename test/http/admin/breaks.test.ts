/** Differences that no rule could settle: opened, assigned, commented and resolved by people. */
import { WAITS_FOR_DECISION, type BreakDraft } from '../../../src/domain/break';
import { rentalOf, reportOf, SETTINGS, START } from '../../support/estate';
import { createAdminWorld, problem, type AdminWorld } from './admin-world';
import { documented } from './documented';

let world: AdminWorld;
beforeEach(async () => {
  world = await createAdminWorld();
  await world.rental(rentalOf(1));
});

const open = async (over: object = {}): Promise<{ id: string; subjects: string[] }> =>
  documented(
    'post',
    '/breaks',
    await world.post('/breaks', {
      ...{ kind: 'unexplained-time', subjects: ['r_1'], reason: 'The box shows a day more' },
      ...over,
    }),
  );
const act = (id: string, what: string, body: object) =>
  world.post(`/breaks/${id}/${what}`, { reason: 'Talked it over', ...body });

describe('opening a break', () => {
  it('gives it the estate’s owner and a day by which it should be settled', async () => {
    expect(await open()).toMatchObject({
      ...{ kind: 'unexplained-time', state: 'open', owner: 'estate', subjects: ['r_1'] },
      ...{ openedAt: '2026-03-02T12:00:00.000Z', dueAt: '2026-03-09T12:00:00.000Z' },
    });
  });

  it('names the rental beside a payment', async () => {
    await world.estate.reports.intake(reportOf(1));
    const { subjects } = await open({ subjects: [reportOf(1).eventId] });
    expect(subjects).toEqual(['r_1', reportOf(1).id]);
  });

  it('refuses subjects that are not there, each at its place', async () => {
    const body = { kind: 'lock-by-hand', subjects: ['r_1', 'r_9', 'nothing'], reason: 'See there' };
    const answer = await world.post('/breaks', body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      errors: [{ path: '/subjects/1' }, { path: '/subjects/2' }],
    });
  });

  it('makes a second one for a second request', async () => {
    expect((await open()).id).not.toBe((await open()).id);
  });
});

describe('a break', () => {
  it('is assigned, commented and resolved, each with its author', async () => {
    const { id } = await open();
    const assigned = await act(id, 'assign', { owner: 'Rosa' });
    expect(documented('post', '/breaks/{id}/assign', assigned)).toMatchObject({ owner: 'Rosa' });
    const commented = await act(id, 'comment', { text: 'I asked the provider.' });
    expect(documented('post', '/breaks/{id}/comment', commented)).toMatchObject({
      comments: [{ author: 'owner', text: 'I asked the provider.' }],
    });
    const resolved = await act(id, 'resolve', { resolution: 'A gift of the provider' });
    expect(documented('post', '/breaks/{id}/resolve', resolved)).toMatchObject({
      ...{ state: 'resolved', resolution: 'A gift of the provider', resolvedBy: 'owner' },
    });
    const shown = await world.get(`/breaks/${id}`);
    expect(documented('get', '/breaks/{id}', shown)).toEqual(resolved.body);
    const history = (await world.audits()).filter(({ subject }) => subject === id);
    expect(history.map(({ action }) => action).sort()).toEqual(
      ['break-assigned', 'break-commented', 'break-opened', 'break-resolved'].sort(),
    );
  });

  it('is resolved once, and changes its owner no more', async () => {
    const { id } = await open();
    await act(id, 'resolve', { resolution: 'Done' });
    expect(problem(await act(id, 'resolve', { resolution: 'Done' }))).toBe('conflict');
    expect(problem(await act(id, 'assign', { owner: 'Rosa' }))).toBe('conflict');
  });

  it('is listed by kind, owner and state', async () => {
    const { id } = await open();
    await open({ kind: 'lock-by-hand' });
    await act(id, 'assign', { owner: 'Rosa' });
    const ids = async (query: string): Promise<number> => {
      const answer = await world.get(`/breaks?${query}`);
      return documented<{ data: unknown[] }>('get', '/breaks', answer).data.length;
    };
    expect(await ids('')).toBe(2);
    expect(await ids('kind=lock-by-hand')).toBe(1);
    expect(await ids('owner=Rosa')).toBe(1);
    expect(await ids('state=resolved')).toBe(0);
  });
});

describe.each([...WAITS_FOR_DECISION])('a break %s about a payment', (kind) => {
  const { id: about } = reportOf(1);

  async function opened(): Promise<string> {
    await world.estate.reports.intake(reportOf(1));
    const draft: BreakDraft = {
      ...{ kind, about, fingerprint: '1', subjects: ['r_1', about], amount: 700, seconds: null },
      text: 'Nobody knows what became of it.',
    };
    const one = { draft, region: 'Dream Bay', owner: SETTINGS.breakOwner, now: START };
    return (await world.estate.breaks.open([one]))[0]!.id;
  }
  const resolve = (id: string) => act(id, 'resolve', { resolution: 'I looked at it' });

  it('cannot be closed before the payment is decided: it would end in nothing', async () => {
    const id = await opened();
    const refused = await resolve(id);
    expect([problem(refused), refused.status]).toEqual(['conflict', 409]);
    expect((await world.get(`/breaks/${id}`)).body).toMatchObject({ state: 'open' });
  });

  it('can be closed once the payment is decided', async () => {
    const id = await opened();
    const decided = { as: 'dismissed', reason: 'It was a test of the box' };
    expect((await world.post(`/payments/${about}/decide`, decided)).status).toBe(200);
    expect((await resolve(id)).status).toBe(200);
  });
});

describe('a rental about which nobody says a usable word', () => {
  const noWord = async (): Promise<string> => {
    const draft: BreakDraft = {
      kind: 'no-usable-word',
      ...{ about: 'r_1', fingerprint: '1', subjects: ['r_1'], amount: null, seconds: null },
      text: 'Nobody has said that its time is used up.',
    };
    const owner = SETTINGS.breakOwner;
    const opened = await world.estate.breaks.open([
      { draft, region: 'Dream Bay', owner, now: START },
    ]);
    return opened[0]!.id;
  };

  const moveIn = () =>
    world.post('/rentals/r_1/tenancy', {
      tenant: { key: 'a2e76fcd-9360-4f6d-a924-000000000001' },
      ...{ startsAt: '2026-02-20T12:00:00Z', reason: 'Moved in' },
    });
  const stage = async (): Promise<string> =>
    ((await world.get('/rentals/r_1')).body as { standing: { stage: string } }).standing.stage;

  it('becomes overdue when the break is resolved as time-used-up', async () => {
    await moveIn();
    expect(await stage()).toBe('safe');
    await act(await noWord(), 'resolve', { resolution: 'time-used-up' });
    expect(await stage()).toBe('overdue');
  });

  it('stays safe when a person opened the break, before seven days had passed', async () => {
    await moveIn();
    const { id } = await open({ kind: 'no-usable-word', subjects: ['r_1'] });
    const resolved = await act(id, 'resolve', { resolution: 'time-used-up' });
    expect(resolved.body).toMatchObject({ state: 'resolved', resolution: 'time-used-up' });
    expect(await stage()).toBe('safe');
    expect(world.estate.rentals.all()[0]!.timeUsedUpAt).toBeNull();
  });

  it('stays safe when it is resolved otherwise', async () => {
    await act(await noWord(), 'resolve', { resolution: 'The tenant is on holiday' });
    expect(world.estate.rentals.all()[0]!.timeUsedUpAt).toBeNull();
  });
});
