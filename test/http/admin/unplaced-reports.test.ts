/** Reports of a time that no tenancy covers: what people may decide about them. */
import { tenancyId, type ReportId } from '../../../src/domain/ids';
import { DAY_MS, plusMs } from '../../../src/domain/time';
import { agent, rentalOf } from '../../support/estate';
import { createAdminWorld, type AdminWorld } from './admin-world';
import { documented } from './documented';
import { paymentCalls } from './payment-calls';

let world: AdminWorld;
beforeEach(async () => {
  world = await createAdminWorld();
  await world.rental(rentalOf(1));
});

const { report, transaction, show, decide } = paymentCalls(() => world);

describe('a confirmed report that no tenancy takes', () => {
  it.each([
    ['was known', ['queued']],
    ['came later', []],
  ] as const)('when dismissed lets its transaction go, which %s', async (_, before) => {
    const start = { by: 'manager', at: world.estate.clock.now() } as const;
    const begun = { id: tenancyId(rentalOf(1).id, 1), rentalId: rentalOf(1).id, n: 1, start };
    await world.estate.tenancies.save([{ ...begun, tenant: agent(1), endedAt: null, rev: 0 }]);
    const paidAt = plusMs(world.estate.clock.now(), -DAY_MS);
    const id = await report(1, { paidAt, at: paidAt });
    for (const state of before) await transaction(1, { paidAt, state });
    await decide(id, { as: 'confirm', reference: 'receipt-1' });
    expect((await show(id)).body).toMatchObject({ state: 'confirmed', entryId: null });
    expect((await decide(id, { as: 'dismissed' })).status).toBe(200);
    expect((await show(id)).body).toMatchObject({ state: 'dismissed' });
    await transaction(1, { paidAt, version: 2 });
    const tx = (await show('tx-1')).body as { state: string };
    expect(tx.state).not.toBe('dismissed');
    expect((await decide('tx-1', { as: 'assign', tenancyId: 'r_1:1' })).body).toMatchObject({
      state: 'credited',
    });
  });

  describe('one that a box verified, of a time that no tenancy covers', () => {
    let id: ReportId;
    beforeEach(async () => {
      const { rentals, tenancies, clock } = world.estate;
      const solo = rentalOf(7, { unitId: null, verifiedBy: 'box' });
      await rentals.save([solo]);
      const start = { by: 'manager', at: clock.now() } as const;
      const begun = { id: tenancyId(solo.id, 1), rentalId: solo.id, n: 1, tenant: agent(1), start };
      await tenancies.save([{ ...begun, endedAt: null, rev: 0 }]);
      const paidAt = plusMs(clock.now(), -2 * DAY_MS);
      const of = { rentalId: solo.id, unitId: null, settledBy: { by: 'self' } as const };
      id = await report(5, { ...of, paidAt, at: paidAt });
      expect((await show(id)).body).toMatchObject({ state: 'confirmed', entryId: null });
      expect(world.estate.breaks.all()).toMatchObject([{ kind: 'outside-tenancy', state: 'open' }]);
    });
    const pendingOf = async () => (await world.estate.rentals.one(rentalOf(7).id))?.cache?.pending;

    it('is credited to the tenancy that it is assigned to', async () => {
      const answer = await decide(id, { as: 'assign', tenancyId: 'r_7:1' });
      expect(documented('post', '/payments/{id}/decide', answer)).toMatchObject({
        ...{ state: 'credited', entryId: 'r_7:1:1', witnesses: { manual: { as: 'assign' } } },
      });
      expect(world.estate.breaks.all()).toMatchObject([{ state: 'resolved' }]);
      expect(await pendingOf()).toBe(0);
      expect((await decide(id, { as: 'dismissed' })).status).toBe(409);
    });

    it('takes the reference under which it was refunded', async () => {
      const body = { as: 'refunded', reference: 'receipt-9' };
      expect((await decide(id, body)).status).toBe(200);
      const other = await report(6, {});
      expect((await decide(other, { as: 'confirm', reference: 'receipt-9' })).status).toBe(409);
    });

    it.each(['refunded', 'dismissed'])('protects nobody once it is %s', async (as) => {
      const answer = await decide(id, { as });
      expect(documented('post', '/payments/{id}/decide', answer)).toMatchObject({
        ...{ state: as, entryId: null, witnesses: { manual: { as } } },
      });
      expect(world.estate.entries.all()).toEqual([]);
      expect(world.estate.breaks.all()).toMatchObject([{ state: 'resolved' }]);
      expect(await pendingOf()).toBe(0);
      expect((await decide(id, { as: 'assign', tenancyId: 'r_7:1' })).status).toBe(409);
      expect((await decide(id, { as: 'dismissed' })).status).toBe(409);
    });
  });
});
