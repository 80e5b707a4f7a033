/** Payments as people see them: found by any name, shown with every witness, decided. */
import { parseRentalId } from '../../../src/domain/ids';
import { until } from '../../../scripts/rehearsal/until';
import { agent, rentalOf, reportOf, statementOf } from '../../support/estate';
import { createAdminWorld, problem, type AdminWorld } from './admin-world';
import { documented } from './documented';
import { paymentCalls } from './payment-calls';

let world: AdminWorld;
beforeEach(async () => {
  world = await createAdminWorld();
  await world.rental(rentalOf(1));
});

const { report, transaction, show, decide } = paymentCalls(() => world);

describe('showing a payment', () => {
  it('finds a transaction and its report as one, by each of their names', async () => {
    const id = await report(1);
    await transaction(1);
    const names = ['tx:tx-1', 'tx-1', id, reportOf(1).eventId];
    for (const name of names) {
      const answer = await show(name);
      expect(documented('get', '/payments/{id}', answer)).toMatchObject({
        ...{ id: 'tx:tx-1', txId: 'tx-1', eventId: reportOf(1).eventId, boxId: 'box_1' },
        ...{ rentalId: 'r_1', state: 'credited', amount: 700, entryId: 'r_1:1:1' },
      });
    }
  });

  it('gives every witness’s word and each step', async () => {
    await report(1);
    await transaction(1, { state: 'failed', message: 'Something bad happened :(' });
    await transaction(1, { version: 2, witness: 'lookup' });
    const answer = await show('tx-1');
    expect(answer.body).toMatchObject({
      witnesses: {
        box: { amount: 700, ref: null, returned: null },
        stream: { state: 'failed', message: 'Something bad happened :(', version: 1, earlier: [] },
        lookup: { state: 'completed', version: 2 },
        manual: null,
      },
    });
    const { steps } = answer.body as { steps: { code: string; at: string }[] };
    expect(steps.length).toBeGreaterThan(0);
  });

  it('does not choose between two boxes that used one event id', async () => {
    await report(1);
    const other = reportOf(1, { boxId: 'box_2' as never });
    await world.estate.reports.intake(other);
    expect((await show(reportOf(1).eventId)).status).toBe(404);
    expect((await show(other.id)).status).toBe(200);
  });
});

describe('listing payments', () => {
  it('shows the latest first, each once, by state, rental, payer or any name', async () => {
    await report(1);
    await transaction(1);
    await report(2, { payer: agent(2) });
    const ids = async (query: string): Promise<string[]> => {
      const answer = await world.get(`/payments?${query}`);
      const body = documented<{ data: { id: string }[] }>('get', '/payments', answer);
      return body.data.map(({ id }) => id);
    };
    expect((await ids('')).sort()).toEqual([reportOf(2).id, 'tx:tx-1'].sort());
    expect(await ids('state=credited')).toEqual(['tx:tx-1']);
    expect(await ids(`payer=${agent(2).key}`)).toEqual([reportOf(2).id]);
    expect(await ids(`q=${reportOf(2).eventId}`)).toEqual([reportOf(2).id]);
    expect(await ids('q=tx-1')).toEqual(['tx:tx-1']);
    expect(await ids('rental=r_2')).toEqual([]);
  });
});

describe('asking the provider now', () => {
  it('credits a payment that came to life', async () => {
    await transaction(1, { state: 'failed' });
    world.provider.say('tx-1', { ...word(), version: 2 });
    const answer = await world.post('/payments/tx-1/recheck', {});
    expect(documented('post', '/payments/{id}/recheck', answer)).toMatchObject({
      state: 'credited',
      witnesses: { lookup: { version: 2 } },
    });
    expect(await world.audits()).toMatchObject([
      { action: 'payment-rechecked', subject: 'tx:tx-1', reason: null },
    ]);
  });

  it('says so when the provider does not answer', async () => {
    await transaction(1, { state: 'failed' });
    world.provider.restFails = 'passing';
    const answer = await world.post('/payments/tx-1/recheck', {});
    expect([answer.status, problem(answer)]).toEqual([503, 'unavailable']);
  });

  it('says so after a quarter of a minute when the provider keeps a person waiting', async () => {
    await transaction(1, { state: 'failed' });
    const release = world.provider.holdRest();
    const answered = world.post('/payments/tx-1/recheck', {}).then((answer) => answer);
    await until('it is asked', () => world.provider.calls.includes('transaction'));
    await world.estate.clock.advance(15_000);
    const answer = await answered;
    release();
    expect([answer.status, problem(answer)]).toEqual([503, 'unavailable']);
  });
});

