/** A key limited to regions sees and changes nothing outside them: what lies there is not found. */
import { settlePayments } from '../../../src/flows/settle-payments';
import { parseBoxId, parseRentalId, parseTxId, parseUnitId } from '../../../src/domain/ids';
import { agent, rentalOf, reportOf, START, statementOf } from '../../support/estate';
import { createAdminWorld, type AdminWorld } from './admin-world';

const REASON = { reason: 'Seen from another region' };
const BAY = { as: 'bayManager' } as const;
const START_AT = '2026-03-02T12:00:00Z';

interface Things {
  readonly breakId: string;
  readonly boxId: string;
  readonly holdId: string;
  readonly sweepId: string;
}

let world: AdminWorld;
/** Rental 1 lies in Dream Bay, rental 2 elsewhere; both have one of everything. */
let far: Things;
let near: Things;

beforeAll(async () => {
  world = await createAdminWorld();
  near = await furnish(1, 'Dream Bay');
  far = await furnish(2, 'Elsewhere');
  await settlePayments(world.estate.deps, {
    statements: [statementOf(3, { unitId: parseUnitId('nobody-s') })],
  });
});

async function furnish(n: number, region: string): Promise<Things> {
  const rentalId = parseRentalId(`r_${n}`);
  const unitId = parseUnitId(`unit-${n}`);
  await world.rental(rentalOf(n, { region }));
  const made = async (path: string, body: object): Promise<string> =>
    ((await world.post(path, { ...REASON, ...body })).body as { id: string }).id;
  await made(`/rentals/r_${n}/tenancy`, { tenant: agent(n), startsAt: START_AT });
  const report = reportOf(n, { rentalId, unitId, boxId: parseBoxId(`box_${n}`) });
  await world.estate.reports.intake(report);
  await settlePayments(world.estate.deps, {
    statements: [statementOf(n, { unitId, txId: parseTxId(`tx-${n}`) })],
    reportIds: [report.id],
  });
  return {
    breakId: await made('/breaks', { kind: 'lock-by-hand', subjects: [`r_${n}`] }),
    boxId: await made('/boxes', { rentalId: `r_${n}` }),
    holdId: await made(`/rentals/r_${n}/holds`, {}),
    sweepId: await made('/sweeps', { kind: 'resync', dryRun: true, region }),
  };
}

const reads = ({ breakId, sweepId }: Things, n: number): string[] => [
  `/rentals/r_${n}`,
  `/payments/tx-${n}`,
  `/payments/${reportOf(n).eventId}`,
  `/breaks/${breakId}`,
  `/sweeps/${sweepId}`,
  `/sweeps/${sweepId}/repairs`,
];

const changes = ({ breakId, boxId, holdId }: Things, n: number): [string, object][] => [
  [`/rentals/r_${n}/grants`, { seconds: 60, kind: 'granted' }],
  [`/rentals/r_${n}/holds`, {}],
  [`/rentals/r_${n}/holds/${holdId}/release`, {}],
  [`/entries/r_${n}:1:1/reverse`, {}],
  [`/payments/tx-${n}/recheck`, {}],
  [`/payments/tx-${n}/decide`, { as: 'refunded' }],
  [`/breaks/${breakId}/assign`, { owner: 'Rosa' }],
  [`/breaks/${breakId}/comment`, { text: 'From outside' }],
  [`/breaks/${breakId}/resolve`, { resolution: 'Closed from outside' }],
  [`/boxes/${boxId}/pairing-code`, {}],
  [`/boxes/${boxId}/rebind`, { objectKey: '5748decc-f629-461c-9a36-a35a221fe21f' }],
  [`/boxes/${boxId}/rotate-secret`, {}],
  [`/boxes/${boxId}/retire`, {}],
  [`/rentals/r_${n}/tenancy/end`, { force: true }],
  [`/rentals/r_${n}/tenancy`, { tenant: agent(3), startsAt: START_AT }],
];

