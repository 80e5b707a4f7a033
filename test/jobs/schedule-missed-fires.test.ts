/** Fires that nobody ran to their end: each is made up for, wherever its process died. */
import type { SweepId } from '../../src/domain/ids';
import { DAY_MS, HOUR_MS, MINUTE_MS, parseInstant, plusMs } from '../../src/domain/time';
import { aSweep, createScheduleWorld, NIGHT, type ScheduleWorld } from './schedule-world';

let world: ScheduleWorld;

const RESYNC = 'resync:2026-02-19T12:30:00.000Z';
const status = async (id: string): Promise<string | undefined> =>
  (await world.sweeps.get(id as SweepId))?.status;

beforeEach(() => {
  world = createScheduleWorld();
});

describe('a fire without a finished run', () => {
  it('is made up for by the next process when nobody was there', async () => {
    await world.start('a', { resync: '30 4 * * *' }).schedule.stop();
    await world.clock.advance(3 * HOUR_MS);
    world.start('b');
    await world.clock.advance(1_000);
    expect(world.ids('resync')).toEqual([RESYNC]);
    expect(await world.sweeps.nextFire('resync')).toBe(plusMs(NIGHT, DAY_MS + HOUR_MS / 2));
  });

  it('is made up for once, however many were missed', async () => {
    const { life } = world.start('a');
    await world.clock.advance(90_000);
    life.kill();
    await world.clock.advance(40 * DAY_MS + HOUR_MS);
    const before = world.runs.length;
    world.start('b');
    await world.clock.advance(1_000);
    expect(
      world.runs
        .slice(before)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['resync:2026-03-31T11:30:00.000Z', 'settle:2026-03-31T13:01:00.000Z']);
  });

  it('goes on from where a process that was killed had come, under a higher number', async () => {
    world.runMs = 10 * MINUTE_MS;
    const both = ['a', 'b'].map((name) => world.start(name, { resync: '30 4 * * *' }));
    await world.clock.advance(31 * MINUTE_MS);
    const [first] = world.runs;
    both[first!.process === 'a' ? 0 : 1]!.life.kill();
    await world.clock.advance(2 * MINUTE_MS);
    expect(world.runs[1]).toMatchObject({ id: RESYNC, cursor: 'half-way' });
    expect(world.runs[1]!.process).not.toBe(first!.process);
    expect(world.runs[1]!.fence).toBeGreaterThan(first!.fence);
    await world.clock.advance(11 * MINUTE_MS);
    expect(await status(RESYNC)).toBe('complete');
    expect(world.runs).toHaveLength(2);
  });

  it('is found whichever step its process died at', async () => {
    for (let step = 1; step <= 30; step += 1) {
      world = createScheduleWorld();
      await world.sweeps.noteNextFire('resync', plusMs(NIGHT, 30 * MINUTE_MS));
      await world.clock.advance(29.5 * MINUTE_MS);
      const { life } = world.start('a', { resync: '30 4 * * *' });
      life.atStep(step, () => life.kill());
      await world.clock.advance(2 * MINUTE_MS);
      world.start('b', { resync: '30 4 * * *' });
      await world.clock.advance(3 * MINUTE_MS);
      expect([step, await status(RESYNC)]).toEqual([step, 'complete']);
      expect(world.runs.length).toBeLessThanOrEqual(2);
    }
  });

  it('is gone on with each minute while the provider is away, and no other is begun', async () => {
    world.comesTo = 'incomplete';
    world.start('a', { resync: '0,30 * * * *' });
    await world.clock.advance(135 * MINUTE_MS);
    expect(new Set(world.ids())).toEqual(new Set([RESYNC]));
    expect(world.ids().length).toBeGreaterThanOrEqual(100);
    world.comesTo = 'complete';
    await world.clock.advance(MINUTE_MS);
    expect(await status(RESYNC)).toBe('complete');
    expect(world.ids().at(-1)).toBe('resync:2026-02-19T14:00:00.000Z');
  });

  it('gives way after a day to a fire that has fallen due since', async () => {
    world.comesTo = 'incomplete';
    const { log } = world.start('a', { resync: '30 4 * * *' });
    await world.clock.advance(DAY_MS + 29 * MINUTE_MS);
    expect(new Set(world.ids())).toEqual(new Set([RESYNC]));
    await world.clock.advance(2 * MINUTE_MS);
    expect(await world.sweeps.get(RESYNC as SweepId)).toMatchObject({
      ...{ status: 'failed', finishedAt: parseInstant('2026-02-20T12:30:00Z') },
      fault: 'It did not come to its end within a day: the next run begins anew.',
    });
    expect(world.runs.at(-1)).toMatchObject({ id: 'resync:2026-02-20T12:30:00.000Z' });
    expect(log.facts('error')).toEqual(['sweep given up']);
  });

  it('is gone on with for longer than a day where no other has fallen due', async () => {
    world.comesTo = 'incomplete';
    world.start('a', { resync: '30 4 * * 4' });
    await world.clock.advance(3 * DAY_MS);
    expect(new Set(world.ids())).toEqual(new Set([RESYNC]));
    expect(await status(RESYNC)).toBe('incomplete');
  });

  it('is left as failed where the fault is ours, and the next one runs', async () => {
    world.comesTo = 'throws';
    const { log } = world.start('a', { resync: '30 * * * *' });
    await world.clock.advance(HOUR_MS);
    expect(world.ids()).toEqual([RESYNC]);
    expect(await world.sweeps.get(RESYNC as SweepId)).toMatchObject({
      ...{ status: 'failed', fault: 'A fault of ours.' },
      finishedAt: parseInstant('2026-02-19T12:30:00Z'),
    });
    expect(log.facts('error')).toEqual(['sweep broke off']);
    world.comesTo = 'complete';
    await world.clock.advance(HOUR_MS);
    expect(world.ids()).toHaveLength(2);
  });
});

describe('the database', () => {
  it('may be away when a fire falls due: it is run when it is back', async () => {
    const { log } = world.start('a', { resync: '30 4 * * *' });
    await world.clock.advance(29 * MINUTE_MS);
    world.database = 'down';
    await world.clock.advance(10 * MINUTE_MS);
    expect(world.runs).toEqual([]);
    world.database = 'up';
    await world.clock.advance(MINUTE_MS);
    expect(world.ids()).toEqual([RESYNC]);
    expect(log.facts('error')).toEqual([]);
  });
});

describe('a run that a wish for one rental made', () => {
  it('does not take the place of a fire, although it bears its very millisecond', async () => {
    world.start('a', { resync: '30 4 * * *' });
    await world.sweeps.begin(aSweep(RESYNC, { status: 'complete' }));
    await world.clock.advance(HOUR_MS);
    expect(world.ids()).toEqual(['resync:2026-02-19T12:30:00.001Z']);
  });
});

describe('an expression that was changed', () => {
  it('counts from now on, also where the old one was noted for later', async () => {
    await world.start('a', { resync: '0 0 1 1 *' }).schedule.stop();
    expect(await world.sweeps.nextFire('resync')).toBeGreaterThan(NIGHT + 300 * DAY_MS);
    world.start('b', { resync: '30 4 * * *' });
    await world.clock.advance(HOUR_MS);
    expect(world.ids()).toEqual([RESYNC]);
  });
});
