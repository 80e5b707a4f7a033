/**
 * Everything that goes wrong between boxes and the service, one after the other; judges nothing.
 */
import type { Random } from '../../scripts/sim-provider/random';
import type { Parcel } from './parcels';
import type { ServiceInWorld } from './service-in-world';

export const REGIONS = ['Dream Bay', 'Sansara', 'Blake Sea', 'Nautilus'];
const PHASES = 10;
const TURNS = 5;
const RESETS = 25;
const SHORT_PATIENCE_S = 0.25;
const PATIENCE_S = 2;

export interface StormGiven {
  readonly service: ServiceInWorld;
  readonly parcels: readonly Parcel[];
  readonly random: Random;
  /** How many payments in all. */
  readonly payments: number;
  /** One of them is made. */
  readonly payOne: () => Promise<void>;
}

/** In each phase a tenth of all payments is made, with minutes of grid time between them. */
export async function storm(given: StormGiven): Promise<void> {
  const { service, random } = given;
  const { world, sky } = service;
  const restart = (): Promise<unknown> =>
    world.restart(REGIONS[random.below(REGIONS.length)] ?? '');
  const reset = (): Promise<void> => resetSome(given);
  const both = async (): Promise<void> => void (await reset(), await restart());
  const through = (trouble: (turn: number) => Promise<unknown>) => payThrough(given, trouble);

  await through(restart);
  sky.turn('down');
  await through(restart);
  sky.turn('no-service');
  await through(reset);
  sky.turn('fair', 'cut', 'half', 'strange', 'stranger');
  await through(reset);
  sky.turn('fair', 'held', 'slow', 'swallowed', 'fair', 'held', 'slow');
  await world.settings({ patienceS: SHORT_PATIENCE_S });
  await through(both);
  await world.settings({ patienceS: PATIENCE_S });
  sky.turn('fair');
  await service.endService('SIGKILL');
  await through(reset);
  await service.startService();
  await through(restart);
  await through((turn) => stopAndGo(service, turn));
  await service.startService();
  sky.turn('fair', 'down', 'cut', 'fair', 'no-service', 'half', 'strange');
  await through(both);
  sky.turn('fair');
  await through(restart);
}

async function payThrough(
  { service, random, payments, payOne }: StormGiven,
  trouble: (turn: number) => Promise<unknown>,
): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (let n = 0; n < payments / PHASES / TURNS; n += 1) await payOne();
    await service.world.run(5 + random.below(60));
    await trouble(turn);
  }
}

/** After each payment was handled: what waits in its queue a script loses by a reset. */
async function resetSome({ parcels, random }: StormGiven): Promise<void> {
  for (let n = 0; n < RESETS; n += 1) await parcels[random.below(parcels.length)]?.box.reset();
}

/** Ends at the first, the third and the last turn, and starts at the others. */
async function stopAndGo(service: ServiceInWorld, turn: number): Promise<void> {
  if (turn % 2 === 0) await service.endService(turn === 0 ? 'SIGTERM' : 'SIGKILL');
  else await service.startService();
}