describe('a key limited to a region', () => {
  it('finds nothing that lies in another one', async () => {
    for (const path of reads(far, 2)) {
      expect({ path, status: (await world.get(path, 'bayOwner')).status }).toEqual({
        path,
        status: 404,
      });
    }
  });

  it('changes nothing that lies in another one', async () => {
    const before = JSON.stringify(dump());
    for (const [path, body] of changes(far, 2)) {
      const answer = await world.post(path, { ...REASON, ...body }, { as: 'bayOwner' });
      expect({ path, status: answer.status }).toEqual({ path, status: 404 });
    }
    const terms = await world.patch(
      '/rentals/r_2',
      { ...REASON, name: 'Mine' },
      { as: 'bayOwner' },
    );
    expect(terms.status).toBe(404);
    expect(JSON.stringify(dump())).toBe(before);
  });

  it('creates nothing in another one', async () => {
    const rental = {
      ...{ name: 'Harbour 9', region: 'Elsewhere', parcel: 'Quay', unitId: null },
      ...{ verifiedBy: 'box', price: { amount: 700, term: 'week' }, ...REASON },
    };
    const as = { as: 'bayOwner' } as const;
    expect((await world.post('/rentals', rental, as)).status).toBe(404);
    expect((await world.post('/boxes', { rentalId: 'r_2', ...REASON }, as)).status).toBe(404);
    const sweep = { kind: 'resync', dryRun: true, region: 'Elsewhere' };
    expect((await world.post('/sweeps', sweep, as)).status).toBe(404);
    const opened = { kind: 'lock-by-hand', subjects: ['r_2'], ...REASON };
    expect((await world.post('/breaks', opened, as)).status).toBe(400);
    for (const regions of [[], ['Elsewhere'], ['Dream Bay', 'Elsewhere']]) {
      const key = { name: 'More', role: 'viewer', regions, ...REASON };
      expect((await world.post('/keys', key, as)).status).toBe(404);
    }
    expect((await world.post('/keys/key_owner/revoke', REASON, as)).status).toBe(404);
  });

  it('cannot let a unit as its own that the provider has in another one', async () => {
    const word = world.provider.sayUnit('unit-9', { region: 'Elsewhere' });
    const heard = { streamRank: 1, seenAt: START, currentThrough: null };
    await world.ports.units.keep([{ word, ...heard }]);
    const rental = {
      ...{ name: 'Harbour 9', region: 'Dream Bay', parcel: 'Quay', unitId: 'unit-9' },
      ...{ verifiedBy: 'provider', price: { amount: 700, term: 'week' }, ...REASON },
    };
    expect((await world.post('/rentals', rental, BAY)).status).toBe(404);
    const there = { ...rental, region: 'Elsewhere' };
    expect((await world.post('/rentals', there, { as: 'manager' })).status).toBe(201);
  });

  it('is not told whether another one has a transaction', async () => {
    const link = async (txId: string) => {
      const path = `/payments/${reportOf(1).eventId}/decide`;
      const { status, body } = await world.post(path, { as: 'link', txId, ...REASON }, BAY);
      return { status, body: body as unknown };
    };
    expect(await link('tx-2')).toEqual(await link('tx-nowhere'));
  });

  it('lets no unit that the provider has not placed: it might lie anywhere', async () => {
    const rental = {
      ...{ name: 'Harbour 10', region: 'Dream Bay', parcel: 'Quay', unitId: 'unit-unheard' },
      ...{ verifiedBy: 'provider', price: { amount: 700, term: 'week' }, ...REASON },
    };
    expect((await world.post('/rentals', rental, BAY)).status).toBe(404);
    const there = { ...rental, region: 'Elsewhere' };
    expect((await world.post('/rentals', there)).status).toBe(201);
  });

  it('lists what lies in its own region only, and nothing that lies in none', async () => {
    const list = async (path: string, as: 'bayOwner' | 'owner' = 'bayOwner') =>
      ((await world.get(path, as)).body as { data: Record<string, unknown>[] }).data;
    expect((await list('/rentals')).map(({ id }) => id)).toEqual(['r_1']);
    expect(await list('/rentals?region=Elsewhere')).toEqual([]);
    expect((await list('/payments')).map(({ txId }) => txId)).toEqual(['tx-1']);
    expect((await list('/payments', 'owner')).map(({ txId }) => txId)).toContain('tx-3');
    expect((await list('/breaks')).map(({ id }) => id)).toEqual([near.breakId]);
    expect((await list('/boxes')).map(({ id }) => id)).toEqual([near.boxId]);
    expect((await list('/sweeps')).map(({ id }) => id)).toEqual([near.sweepId]);
    expect((await list('/keys')).map(({ name }) => name).sort()).toEqual([
      ...['bayManager', 'bayOwner', 'bayViewer'],
    ]);
    const subjects = (await list('/audit')).map(({ subject }) => String(subject));
    expect(subjects).toContain('r_1');
    expect(subjects.filter((one) => one.includes('r_2') || one === far.breakId)).toEqual([]);
    expect((await world.get('/payments/tx-3', 'bayOwner')).status).toBe(404);
  });

  it('sweeps its own regions where it names none', async () => {
    const sweep = { kind: 'resync', dryRun: true };
    const answer = await world.post('/sweeps', sweep, { as: 'bayManager' });
    const { id } = answer.body as { id: string };
    expect(await world.ports.sweeps.get(id as never)).toMatchObject({ regions: ['Dream Bay'] });
    expect((await world.get(`/sweeps/${id}`, 'bayManager')).status).toBe(200);
  });

  it('does in its own region what its role allows', async () => {
    for (const path of reads(near, 1)) {
      expect((await world.get(path, 'bayOwner')).status).toBe(200);
    }
    for (const [path, body] of changes(near, 1)) {
      const answer = await world.post(path, { ...REASON, ...body }, { as: 'bayOwner' });
      expect({ path, found: answer.status !== 404 }).toEqual({ path, found: true });
    }
  });
});

function dump(): unknown[] {
  const { rentals, tenancies, entries, breaks, transactions } = world.estate;
  return [rentals.all(), tenancies.all(), entries.all(), breaks.all(), transactions.all()];
}
