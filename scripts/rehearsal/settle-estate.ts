/** Lets parcels at the provider, takes them over as rentals, and gives each a box that pairs. */
import type { Identity } from '../sim-box/exchange';
import { createSimBox } from '../sim-box/sim-box';
import { randomFor, type Random } from '../sim-provider/random';
import type { Agent } from '../sim-provider/records';
import type { SimControl } from '../sim-provider/simulator';
import type { Instant } from '../../src/domain/time';
import { realClock } from '../../src/jobs/real-clock';
import type { AdminClient, RentalSeen } from './admin-client';
import type { Parcel, Way } from './tenants';

export interface Settling {
  readonly seed: number;
  readonly count: Readonly<Record<Way, number>>;
  readonly sim: Pick<SimControl, 'addUnit'>;
  readonly admin: AdminClient;
  /** Filled with what each unit came with, milliseconds UTC. */
  readonly openings: Map<string, number>;
  /** How boxes reach whichever process answers. */
  readonly fetch: typeof fetch;
  /** Multiplies every wait of the boxes. */
  readonly retryScale: number;
}

interface NewParcel {
  readonly way: Way;
  readonly id: string;
  readonly tenant: Agent;
  readonly rentedUntil: Instant | null;
  /** Whole L$. */
  readonly price: number;
  readonly term: 'day' | 'week' | 'month';
}

/** Time that those on the brink have until they must pay for the first time. */
const BRINK_MS = 20_000;
const WEEK_MS = 604_800_000;
const TERMS = ['day', 'week', 'month'] as const;

/** Those on the brink come last, so that setting up costs them nothing of their time. */
export async function settleEstate(given: Settling): Promise<Parcel[]> {
  const random = randomFor(given.seed, 'estate');
  const parcels: Parcel[] = [];
  for (const ways of [['long', 'vacant', 'by-itself'], ['brink']] as const) {
    const wanted = ways.flatMap((way) =>
      Array.from({ length: given.count[way] }, () => parcelOf(way, random)),
    );
    const rentals = wanted.length === 0 ? [] : await letAll(given, wanted);
    const paired = wanted.map(async ({ way, id, tenant }): Promise<Parcel> => {
      const rental = rentals.find((one) => (one.unitId ?? one.region) === id);
      if (rental === undefined) throw new Error(`${id} is no rental.`);
      const object = await pairBox(given, rental.id, id);
      return { way, rentalId: rental.id, unitId: rental.unitId, tenant, ...object };
    });
    parcels.push(...(await Promise.all(paired)));
  }
  return parcels;
}

/** On the brink, L$ 1 buys a second. */
function parcelOf(way: Way, random: Random): NewParcel {
  const id = `${way}-${random.uuid()}`;
  const tenant = { key: random.uuid(), name: `Tenant of ${id.slice(0, 14)}` };
  if (way === 'brink') {
    const rentedUntil = (Date.now() + BRINK_MS) as Instant;
    return { way, id, tenant, rentedUntil, price: 86_400, term: 'day' };
  }
  const leftMs = WEEK_MS + random.below(3 * WEEK_MS);
  const rentedUntil = way === 'long' ? ((Date.now() + leftMs) as Instant) : null;
  const term = TERMS[random.below(TERMS.length)] ?? 'week';
  return { way, id, tenant, rentedUntil, price: 100 + random.below(900), term };
}

async function letAll(
  { sim, admin, openings }: Settling,
  wanted: readonly NewParcel[],
): Promise<RentalSeen[]> {
  for (const parcel of wanted) {
    const { way, id, tenant, rentedUntil, price, term } = parcel;
    if (way === 'by-itself') {
      await admin.createRental(byItself(parcel));
      continue;
    }
    const holder = way === 'vacant' ? null : tenant;
    sim.addUnit({ id, tenant: holder, rentedUntil, price, term, region: `Region ${way}` });
    if (rentedUntil !== null) openings.set(id, rentedUntil);
  }
  await admin.importUnits();
  return admin.rentals();
}

/** Its region stands for the unit that it has not. */
const byItself = ({ id, tenant, price, term }: NewParcel) => ({
  ...{ name: 'Without a provider', region: id, parcel: '', unitId: null, verifiedBy: 'box' },
  ...{ price: { amount: price, term }, tenant, reason: 'The estate lets this one by itself.' },
});

async function pairBox(
  given: Settling,
  rentalId: string,
  name: string,
): Promise<Pick<Parcel, 'box' | 'identity'>> {
  const { admin, seed, fetch, retryScale } = given;
  const { pairingCode } = await admin.createBox(rentalId);
  const random = randomFor(seed, 'box', name);
  const object = { objectKey: random.uuid(), ownerKey: random.uuid(), shard: 'Production' };
  const box = createSimBox({
    ...{ baseUrl: 'http://tierbridge', clock: realClock, random, pairingCode, fetch, retryScale },
    ...{ ...object, region: 'Dream Bay' },
  });
  const identity = (): Identity => {
    const { boxId, secret } = box.memory();
    if (boxId === null || secret === null) throw new Error('The box is not paired yet.');
    return { ...object, key: boxId, secret };
  };
  return { box, identity };
}
