/** Managers list, show, create and change rentals. */
import type { UnitClaim } from '../../../src/domain/rental';
import { WEEK_SECONDS } from '../../../src/domain/time';
import { agent, rentalOf, reportOf, START, statementOf, weekly } from '../../support/estate';
import { parseUnitId } from '../../../src/domain/ids';
import { settlePayments } from '../../../src/flows/settle-payments';
import { createAdminWorld, problem, type AdminWorld } from './admin-world';
import { documented } from './documented';

const NEW = {
  name: 'Harbour 4',
  region: 'Dream Bay',
  parcel: 'North quay',
  unitId: 'unit-1',
  verifiedBy: 'provider',
  price: { amount: 700, term: 'week' },
  reason: 'A new parcel to let',
};
const TENANT = { key: agent(1).key, name: 'Nina' };

interface RentalBody {
  readonly id: string;
  readonly tenancy: { id: string; tenant: { key: string }; startedAt: string | null } | null;
  readonly standing: { stage: string; paidUntil: string | null };
  readonly price: { amount: number; term: string };
  readonly graceHours: number;
}

let world: AdminWorld;
beforeEach(async () => {
  world = await createAdminWorld();
});

const create = async (over: object = {}): Promise<RentalBody> =>
  documented<RentalBody>('post', '/rentals', await world.post('/rentals', { ...NEW, ...over }));

describe('creating a rental', () => {
  it('makes it vacant where no tenant is named', async () => {
    const rental = await create();
    expect(rental.tenancy).toBeNull();
    expect(rental.standing.stage).toBe('vacant');
    expect(rental.graceHours).toBe(72);
  });

  it('is let from the second in which it is made, as boxes tell the time', async () => {
    await world.estate.clock.advance(700);
    const { tenancy } = await create({ tenant: TENANT });
    expect(tenancy?.startedAt).toMatch(/\.000Z$/);
  });

  it('lets it to a tenant from a given day', async () => {
    const rental = await create({ tenant: TENANT, startsAt: '2026-02-27T12:00:00Z' });
    expect(rental.tenancy).toMatchObject({ startedAt: '2026-02-27T12:00:00.000Z' });
    expect(rental.standing).toMatchObject({
      stage: 'safe',
      paidUntil: '2026-02-27T12:00:00.000Z',
    });
  });

  it('refuses a unit that is let as another rental', async () => {
    await create();
    const second = await world.post('/rentals', NEW);
    expect([second.status, problem(second)]).toEqual([409, 'conflict']);
    expect(world.estate.rentals.all()).toHaveLength(1);
  });

  it('settles what the provider said of its unit before', async () => {
    const statements = [statementOf(1)];
    await settlePayments(world.estate.deps, { statements });
    expect(world.estate.transactions.all()[0]!.rentalId).toBeNull();
    const rental = await create();
    expect(rental.tenancy?.tenant.key).toBe(agent(1).key);
    expect(world.estate.entries.all()).toMatchObject([{ kind: 'paid', seconds: WEEK_SECONDS }]);
  });

  it('needs no provider for a rental that its box verifies', async () => {
    const rental = await create({ unitId: null, verifiedBy: 'box', graceHours: 1.5, minimum: 100 });
    expect(rental).toMatchObject({ verifiedBy: 'box', graceHours: 1.5, minimum: 100 });
  });

  it('is recorded with the name of the key and the reason', async () => {
    const { id } = await create();
    const history = await world.get(`/audit?subject=${id}`);
    expect(documented('get', '/audit', history)).toMatchObject({
      data: [{ author: 'owner', action: 'rental-created', reason: NEW.reason, before: null }],
    });
  });
});

describe('changing the terms of a rental', () => {
  it('holds from now on and keeps what held', async () => {
    const { id } = await create();
    await world.estate.clock.advance(60_000);
    const body = { price: { amount: 900, term: 'week' }, reason: 'Prices rise in March' };
    const changed = await world.patch(`/rentals/${id}`, body);
    expect(documented<RentalBody>('patch', '/rentals/{id}', changed).price.amount).toBe(900);
    const one = await world.get(`/rentals/${id}`);
    expect(documented('get', '/rentals/{id}', one)).toMatchObject({
      terms: [{ price: { amount: 700 } }, { price: { amount: 900 } }],
      history: [
        {
          action: 'terms-changed',
          before: { price: { amount: 700 } },
          after: { price: { amount: 900 } },
        },
        { action: 'rental-created' },
      ],
    });
  });

  it('leaves out what is left out, and needs at least one change', async () => {
    const { id } = await create({ graceHours: 12 });
    const named = await world.patch(`/rentals/${id}`, { name: 'Harbour 5', reason: 'Renumbered' });
    expect(named.body).toMatchObject({ name: 'Harbour 5', graceHours: 12, price: NEW.price });
    expect((await world.patch(`/rentals/${id}`, { reason: 'Nothing at all' })).status).toBe(400);
  });

  it('records no change where nothing changes', async () => {
    const { id } = await create();
    await world.patch(`/rentals/${id}`, { name: NEW.name, reason: 'The same again' });
    expect((await world.audits()).map(({ action }) => action)).toEqual(['rental-created']);
  });
});

