/**
 * One estate in memory with a provider beside it, for tests of resyncs, look-ups and second keys.
 */
import { parseSweepId, parseUnitId } from '../../src/domain/ids';
import { plusSeconds, WEEK_SECONDS, type Instant } from '../../src/domain/time';
import { newSweep, type Sweep, type SweepKind } from '../../src/domain/sweep';
import type { ExpiryChange, ProviderApi } from '../../src/flows/ports/provider-port';
import { runResync, type ResyncDeps } from '../../src/flows/resync/run-resync';
import { runSettleSweep } from '../../src/flows/sweeps/run-settle-sweep';
import { settlePayments } from '../../src/flows/settle-payments';
import { agent, createEstate, rentalOf, START, statementOf } from '../support/estate';
import { createFakeAsideStore } from '../support/fakes/aside-store';
import { createFakeFollowerStore } from '../support/fakes/follower-store';
import { FakeProvider } from '../support/fakes/provider';
import { createFakeSweepStore } from '../support/fakes/sweep-store';
import { createFakeUnitStore } from '../support/fakes/unit-store';

export const UNIT = parseUnitId('unit-1');
export const PAID_UNTIL: Instant = plusSeconds(START, WEEK_SECONDS);

/** Rental 1 is paid for a week by agent 1, and the provider says the same. */
export async function createResyncWorld(expiryCall: 'obeys' | 'by-hand' = 'obeys') {
  const estate = createEstate();
  const provider = new FakeProvider({ now: estate.clock.now });
  const expiries: ExpiryChange[] = [];
  const setExpiry: ProviderApi['setExpiry'] = async (change) => {
    if (expiryCall === 'by-hand') return { kind: 'by-hand' };
    expiries.push(change);
    if (provider.units.get(change.unitId)?.version !== change.ifVersion) return { kind: 'stale' };
    const { rentedUntil, tenant } = change;
    return {
      kind: 'changed',
      unit: provider.sayUnit(change.unitId, { rentedUntil, tenant, status: 'rented' }),
    };
  };
  const sweeps = createFakeSweepStore();
  const asides = createFakeAsideStore();
  const wake = { settle: () => undefined, resync: () => undefined, seen: () => undefined };
  const deps: ResyncDeps = {
    ...estate.deps,
    provider: { ...provider.api, setExpiry },
    follower: createFakeFollowerStore(),
    asides,
    units: createFakeUnitStore(),
    sweeps,
    wake,
  };
  await estate.rentals.save([rentalOf(1)]);
  provider.sayUnit(UNIT, { tenant: agent(1), rentedUntil: PAID_UNTIL, status: 'rented' });
  await settlePayments(deps, { statements: [statementOf(1)] });
  return { ...estate, deps, provider, sweeps, asides, expiries, run: runner(deps) };
}

export type ResyncWorld = Awaited<ReturnType<typeof createResyncWorld>>;

/** Begins and runs a sweep, and answers its record with its repairs. */
function runner(deps: ResyncDeps) {
  let n = 0;
  return async (kind: SweepKind, over: Partial<Sweep> = {}) => {
    n += 1;
    const id = over.id ?? parseSweepId(`swp_${n}`);
    const begun = { id, kind, author: 'system', startedAt: deps.clock.now() };
    const sweep = newSweep({ ...begun, fence: 1, ...over });
    await deps.sweeps.begin(sweep);
    const signal = new AbortController().signal;
    const flow = kind === 'resync' ? runResync : runSettleSweep;
    const end = await flow(deps, { sweep, fence: 1, signal });
    const repairs = await deps.sweeps.repairs(id, { limit: 200, cursor: null });
    return { end, record: (await deps.sweeps.get(id))!, repairs: repairs.rows };
  };
}