describe('deciding a payment', () => {
  it('confirms a report as paid, under a reference that is used once', async () => {
    const id = await report(1);
    const body = { as: 'confirm', reference: 'receipt-77' };
    const answer = await decide(id, body);
    expect(documented('post', '/payments/{id}/decide', answer)).toMatchObject({
      state: 'credited',
      witnesses: { manual: { as: 'confirm', author: 'owner', reference: 'manual:receipt-77' } },
    });
    expect(world.estate.entries.all()).toMatchObject([{ kind: 'external', author: 'owner' }]);
    // The provider, which never completed it, is told by a resync.
    const [rental] = await world.estate.rentals.get([parseRentalId('r_1')]);
    expect(rental?.resyncAt).toBe(world.estate.clock.now());
    const other = await report(2);
    expect(problem(await decide(other, body))).toBe('conflict');
  });

  it('excludes a second decision, and repeats its own answer only', async () => {
    const id = await report(1);
    const body = { as: 'confirm', reference: 'receipt-77' };
    expect((await decide(id, body, 'first')).status).toBe(200);
    expect((await decide(id, body, 'first')).status).toBe(200);
    expect((await decide(id, body, 'second')).status).toBe(409);
    expect((await decide(id, { as: 'dismissed' })).status).toBe(409);
  });

  it('dismisses a report, links it, refunds it', async () => {
    const dismissed = await decide(await report(1), { as: 'dismiss' });
    expect(dismissed.body).toMatchObject({ state: 'dismissed' });
    const refunded = await decide(await report(2), { as: 'refunded' });
    expect(refunded.body).toMatchObject({ state: 'refunded' });
    await transaction(3, { amount: 500 as never });
    const linked = await decide(await report(3), { as: 'link', txId: 'tx-3' });
    expect(linked.body).toMatchObject({ txId: 'tx-3', eventId: reportOf(3).eventId });
  });

  it('assigns a transaction to a tenancy', async () => {
    const start = { startsAt: '2026-03-02T12:00:00Z', reason: 'Moved in today' };
    await world.post('/rentals/r_1/tenancy', { tenant: agent(1), ...start });
    await transaction(1, { tenant: agent(2) });
    const answer = await decide('tx-1', { as: 'assign', tenancyId: 'r_1:1' });
    expect(answer.body).toMatchObject({ state: 'credited', entryId: 'r_1:1:1' });
  });

  it.each([
    [{ as: 'link' }, '/txId'],
    [{ as: 'confirm' }, '/reference'],
    [{ as: 'assign' }, '/tenancyId'],
    [{ as: 'forgive' }, '/as'],
  ])('needs what %j needs', async (body, place) => {
    const answer = await decide(await report(1), body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ path: place }] });
  });

  it('records the state before and after with what was decided', async () => {
    const id = await report(1);
    await decide(id, { as: 'dismissed' });
    const history = await world.get(`/audit?subject=${encodeURIComponent(id)}`);
    expect(history.body).toMatchObject({
      data: [
        {
          action: 'payment-decided',
          before: { state: 'reported' },
          after: { state: 'dismissed', decision: { as: 'dismissed' } },
        },
      ],
    });
  });
});

function word() {
  const { streamRank: _rank, witness: _witness, seenAt: _seen, ...said } = statementOf(1);
  return said;
}
