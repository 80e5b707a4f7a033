/** The provider's units become rentals, each with what the provider says of it at that instant. */
import type { StreamId, UnitId } from '../../../src/domain/ids';
import { parseInstant, WEEK_SECONDS } from '../../../src/domain/time';
import type { UnitWord } from '../../../src/domain/unit';
import { settlePayments } from '../../../src/flows/settle-payments';
import { agent, statementOf } from '../../support/estate';
import { createAdminWorld, problem, type AdminWorld } from './admin-world';
import { documented } from './documented';

const PAID = parseInstant('2026-03-09T12:00:00.250Z');
const GONE = parseInstant('2026-03-01T12:00:00Z');

interface Imported {
  readonly added: number;
  readonly known: number;
  readonly units: { unitId: string; rentalId: string | null }[];
}

let world: AdminWorld;
beforeEach(async () => {
  world = await createAdminWorld();
  await stream(world.provider.streamId);
  unit(1, { rentedUntil: PAID, tenant: agent(1) });
  unit(2, { rentedUntil: GONE, tenant: agent(2), status: 'overdue' });
  unit(3, { tenant: null, rentedUntil: null, status: 'available', region: 'Elsewhere' });
});

const stream = (...streams: StreamId[]) =>
  world.ports.follower.write({ streams, seq: 1, horizon: null }, 1);
const unit = (n: number, over: Partial<UnitWord>): void =>
  void world.provider.sayUnit(`unit-${n}`, {
    ...{ region: 'Dream Bay', parcel: `Quay ${n}`, price: 700, term: 'week' },
    ...over,
  });
const take = async (body: object = {}, as: 'manager' | 'bayManager' = 'manager') =>
  documented<Imported>('post', '/imports/units', await world.post('/imports/units', body, { as }));
const rentalOfUnit = (n: number) =>
  world.estate.rentals.all().find((rental) => rental.unitId === `unit-${n}`)!;

describe('taking over units', () => {
  it('opens each tenancy with what the provider says, used-up time included', async () => {
    expect(await take()).toMatchObject({ compared: 3, added: 3, known: 0, unfit: 0 });
    expect(world.estate.entries.all()).toMatchObject([
      { kind: 'opening', source: 'opening', seconds: WEEK_SECONDS + 1 },
      { kind: 'opening', seconds: -86_400 },
    ]);
    expect(rentalOfUnit(1).cache!.paidUntil).toBe(PAID);
    expect(rentalOfUnit(2).cache!.paidUntil).toBe(GONE);
    expect(rentalOfUnit(3)).toMatchObject({ tenancy: null, region: 'Elsewhere' });
    expect(world.estate.tenancies.all()[0]).toMatchObject({
      start: { by: 'opening', unitVersion: 1, streamRank: 1 },
      tenant: agent(1),
    });
    const one = await world.get(`/rentals/${rentalOfUnit(2).id}`);
    expect(one.body).toMatchObject({
      standing: { stage: 'grace', paidUntil: '2026-03-01T12:00:00.000Z' },
      provider: { status: 'overdue' },
      ledger: [{ kind: 'opening' }],
    });
  });

  it('adds only new units when it is repeated', async () => {
    await take();
    unit(4, { rentedUntil: PAID, tenant: agent(4) });
    expect(await take()).toMatchObject({ compared: 4, added: 1, known: 3 });
    expect(world.estate.rentals.all()).toHaveLength(4);
    expect(world.estate.entries.all()).toHaveLength(3);
  });

  it('stores nothing in a dry run, and says what it would add', async () => {
    const plan = await take({ dryRun: true });
    expect(plan.units.map(({ unitId, rentalId }) => ({ unitId, rentalId }))).toEqual([
      { unitId: 'unit-1', rentalId: null },
      { unitId: 'unit-2', rentalId: null },
      { unitId: 'unit-3', rentalId: null },
    ]);
    expect(world.estate.rentals.all()).toEqual([]);
    expect(await world.ports.units.get(['unit-1' as UnitId])).toEqual([]);
    expect(await world.audits()).toEqual([]);
  });

  it('leaves to a person what cannot become a rental by itself', async () => {
    unit(5, { price: null, tenant: agent(5) });
    unit(6, { rentedUntil: parseInstant('2040-01-01T00:00:00Z'), tenant: agent(6) });
    expect(await take()).toMatchObject({
      ...{ added: 3, unfit: 2 },
      skipped: [{ unitId: 'unit-5' }, { unitId: 'unit-6' }],
    });
  });

  it('takes over the units of its own regions only', async () => {
    expect(await take({}, 'bayManager')).toMatchObject({ compared: 2, added: 2 });
    expect(rentalOfUnit(3)).toBeUndefined();
  });

  it('records each rental that it makes', async () => {
    await take({ reason: 'First day with the bridge' });
    const audits = await world.audits();
    expect(audits.map(({ action }) => action)).toEqual(Array(3).fill('rental-imported'));
    expect(audits[0]).toMatchObject({ author: 'manager', reason: 'First day with the bridge' });
  });
});

