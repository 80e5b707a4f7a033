/** Time by hand: grants, outages, adjustments, and the reversal of an entry. */
import { parseRentalId } from '../../../src/domain/ids';
import { parseInstant, seconds } from '../../../src/domain/time';
import { agent, rentalOf, statementOf } from '../../support/estate';
import { settlePayments } from '../../../src/flows/settle-payments';
import { createAdminWorld, problem, type AdminWorld } from './admin-world';
import { documented } from './documented';

let world: AdminWorld;
beforeEach(async () => {
  world = await createAdminWorld();
  await world.rental(rentalOf(1));
  await world.post('/rentals/r_1/tenancy', {
    tenant: agent(1),
    startsAt: '2026-03-02T12:00:00Z',
    reason: 'Moved in today',
  });
});

const grant = (seconds: number, kind = 'granted') =>
  world.post('/rentals/r_1/grants', { seconds, kind, reason: 'The site was down' });
const paidUntil = async (): Promise<string> =>
  ((await world.get('/rentals/r_1')).body as { standing: { paidUntil: string } }).standing
    .paidUntil;

const resyncAt = async () => (await world.estate.rentals.one(parseRentalId('r_1')))?.resyncAt;

describe('granting time', () => {
  it.each(['granted', 'outage', 'adjustment'])('adds an entry of kind %s', async (kind) => {
    const entry = documented('post', '/rentals/{id}/grants', await grant(86_400, kind));
    expect(entry).toMatchObject({
      ...{ id: 'r_1:1:1', seq: 1, kind, seconds: 86_400, amount: null },
      ...{ author: 'owner', reason: 'The site was down', reverses: null },
    });
    expect(await paidUntil()).toBe('2026-03-03T12:00:00.000Z');
  });

  it('has the provider told of it by a resync', async () => {
    await grant(86_400);
    expect(await resyncAt()).toBe(world.estate.clock.now());
  });

  it('takes time by an adjustment, and leaves the provider what it shows', async () => {
    await grant(86_400);
    await world.estate.rentals.resyncDone(parseRentalId('r_1'), world.estate.clock.now());
    await grant(-3_600, 'adjustment');
    expect(await paidUntil()).toBe('2026-03-03T11:00:00.000Z');
    expect(await resyncAt()).toBeNull();
  });

  it('refuses a vacant rental, and time beyond what in-world clocks can hold', async () => {
    await world.rental(rentalOf(2));
    const body = { seconds: 60, kind: 'granted', reason: 'To nobody' };
    expect(problem(await world.post('/rentals/r_2/grants', body))).toBe('conflict');
    await grant(300_000_000);
    const beyond = await grant(300_000_000);
    expect(beyond.status).toBe(400);
    expect(beyond.body).toMatchObject({ errors: [{ path: '/seconds' }] });
  });
});

describe('reversing an entry', () => {
  const reverse = (id: string) => world.post(`/entries/${id}/reverse`, { reason: 'By mistake' });

  it('adds a reversing entry that points at it', async () => {
    await grant(86_400);
    const entry = documented('post', '/entries/{id}/reverse', await reverse('r_1:1:1'));
    expect(entry).toMatchObject({ kind: 'reversal', seconds: -86_400, reverses: 'r_1:1:1' });
    expect(await paidUntil()).toBe('2026-03-02T12:00:00.000Z');
    expect(await world.audits()).toContainEqual(
      expect.objectContaining({ action: 'entry-reversed', subject: 'r_1', author: 'owner' }),
    );
  });

  it('takes the provider’s bonus with the payment, and gives it back with it', async () => {
    const generous = { creditedSeconds: seconds(604_800 + 86_400) };
    const paidAt = parseInstant('2026-03-02T12:30:00Z');
    await settlePayments(world.estate.deps, {
      statements: [statementOf(1, { paidAt, ...generous })],
    });
    const sum = () => world.estate.entries.all().reduce((all, one) => all + one.seconds, 0);
    expect(sum()).toBe(691_200);
    const { id } = (await reverse('r_1:1:1')).body as { id: string };
    expect(sum()).toBe(0);
    await reverse(id);
    expect(sum()).toBe(691_200);
    await reverse('r_1:1:2');
    expect(sum()).toBe(691_200);
  });

  it('is refused where a rule made the entry, and would make it again', async () => {
    const paidAt = parseInstant('2026-03-02T12:30:00Z');
    const paid = statementOf(1, { paidAt });
    await settlePayments(world.estate.deps, { statements: [paid] });
    const back = { ...paid, version: 2, state: 'reversed', stateWord: 'reversed' } as const;
    await settlePayments(world.estate.deps, { statements: [back] });
    const answer = await reverse('r_1:1:2');
    expect([answer.status, problem(answer)]).toEqual([409, 'conflict']);
    expect(world.estate.entries.all()).toHaveLength(2);
  });

  it('is refused the second time', async () => {
    await grant(86_400);
    await reverse('r_1:1:1');
    const again = await reverse('r_1:1:1');
    expect([again.status, problem(again)]).toEqual([409, 'conflict']);
    expect(world.estate.entries.all()).toHaveLength(2);
  });

  it('shows the payment behind it as reversed', async () => {
    await settlePayments(world.estate.deps, {
      statements: [statementOf(1, { paidAt: parseInstant('2026-03-02T12:30:00Z') })],
    });
    await reverse('r_1:1:1');
    expect((await world.get('/payments/tx-1')).body).toMatchObject({ state: 'reversed' });
  });

  it('is not found for an entry that is not there', async () => {
    expect((await reverse('r_1:1:9')).status).toBe(404);
    expect((await reverse('r_9:1:1')).status).toBe(404);
    expect((await reverse('1')).status).toBe(404);
  });
});
