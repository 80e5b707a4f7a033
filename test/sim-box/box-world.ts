/** Simulated boxes before the real door over fakes, on one clock that moves while nobody speaks. */
import { createSimBox, type SimBox, type SimBoxOptions } from '../../scripts/sim-box/sim-box';
import { randomFor } from '../../scripts/sim-provider/random';
import { createDoorWorld, type DoorWorld, type WorldOptions } from '../http/inworld/door-world';
import { givenCode, NEW_BOX } from '../http/inworld/pairing-steps';
import { OBJECT, OWNER } from '../http/inworld/sample-estate';

export interface BoxWorld extends DoorWorld {
  /** An object with a code of its own. */
  object(options?: Partial<SimBoxOptions>): Promise<SimBox>;
  /** Moves the clock, half a second at a time and never during a call, until it is so. */
  until(isSo: () => boolean | Promise<boolean>): Promise<void>;
  /** As `until`, for a given time. */
  pass(seconds: number): Promise<void>;
}

const STEP_MS = 500;
const MOST_STEPS = 50_000;

export async function createBoxWorld(options: WorldOptions = {}): Promise<BoxWorld> {
  const world = await createDoorWorld({ box: NEW_BOX, ...options });
  const objects: SimBox[] = [];
  const step = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (!objects.some((box) => box.state().inFlight)) await world.clock.advance(STEP_MS);
  };
  const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
    for (let steps = 0; !(await isSo()); steps += 1) {
      if (steps > MOST_STEPS) throw new Error('This never comes about.');
      await step();
    }
  };
  return {
    ...world,
    until,
    async pass(seconds) {
      const end = world.clock.now() + seconds * 1_000;
      await until(() => world.clock.now() >= end);
    },
    async object(given = {}) {
      const pairingCode = given.memory === undefined ? await givenCode(world, 'keep') : null;
      const box = createSimBox({
        ...{ baseUrl: world.url, clock: world.clock, random: randomFor(objects.length, 'box') },
        ...{ pairingCode, objectKey: OBJECT, ownerKey: OWNER, shard: 'Production' },
        ...{ region: 'Dream Bay', retryScale: 1, ...given },
      });
      objects.push(box);
      return box;
    },
    async close() {
      await Promise.all(objects.map((box) => box.stop()));
      await world.close();
    },
  };
}
