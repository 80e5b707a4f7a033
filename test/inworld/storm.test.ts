/** What becomes of 500 payments to 20 boxes when all goes wrong between them and the ledger. */
import { killServices } from '../../scripts/rehearsal/service-process';
import { randomFor } from '../../scripts/sim-provider/random';
import { clearScratch } from '../support/scratch';
import { creditsOf, paymentsSettled, type PaymentHeld } from './credited';
import { endGrids } from './grid-process';
import { hardshipOf } from './hardship';
import { paceOf } from './pace';
import { letParcel, type Parcel } from './parcels';
import { letUnit } from './provider-box';
import { openServiceInWorld, type ServiceInWorld } from './service-in-world';
import { REGIONS, storm } from './storm-plan';

const SEED = 4;
const BY_THEMSELVES = 16;
/** The provider has its own word about payments to these. */
const OF_A_PROVIDER = 4;
const PAYMENTS = 500;
const DRAINED_WITHIN_S = 4 * 3_600;
/** Events and returns that wait. */
const WAITING = '^tb\\.[or]\\.';
const MOST_LETTERS = '^tb\\.d\\.';

interface Paid {
  readonly rentalId: string;
  readonly payer: string;
  readonly amount: number;
}

const random = randomFor(SEED, 'storm');
const parcels: Parcel[] = [];
const units = new Map<string, string>();
const paid: Paid[] = [];
let service: ServiceInWorld;

beforeAll(async () => {
  service = await openServiceInWorld(SEED);
  for (let n = 0; n < BY_THEMSELVES + OF_A_PROVIDER; n += 1) {
    const region = REGIONS[n % REGIONS.length] ?? '';
    if (n < BY_THEMSELVES) parcels.push(await letParcel(service, { region, price: 100 + n }));
    else parcels.push(await letOfProvider(`unit-${n}`, region));
  }
}, 240_000);
afterAll(async () => {
  await service.close();
  await endGrids();
  await killServices();
  clearScratch();
});

async function letOfProvider(unitId: string, region: string): Promise<Parcel> {
  const parcel = await letParcel(service, { region, rentalId: await letUnit(service, unitId) });
  units.set(parcel.rentalId, unitId);
  return parcel;
}

/** Somebody pays a box, and the provider too where the unit is one of its own. */
async function payOne(): Promise<void> {
  const { box, rentalId } = parcels[random.below(parcels.length)]!;
  const payer = { key: random.uuid(), name: `Resident ${random.below(1_000)}` };
  const amount = 1 + random.below(400);
  const said = await box.pay({ payer: payer.key, name: payer.name, amount, anyway: true });
  expect(said).toMatchObject({ paid: true });
  const unit = units.get(rentalId);
  if (unit !== undefined) service.sim.control.pay({ unit, payer, amount });
  paid.push({ rentalId, payer: payer.key, amount });
}

const lineOf = ({ rentalId, payer, amount }: Paid): string => `${rentalId} ${payer} ${amount}`;

const heldAs = ({ rentalId, payer, amount }: PaymentHeld): string =>
  lineOf({ rentalId: rentalId ?? 'none', payer: payer.key, amount });

describe('payments to boxes in a storm', () => {
  it('are each credited exactly once, and no box breaks a limit of the grid', async () => {
    const { world } = service;
    await storm({ service, parcels, random, payments: PAYMENTS, payOne });
    expect(await world.runUntilNone(WAITING, DRAINED_WITHIN_S)).toBe(true);
    const held = await paymentsSettled(service);
    expect(paid).toHaveLength(PAYMENTS);
    expect(held.map(heldAs).sort()).toEqual(paid.map(lineOf).sort());
    expect(held.filter(({ state }) => state !== 'credited')).toEqual([]);
    expect(held.filter(({ eventId }) => eventId === null)).toEqual([]);
    const rentalIds = parcels.map(({ rentalId }) => rentalId);
    expect(await creditsOf(service, rentalIds)).toEqual({
      ...{ entries: PAYMENTS, payments: PAYMENTS },
      linden: paid.reduce((sum, { amount }) => sum + amount, 0),
    });
    expect(await world.ledger()).toMatchObject({ broken: [], faults: [], lost: [] });
    expect(await world.runUntilNone(MOST_LETTERS, 0)).toBe(true);
  }, 600_000);

  it('were sent at the pace that boxes promise, however often they were reset', async () => {
    const { hasty, mostInAMinute } = paceOf(await service.world.calls());
    expect({ hasty, mostInAMinute }).toEqual({ hasty: 0, mostInAMinute: expect.any(Number) });
    expect(mostInAMinute).toBeLessThanOrEqual(10);
  });

  it('went through every hardship', async () => {
    const hardship = await hardshipOf(service.world);
    for (const count of Object.values(hardship)) expect(count).toBeGreaterThan(10);
    expect([...service.sky.seen.keys()].sort()).toEqual([
      ...[
        'cut',
        'down',
        'fair',
        'half',
        'held',
        'no-service',
        'slow',
        'strange',
        'stranger',
        'swallowed',
      ],
    ]);
  });
});
