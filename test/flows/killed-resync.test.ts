/** What is left on record of a repair when the process dies in the middle of it. */
import { parseRentalId, parseSweepId } from '../../src/domain/ids';
import type { Repair, Sweep } from '../../src/domain/sweep';
import { DAY_MS, MINUTE_MS, plusMs, toRfc3339 } from '../../src/domain/time';
import { ProviderUnavailable } from '../../src/flows/ports/provider-port';
import { resyncOne } from '../../src/flows/resync/resync-one';
import type { ResyncDeps } from '../../src/flows/resync/run-resync';
import { START } from '../support/estate';
import { createResyncWorld, PAID_UNTIL, UNIT, type ResyncWorld } from './resync-world';

const RENTAL = parseRentalId('r_1');
const WRONG = plusMs(START, DAY_MS);

type Open = { -readonly [Name in keyof ResyncDeps]: ResyncDeps[Name] };
const open = (world: ResyncWorld): Open => world.deps;

async function shortened() {
  const world = await createResyncWorld();
  world.provider.sayUnit(UNIT, { rentedUntil: WRONG, status: 'rented' });
  await world.deps.rentals.askResync([RENTAL], world.clock.now());
  return world;
}

/** Nothing is written any more once the provider was told. */
function killAfterExpiry(world: ResyncWorld): () => void {
  const { sweeps, provider } = world.deps;
  const dead = async (): Promise<never> => {
    throw new Error('killed');
  };
  open(world).provider = {
    ...provider,
    setExpiry: async (change, signal) => {
      const outcome = await provider.setExpiry(change, signal);
      open(world).sweeps = { ...sweeps, plan: dead, unplan: dead, record: dead, progress: dead };
      return outcome;
    },
  };
  return () => {
    Object.assign(world.deps, { sweeps, provider });
  };
}

async function repairsOf({ sweeps }: ResyncWorld, id: string): Promise<readonly Repair[]> {
  return (await sweeps.repairs(parseSweepId(id), { limit: 10, cursor: null })).rows;
}

/** Of single rentals: what people look at to see how the sweeps do does not show them. */
async function ownRuns({ sweeps }: ResyncWorld): Promise<readonly Sweep[]> {
  expect(await sweeps.latest('resync')).toBeNull();
  const { rows } = await sweeps.list({ limit: 10, cursor: null, regions: ['Dream Bay'] });
  return rows.filter(({ rentalId }) => rentalId === RENTAL);
}

const ASKED = {
  kind: 'expiry-set',
  before: { rentedUntil: toRfc3339(WRONG), status: 'rented' },
  after: { rentedUntil: toRfc3339(PAID_UNTIL) },
};

describe('a repair whose process was killed once the provider was told', () => {
  it('is on record in its run with what was asked for, and an unknown outcome', async () => {
    const world = await shortened();
    const revive = killAfterExpiry(world);
    await world.run('resync', { id: parseSweepId('swp_1') }).catch(() => undefined);
    revive();
    expect(world.expiries).toHaveLength(1);
    const [repair] = await repairsOf(world, 'swp_1');
    expect(repair).toMatchObject({ ...ASKED, after: { ...ASKED.after, outcome: 'unknown' } });
    expect((await world.run('resync', { id: parseSweepId('swp_2') })).repairs).toEqual([]);
  });

  it('is on record in a run of its own that did not end, for a single rental', async () => {
    const world = await shortened();
    const revive = killAfterExpiry(world);
    await expect(resyncOne(world.deps, RENTAL)).rejects.toThrow('killed');
    revive();
    const run = (await ownRuns(world))[0]!;
    expect(run).toMatchObject({ status: 'failed', finishedAt: null, author: 'system' });
    expect(await world.sweeps.unfinished('resync')).toEqual([]);
    expect(await repairsOf(world, run.id)).toMatchObject([{ after: { outcome: 'unknown' } }]);
    expect((await world.rentals.one(RENTAL))?.resyncAt).not.toBeNull();
  });
});

describe('a repair that came to its end', () => {
  it('is on record once, with what the provider then showed', async () => {
    const world = await shortened();
    await resyncOne(world.deps, RENTAL);
    const run = (await ownRuns(world))[0]!;
    expect(run).toMatchObject({ status: 'complete', fault: null, counts: { repaired: 1 } });
    const repairs = await repairsOf(world, run.id);
    expect(repairs).toMatchObject([ASKED]);
    expect(repairs[0]?.after).not.toHaveProperty('outcome');
  });

  it('leaves no record of a change that the provider has no call for', async () => {
    const world = await createResyncWorld('by-hand');
    world.provider.sayUnit(UNIT, { rentedUntil: WRONG, status: 'rented' });
    const { repairs } = await world.run('resync');
    expect(repairs.map(({ kind }) => kind)).toEqual(['expiry-by-hand']);
  });

  it('begins no run where all agrees', async () => {
    const world = await createResyncWorld();
    await world.deps.rentals.askResync([RENTAL], world.clock.now());
    await resyncOne(world.deps, RENTAL);
    expect(await ownRuns(world)).toEqual([]);
  });
});

describe('an expiry of which the provider did not say whether it was set', () => {
  it('stays on record as unknown until the run that goes on has asked again', async () => {
    const world = await shortened();
    const { provider } = world.deps;
    open(world).provider = {
      ...provider,
      setExpiry: async () => {
        world.provider.restFails = 'passing';
        throw new ProviderUnavailable('No answer in time.', true);
      },
    };
    const id = parseSweepId('swp_1');
    const broken = await world.run('resync', { id });
    expect(broken.end).toBe('incomplete');
    expect(broken.repairs).toMatchObject([{ after: { outcome: 'unknown' } }]);
    open(world).provider = provider;
    world.provider.restFails = 'never';
    await world.clock.advance(MINUTE_MS);
    const { repairs } = await world.run('resync', { ...broken.record });
    expect(repairs).toMatchObject([ASKED]);
    expect(repairs[0]?.after).not.toHaveProperty('outcome');
  });
});
