/**
 * What every test of boxes begins and ends with: one service in-world, and boxes that are taken
 * away.
 */
import { killServices } from '../../scripts/rehearsal/service-process';
import { clearScratch } from '../support/scratch';
import { endGrids } from './grid-process';
import type { Thing } from './in-world';
import { letParcel, type Parcel } from './parcels';
import { openServiceInWorld, type ServiceInWorld } from './service-in-world';

export interface BoxesSuite {
  readonly service: ServiceInWorld;
  /** A rental with its paired box, which is taken away after the test. */
  letOne(plan?: Parameters<typeof letParcel>[1]): Promise<Parcel>;
  /** Takes this one away after the test, too. */
  after(box: Thing): Thing;
}

const OPENS_WITHIN_MS = 300_000;

/**
 * Call it at the top of a test file. After each test the weather is fair, and a script error or a
 * broken throttle of the grid has failed it.
 */
export function boxesSuite(seed: number): BoxesSuite {
  let service: ServiceInWorld | null = null;
  const rezzed: Thing[] = [];
  const opened = (): ServiceInWorld => {
    if (service === null) throw new Error('The service is not open yet.');
    return service;
  };
  const after = (box: Thing): Thing => {
    rezzed.push(box);
    return box;
  };
  beforeAll(async () => void (service = await openServiceInWorld(seed)), OPENS_WITHIN_MS);
  afterEach(async () => {
    const { world, sky } = opened();
    sky.turn('fair');
    sky.bend(null);
    for (const box of rezzed.splice(0)) await box.take();
    const { faults, broken, lost } = await world.ledger();
    await world.settings({ forgive: true });
    expect({ faults, broken, lost }).toEqual({ faults: [], broken: [], lost: [] });
  });
  afterAll(async () => {
    await service?.close();
    await endGrids();
    await killServices();
    clearScratch();
  });
  return {
    get service() {
      return opened();
    },
    after,
    async letOne(plan = {}) {
      const parcel = await letParcel(opened(), plan);
      after(parcel.box);
      return parcel;
    },
  };
}
