/** Outside references: one use ever, kept with the decision, and found by any reader. */
import type { ReportId } from '../../../src/domain/ids';
import { lindens } from '../../../src/domain/money';
import { rentalOf } from '../../support/estate';
import { createAdminWorld, problem, type AdminWorld } from './admin-world';
import { documented } from './documented';
import { paymentCalls } from './payment-calls';

let world: AdminWorld;
beforeEach(async () => {
  world = await createAdminWorld();
  await world.rental(rentalOf(1));
});

const { report, transaction, decide } = paymentCalls(() => world);

const found = async (q: string): Promise<string[]> => {
  const answer = await world.get(`/payments?q=${encodeURIComponent(q)}`);
  const { data } = documented<{ data: { id: string }[] }>('get', '/payments', answer);
  return data.map(({ id }) => id);
};
const manual = (reference: string | null) => ({ witnesses: { manual: { reference } } });
/** Credited, since its box verifies it. */
const verified = (n: number): Promise<ReportId> =>
  report(n, { rentalId: rentalOf(7).id, unitId: null, settledBy: { by: 'self' } });

beforeEach(() => world.rental(rentalOf(7, { unitId: null, verifiedBy: 'box' })));

describe('the reference that a refund is made under', () => {
  it('is used once, also for payments that were credited before', async () => {
    const [one, other] = [await verified(5), await verified(6)];
    const body = { as: 'refunded', reference: 'wire-1' };
    const refunded = await decide(one, body, 'first');
    expect(refunded.body).toMatchObject({ state: 'refunded', ...manual('manual:wire-1') });
    expect((await decide(other, body)).status).toBe(409);
    expect((await decide(other, { ...body, type: 'paypal' })).body).toMatchObject({
      ...{ state: 'refunded', ...manual('paypal:wire-1') },
    });
    expect((await decide(one, body, 'first')).body).toEqual(refunded.body);
    expect((await found('wire-1')).sort()).toEqual([one, other].sort());
  });

  it('is shown and found for a transaction', async () => {
    await transaction(1);
    const answer = await decide('tx-1', { as: 'refunded', reference: 'wire-2' });
    expect(documented('post', '/payments/{id}/decide', answer)).toMatchObject({
      ...{ state: 'refunded', ...manual('manual:wire-2') },
    });
    expect(await found('wire-2')).toEqual(['tx:tx-1']);
  });

  it('is shown and found for a report, also when its transaction turns up', async () => {
    const id = await report(2);
    const answer = await decide(id, { as: 'refunded', reference: 'wire-3' });
    expect(answer.body).toMatchObject({ state: 'refunded', ...manual('manual:wire-3') });
    expect(await found('wire-3')).toEqual([id]);
    await transaction(2);
    expect(await found('wire-3')).toEqual(['tx:tx-2']);
  });

  it('is another than the one under which the payment was confirmed', async () => {
    const id = await report(2);
    await decide(id, { as: 'confirm', reference: 'receipt-1' });
    expect((await decide(id, { as: 'refunded', reference: 'receipt-1' })).status).toBe(409);
    const answer = await decide(id, { as: 'refunded', reference: 'wire-4' });
    expect(answer.body).toMatchObject({ state: 'refunded', ...manual('manual:wire-4') });
    expect([await found('receipt-1'), await found('wire-4')]).toEqual([[id], [id]]);
  });
});

describe('the reference that a dismissal names', () => {
  it('is used once, shown and found', async () => {
    const id = await report(2);
    const body = { as: 'dismissed', reference: 'ticket-1' };
    expect((await decide(id, body)).body).toMatchObject(manual('manual:ticket-1'));
    expect((await decide(await report(3), body)).status).toBe(409);
    expect(await found('ticket-1')).toEqual([id]);
  });
});

describe('a confirmation that is refused', () => {
  const free = async (reference: string): Promise<void> => {
    const other = await report(9, { amount: lindens(123) });
    expect((await decide(other, { as: 'confirm', reference })).status).toBe(200);
  };

  it('names a tenancy that does not exist, and claims no reference', async () => {
    await transaction(1);
    const id = await report(2, { amount: lindens(350) });
    for (const tenancyId of ['r_1:99', 'r_1:2', 'r_7:1']) {
      const answer = await decide(id, { as: 'confirm', reference: 'receipt-9', tenancyId });
      expect([answer.status, problem(answer)]).toEqual([422, 'refused']);
      expect(await found('receipt-9')).toEqual([]);
    }
    expect(world.estate.entries.all().filter(({ kind }) => kind === 'external')).toEqual([]);
    await free('receipt-9');
    const answer = await decide(id, { as: 'confirm', reference: 'receipt-8', tenancyId: 'r_1:1' });
    expect(answer.body).toMatchObject({ state: 'credited', entryId: 'r_1:1:3' });
  });

  it('is about a payment that the provider completed, and leaves the reference free', async () => {
    const id = await report(1);
    await transaction(1);
    expect((await decide(id, { as: 'confirm', reference: 'receipt-7' })).status).toBe(409);
    expect(await found('receipt-7')).toEqual([]);
    await free('receipt-7');
  });
});