describe('payments around an import', () => {
  const said = (n: number, unitVersion: number, over: object = {}) =>
    settlePayments(world.estate.deps, {
      statements: [statementOf(n, { unitVersion, paidAt: GONE, updatedAt: GONE, ...over })],
    });
  const kinds = () => world.estate.entries.all().map(({ kind, tenancyId }) => [kind, tenancyId]);

  it('are credited once: those that the unit contains are in its opening', async () => {
    await said(1, 1);
    await said(2, 2, { unitVersion: 2 });
    await take();
    const { id } = rentalOfUnit(1);
    expect(kinds()).toEqual([
      ['opening', `${id}:1`],
      ['opening', `${rentalOfUnit(2).id}:1`],
      ['paid', `${id}:1`],
    ]);
    expect((await world.get('/payments/tx-1')).body).toMatchObject({
      ...{ state: 'credited', entryId: `${id}:1:1`, rentalId: id },
    });
    expect((await world.get('/payments/tx-2')).body).toMatchObject({ entryId: `${id}:1:2` });
  });
});

describe('an import without its sources', () => {
  it('waits for the stream’s first word, for ten seconds', async () => {
    await stream();
    let isAnswered = false;
    const sent = world.post('/imports/units', {}).then((answer) => {
      isAnswered = true;
      return answer;
    });
    const from = world.estate.clock.now();
    while (!isAnswered)
      await world.estate.clock.advance(world.estate.clock.waiting() > 0 ? 250 : 0);
    const late = await sent;
    expect(world.estate.clock.now() - from).toBeGreaterThanOrEqual(10_000);
    expect([late.status, problem(late)]).toEqual([503, 'unavailable']);
    expect((late.body as { detail: string }).detail).toMatch(/stream/);
  });

  it('says so at once when the pages of the provider lead in a circle', async () => {
    const { api } = world.provider;
    const units = api.units.bind(api);
    let pages = 0;
    api.units = async () => {
      pages += 1;
      return { ...(await units({ limit: 500 })), next: pages % 2 === 0 ? 'b' : 'a' };
    };
    const answer = await world.post('/imports/units', {});
    expect([answer.status, problem(answer)]).toEqual([503, 'unavailable']);
    expect((answer.body as { detail: string }).detail).toMatch(/in a circle.* 3 new rentals/);
    expect(pages).toBe(3);
  });

  it('says so when the provider stops answering, and goes on when repeated', async () => {
    world.provider.restFails = 'passing';
    const down = await world.post('/imports/units', {}, { key: 'import' });
    expect(problem(down)).toBe('unavailable');
    world.provider.restFails = 'never';
    expect((await world.post('/imports/units', {}, { key: 'import' })).body).toMatchObject({
      added: 3,
    });
  });
});
