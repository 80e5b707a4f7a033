/** A process that dies at any write leaves what the same request, sent again, completes. */
import { lindens } from '../../../src/domain/money';
import { parseInstant } from '../../../src/domain/time';
import { settlePayments } from '../../../src/flows/settle-payments';
import { STALE_MS } from '../../../src/flows/access/run-once';
import { agent, rentalOf, reportOf, statementOf } from '../../support/estate';
import { createAdminWorld, type AdminWorld } from './admin-world';
import { dyingStores, neverDying, type Death } from './dying-stores';

const REASON = { reason: 'It must come through once' };
const TENANT = { tenant: agent(1), startsAt: '2026-03-02T12:00:00Z' };
const RENTAL = {
  ...{ name: 'Harbour 9', region: 'Dream Bay', parcel: 'Quay', unitId: 'unit-9' },
  ...{ verifiedBy: 'provider', price: { amount: 700, term: 'week' } },
};

interface Case {
  readonly path: string;
  readonly body: object;
  readonly method?: 'post' | 'patch';
  readonly status?: number;
  /** What comes out otherwise because the second attempt came later. */
  readonly passing?: string;
}

const CASES: Readonly<Record<string, Case>> = {
  'a new rental': { path: '/rentals', body: { ...RENTAL, ...TENANT }, status: 201 },
  'new terms': { path: '/rentals/r_1', body: { minimum: 100 }, method: 'patch' },
  'a grant': { path: '/rentals/r_1/grants', body: { seconds: 60, kind: 'granted' }, status: 201 },
  'a hold': { path: '/rentals/r_1/holds', body: {}, status: 201, passing: 'until' },
  'the end of a tenancy': { path: '/rentals/r_1/tenancy/end', body: { force: true } },
  'a new tenancy': { path: '/rentals/r_2/tenancy', body: TENANT, status: 201 },
  'a reversal': { path: '/entries/r_1:1:1/reverse', body: {}, status: 201 },
  'a confirmed report': {
    path: `/payments/${reportOf(2).eventId}/decide`,
    body: { as: 'confirm', reference: 'receipt-1' },
  },
  'a dismissed report': {
    path: `/payments/${reportOf(2).eventId}/decide`,
    body: { as: 'dismissed' },
  },
  'a refunded report': {
    path: `/payments/${reportOf(2).eventId}/decide`,
    body: { as: 'refunded', reference: 'wire-1' },
  },
  'a refunded transaction': {
    path: '/payments/tx-1/decide',
    body: { as: 'refunded', reference: 'wire-1' },
  },
  'a new break': {
    path: '/breaks',
    body: { kind: 'lock-by-hand', subjects: ['r_1'] },
    status: 201,
  },
  'a resolved break': { path: '/breaks/BREAK/resolve', body: { resolution: 'Done' } },
  'a commented break': { path: '/breaks/BREAK/comment', body: { text: 'Asked them' } },
  'a new box': { path: '/boxes', body: { rentalId: 'r_1' }, status: 201 },
  'a sweep': { path: '/sweeps', body: { kind: 'resync', dryRun: true }, status: 202 },
  'a new key': { path: '/keys', body: { name: 'Rosa', role: 'viewer' }, status: 201 },
  'an import': { path: '/imports/units', body: { dryRun: false }, passing: 'seconds' },
};

describe.each(Object.entries(CASES))('%s', (_name, one) => {
  it('comes through once, wherever the first attempt died', async () => {
    const whole = await attempt(one, neverDying());
    expect(whole.status).toBe(one.status ?? 200);
    expect(whole.writes).toBeGreaterThan(2);
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; at <= whole.writes; at += 1) {
        const resumed = await attempt(one, { at, when, writes: 0 });
        expect({ at, when, ...resumed }).toEqual({ at, when, ...whole, writes: resumed.writes });
      }
    }
  });
});

/** Sends the request, lets the process die where it should, and sends it again. */
async function attempt(one: Case, death: Death) {
  const calm = neverDying();
  const world = await createAdminWorld((ports) => dyingStores(ports, calm));
  const breakId = await furnish(world);
  const path = one.path.replace('BREAK', breakId);
  const send = async () =>
    world[one.method ?? 'post'](path, { ...REASON, ...one.body }, { key: 'the-request' });
  Object.assign(calm, death);
  let answer = await send();
  const { writes } = calm;
  Object.assign(calm, neverDying());
  if (death.at > 0) {
    await world.estate.clock.advance(STALE_MS + 1);
    answer = await send();
  }
  return { status: answer.status, writes, ...(await left(world, one)) };
}

async function furnish(world: AdminWorld): Promise<string> {
  await world.ports.follower.write(
    { streams: [world.provider.streamId], seq: 1, horizon: null },
    1,
  );
  const until = { rentedUntil: parseInstant('2026-03-09T12:00:00Z') };
  world.provider.sayUnit('unit-7', { ...until, tenant: agent(7) });
  world.provider.sayUnit('unit-8', { tenant: null });
  await world.rental(rentalOf(1));
  await world.rental(rentalOf(2));
  await world.post('/rentals/r_1/tenancy', { ...TENANT, ...REASON });
  await settlePayments(world.estate.deps, { statements: [statementOf(1)] });
  // Another payment than the transaction: it has an amount of its own.
  await world.estate.reports.intake(reportOf(2, { amount: lindens(350) }));
  const opened = await world.post('/breaks', {
    ...{ kind: 'unexplained-time', subjects: ['r_1'], ...REASON },
  });
  return (opened.body as { id: string }).id;
}

/** Everything that is stored, but for revisions, instants and what is drawn by chance. */
async function left(world: AdminWorld, { passing }: Case): Promise<object> {
  const { rentals, tenancies, entries, breaks, reports } = world.estate;
  const { boxes, sweeps, keys, audit } = world.ports;
  const page = { limit: 200, cursor: null, regions: [] };
  const stored = {
    rentals: rentals.all().sort((a, b) => (a.id < b.id ? -1 : 1)),
    ...{ tenancies: tenancies.all(), entries: entries.all(), breaks: breaks.all() },
    reports: reports.all(),
    boxes: (await boxes.list(page)).rows,
    sweeps: (await sweeps.list(page)).rows,
    keys: (await keys.list(page)).rows.map(({ id }) => id).sort(),
    audit: (await audit.list({ ...page, subject: null })).rows
      .map(({ action, subject, author, reason }) => ({ action, subject, author, reason }))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  };
  const isPassing = (name: string): boolean => name === passing || PASSING.test(name);
  return JSON.parse(JSON.stringify(stored, (name, held: unknown) => (isPassing(name) ? 0 : held)));
}

const PASSING = /^(rev|at|from|code|key|evidence|steps|checks|since)$|At$/;
