/** What breaks behind the door: a box is answered in time and in the shape, and may try again. */
import { StorageUnavailable } from '../../../src/flows/ports/money-ports';
import { createDoorWorld, type DoorWorld, type WorldOptions } from './door-world';
import { expectNothingKept, expectOutcome } from './expectations';
import { PAYMENT } from './sample-events';
import { EVENTS } from './signed-call';

let world: DoorWorld;
async function open(options: WorldOptions = {}): Promise<void> {
  world = await createDoorWorld(options);
}
afterEach(() => world.close());

describe('a fault behind the door', () => {
  const broken = (error: Error): WorldOptions => ({
    change: ({ reports }) => ({ reports: { ...reports, intake: () => Promise.reject(error) } }),
  });

  it('in the database is answered with the time to try again', async () => {
    await open(broken(new StorageUnavailable('away')));
    expectOutcome(await world.call({ path: EVENTS, body: PAYMENT }), [503, 'storage', 15]);
    expectNothingKept(world);
    expect(world.logged.at(-1)).toMatchObject({ level: 'warn', fact: 'storage unavailable' });
  });

  it('in the code is answered alike, and shouted at whoever reads the log', async () => {
    await open(broken(new TypeError('a bug')));
    expectOutcome(await world.call({ path: EVENTS, body: PAYMENT }), [503, 'storage', 15]);
    expect(world.logged.at(-1)).toMatchObject({ level: 'error', fact: 'box call broke' });
  });

  it('that leaves a call hanging is answered within five seconds', async () => {
    await open({
      change: ({ reports }) => ({
        reports: { ...reports, intake: () => new Promise<never>(() => undefined) },
      }),
    });
    const answer = world.call({ path: EVENTS, body: PAYMENT });
    const whenWaiting = async (): Promise<void> => {
      while (world.clock.waiting() === 0) await new Promise((resolve) => setImmediate(resolve));
      await world.clock.advance(4_999);
    };
    const [{ status, body }] = await Promise.all([answer, whenWaiting()]);
    expect([status, (body as { code: string }).code]).toEqual([503, 'storage']);
  });

  it('is over when the database is back: the same payment is stored', async () => {
    let isAway = true;
    await open({
      change: ({ reports }) => ({
        reports: {
          ...reports,
          intake: async (report) => {
            if (isAway) throw new StorageUnavailable('away');
            return reports.intake(report);
          },
        },
      }),
    });
    expect((await world.call({ path: EVENTS, body: PAYMENT })).status).toBe(503);
    isAway = false;
    expectOutcome(await world.call({ path: EVENTS, body: PAYMENT }), [200, 'stored', 0]);
  });
});
