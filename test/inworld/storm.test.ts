/** What becomes of 500 payments to 20 boxes when everything between them and the ledger goes wrong. */
import { randomFor, type Random } from '../../scripts/sim-provider/random';
import { killServices } from '../../scripts/rehearsal/service-process';
import { clearScratch } from '../support/scratch';
import { creditsOf, paymentsSettled, type PaymentHeld } from './credited';
import { endGrids } from './grid-process';
import { letParcel, type Parcel } from './parcels';
import { paceOf } from './pace';
import { openServiceInWorld, type ServiceInWorld } from './service-in-world';

const REGIONS = ['Dream Bay', 'Sansara', 'Blake Sea', 'Nautilus'];
const BOXES = 20;
const PAYMENTS = 500;
const PHASES = 10;
const HOURS_S = 4 * 3_600;
const OUTBOX = '^tb\\.[or]\\.';

let service: ServiceInWorld;
let parcels: Parcel[];
let random: Random;
const paid: string[] = [];

beforeAll(async () => {
  service = await openServiceInWorld(4);
  random = randomFor(4, 'storm');
  parcels = [];
  for (let n = 0; n < BOXES; n += 1) {
    const region = REGIONS[n % REGIONS.length] ?? '';
    parcels.push(await letParcel(service, { region, price: 100 + n }));
  }
}, 240_000);
afterAll(async () => {
  await service.close();
  await endGrids();
  await killServices();
  clearScratch();
});

/** Somebody pays some box that sells; `paid` notes what the service must come to hold. */
async function payOne(): Promise<void> {
  for (;;) {
    const { box, rentalId } = parcels[random.below(parcels.length)]!;
    const amount = 1 + random.below(400);
    const payer = { payer: random.uuid(), name: `Resident ${random.below(1_000)}` };
    const { paid: isPaid } = await box.pay({ ...payer, amount, anyway: true });
    if (!isPaid) continue;
    paid.push(`${rentalId} ${payer.payer} ${amount} ${payer.name}`);
    return;
  }
}

/** A tenth of all payments while the weather is as it is, with grid time passing between them. */
async function payThrough(trouble: (turn: number) => Promise<unknown>): Promise<void> {
  const turns = 5;
  for (let turn = 0; turn < turns; turn += 1) {
    for (let n = 0; n < PAYMENTS / PHASES / turns; n += 1) await payOne();
    await service.world.run(5 + random.below(60));
    await trouble(turn);
  }
}

const somewhere = (): string => REGIONS[random.below(REGIONS.length)] ?? '';
const resetSome = async (): Promise<void> => {
  for (let n = 0; n < 4; n += 1) await parcels[random.below(parcels.length)]!.box.reset();
};

async function storm(): Promise<void> {
  const { world, sky } = service;
  const restart = (): Promise<unknown> => world.restart(somewhere());
  await payThrough(restart);
  sky.turn('down');
  await payThrough(restart);
  sky.turn('no-service');
  await payThrough(resetSome);
  sky.turn('fair', 'cut', 'half', 'strange');
  await payThrough(resetSome);
  sky.turn('fair', 'held', 'fair', 'held', 'held');
  await world.settings({ patienceS: 0.3 });
  await payThrough(async () => void (await resetSome(), await restart()));
  await world.settings({ patienceS: 2 });
  sky.turn('fair');
  await service.endService('SIGKILL');
  await payThrough(resetSome);
  await service.startService();
  await payThrough(restart);
  await payThrough(async (turn) => {
    if (turn % 2 === 0) await service.endService(turn === 0 ? 'SIGTERM' : 'SIGKILL');
    else await service.startService();
  });
  await service.startService();
  sky.turn('fair', 'down', 'cut', 'fair', 'no-service', 'half', 'strange');
  await payThrough(async () => void (await resetSome(), await restart()));
  sky.turn('fair');
  await payThrough(restart);
}

describe('payments to boxes in a storm', () => {
  it('are each credited exactly once, and no box breaks a limit of the grid', async () => {
    const { world } = service;
    await storm();
    expect(await world.runUntilNone(OUTBOX, HOURS_S)).toBe(true);
    const held = await paymentsSettled(service);
    const ledger = await world.ledger();
    expect(paid).toHaveLength(PAYMENTS);
    expect(held.map(told).sort()).toEqual([...paid].sort());
    expect(held.filter(({ state }) => state !== 'credited')).toEqual([]);
    expect(await creditsOf(service, rentalIds())).toMatchObject({
      ...{ entries: PAYMENTS, payments: PAYMENTS },
    });
    expect(ledger).toMatchObject({ broken: [], faults: [], lost: [] });
    expect(paceOf(await world.calls())).toMatchObject({ hasty: 0 });
  }, 400_000);
});

const rentalIds = (): string[] => parcels.map(({ rentalId }) => rentalId);

const told = ({ rentalId, payer, amount }: PaymentHeld): string =>
  `${rentalId} ${payer.key} ${amount} ${payer.name}`;