describe('showing a rental', () => {
  it('shows ledger, payments, holds, box, claim, history and what is refundable', async () => {
    const { id } = await create({ tenant: TENANT, startsAt: '2026-03-02T12:00:00Z' });
    const unitId = parseUnitId('unit-1');
    await world.estate.reports.intake(reportOf(1, { rentalId: id as never, unitId }));
    await settlePayments(world.estate.deps, {
      statements: [statementOf(1)],
      reportIds: [reportOf(1).id],
    });
    await world.post(`/rentals/${id}/holds`, { reason: 'Checked by hand' });
    await world.post('/boxes', { rentalId: id, reason: 'The first box' });
    const one = await world.get(`/rentals/${id}`);
    expect(documented('get', '/rentals/{id}', one)).toMatchObject({
      standing: {
        stage: 'paid',
        paidUntil: '2026-03-09T12:00:00.000Z',
        reasons: [{ code: 'hold' }],
      },
      ledger: [{ kind: 'paid', seconds: WEEK_SECONDS, amount: 700, seq: 1 }],
      payments: [{ id: 'tx:tx-1', state: 'credited', eventId: reportOf(1).eventId }],
      holds: [{ reason: 'Checked by hand', releasedAt: null }],
      box: { state: 'unpaired', reachable: false },
      refundable: 700,
    });
    expect((one.body as { payments: unknown[] }).payments).toHaveLength(1);
  });

  it('shows what the provider claims beside it', async () => {
    const claim: UnitClaim = {
      status: 'overdue',
      rentedUntil: START,
      tenant: agent(2),
      ...{ version: 3, streamRank: 1, seenAt: START, currentThrough: null },
    };
    await world.rental(rentalOf(7, { claim }));
    const one = await world.get('/rentals/r_7');
    expect(one.body).toMatchObject({
      provider: {
        status: 'overdue',
        rentedUntil: '2026-03-02T12:00:00.000Z',
        seenAt: '2026-03-02T12:00:00.000Z',
      },
    });
  });
});

describe('listing rentals', () => {
  beforeEach(async () => {
    for (let n = 1; n <= 7; n += 1) {
      await world.rental(rentalOf(n, { terms: [{ ...rentalOf(n).terms[0]!, price: weekly(n) }] }));
    }
    for (const n of [2, 4, 5]) {
      const body = { tenant: TENANT, startsAt: '2026-03-02T12:00:00Z', reason: 'Moved in' };
      await world.post(`/rentals/r_${n}/tenancy`, body);
      const grant = { seconds: 30 * 86_400, kind: 'granted', reason: 'A free month' };
      await world.post(`/rentals/r_${n}/grants`, grant);
    }
  });

  const walk = async (query: string): Promise<string[]> => {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await world.get(`/rentals?${query}${more}`);
      const body = documented<{ data: { id: string }[]; next: string | null }>(
        'get',
        '/rentals',
        page,
      );
      ids.push(...body.data.map(({ id }) => id));
      cursor = body.next;
    } while (cursor !== null);
    return ids;
  };

  it('goes through them page by page, each once', async () => {
    expect((await walk('limit=3')).sort()).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => `r_${n}`));
  });

  it('finds those at a stage, whatever the size of a page', async () => {
    for (const limit of [1, 2, 3, 200]) {
      expect(await walk(`standing=paid&limit=${limit}`)).toEqual(['r_2', 'r_4', 'r_5']);
    }
    expect(await walk('standing=vacant&limit=2')).toEqual(['r_1', 'r_3', 'r_6', 'r_7']);
    expect(await walk('standing=overdue')).toEqual([]);
  });

  it('finds those of a region, and by a part of a name', async () => {
    await world.rental(rentalOf(8, { region: 'Elsewhere' }));
    expect(await walk('region=Elsewhere')).toEqual(['r_8']);
    expect(await walk('q=parcel%203')).toEqual(['r_3']);
  });
});
