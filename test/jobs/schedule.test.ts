/** Sweeps by the clock: one run for each fire, in however many processes, and none forgotten. */
import { DAY_MS, HOUR_MS, MINUTE_MS, parseInstant, plusMs } from '../../src/domain/time';
import type { SweepId } from '../../src/domain/ids';
import { aSweep, createScheduleWorld, NIGHT, type ScheduleWorld } from './schedule-world';

let world: ScheduleWorld;

const RESYNC = 'resync:2026-02-19T12:30:00.000Z';
const status = async (id: string): Promise<string | undefined> =>
  (await world.sweeps.get(id as SweepId))?.status;

beforeEach(() => {
  world = createScheduleWorld();
});

describe('the schedule', () => {
  it('settles each minute and resyncs each night, by the clock of the grid', async () => {
    const { schedule } = world.start('a');
    await world.clock.advance(HOUR_MS);
    expect(world.ids('resync')).toEqual([RESYNC]);
    expect(world.ids('settle')).toHaveLength(60);
    expect(new Set(world.ids()).size).toBe(world.runs.length);
    await schedule.stop();
    expect(world.clock.waiting()).toBe(0);
  });

  it('runs a fire in one of many processes', async () => {
    const processes = ['a', 'b', 'c'].map((name) => world.start(name));
    await world.clock.advance(10 * MINUTE_MS);
    expect(world.ids('settle')).toHaveLength(10);
    expect(new Set(world.ids()).size).toBe(10);
    await Promise.all(processes.map(({ schedule }) => schedule.stop()));
  });

  it('tells of an expression that makes no sense before anything runs', () => {
    expect(() => world.start('a', { settle: 'now and then' })).toThrow();
    expect(world.clock.waiting()).toBe(0);
  });
});

describe('overlap', () => {
  it('never happens: fires during a settle sweep are passed over', async () => {
    world.runMs = 150_000;
    const [a, b] = ['a', 'b'].map((name) => world.start(name));
    await world.clock.advance(20 * MINUTE_MS);
    const begun = world.runs.filter(({ id }) => id.startsWith('settle')).map(({ at }) => at);
    const gaps = begun.slice(1).map((at, i) => at - begun[i]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(150_000);
    expect(begun.length).toBeGreaterThanOrEqual(6);
    const stopped = Promise.all([a!.schedule.stop(), b!.schedule.stop()]);
    await world.clock.advance(10_000);
    await stopped;
  });

  it('never happens: a resync that fell due during one is run once after it', async () => {
    world.runMs = 2.5 * HOUR_MS;
    world.start('a', { resync: '0 * * * *' });
    await world.clock.advance(8 * HOUR_MS);
    expect(world.ids()).toEqual([
      'resync:2026-02-19T13:00:00.000Z',
      'resync:2026-02-19T15:00:00.000Z',
      'resync:2026-02-19T18:00:00.000Z',
    ]);
  });
});

describe('a fire without a finished run', () => {
  it('is made up for by the next process when nobody was there', async () => {
    await world.start('a', { resync: '30 4 * * *' }).schedule.stop();
    await world.clock.advance(3 * HOUR_MS);
    world.start('b');
    await world.clock.advance(1_000);
    expect(world.ids('resync')).toEqual([RESYNC]);
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

describe('a sweep that a person asked for', () => {
  it('runs at once when the schedule is woken, and once', async () => {
    const { schedule } = world.start('a', { resync: '30 4 * * *' });
    await world.clock.advance(90_000);
    await world.sweeps.begin(aSweep('swp_1'));
    schedule.wake();
    await world.clock.advance(0);
    expect(world.ids()).toEqual(['swp_1']);
    await world.clock.advance(5 * MINUTE_MS);
    expect(world.ids()).toEqual(['swp_1']);
    expect(await status('swp_1')).toBe('complete');
  });

  it('runs within a minute when another process holds the sweep', async () => {
    world.start('a', { resync: '30 4 * * *' });
    await world.clock.advance(90_000);
    await world.sweeps.begin(aSweep('swp_1'));
    await world.clock.advance(MINUTE_MS);
    expect(world.ids()).toEqual(['swp_1']);
  });

  it('runs after the one that is under way', async () => {
    world.runMs = 10 * MINUTE_MS;
    const { schedule } = world.start('a', { resync: '30 4 * * *' });
    await world.clock.advance(31 * MINUTE_MS);
    await world.sweeps.begin(aSweep('swp_1'));
    schedule.wake();
    await world.clock.advance(8 * MINUTE_MS);
    expect(world.ids()).toEqual([RESYNC]);
    await world.clock.advance(3 * MINUTE_MS);
    expect(world.ids()).toEqual([RESYNC, 'swp_1']);
  });

  it('does not keep the nightly one from running while it is incomplete', async () => {
    world.comesTo = 'incomplete';
    world.start('a', { resync: '30 4 * * *' });
    await world.sweeps.begin(aSweep('swp_1'));
    await world.clock.advance(31 * MINUTE_MS);
    expect(world.ids()).toContain(RESYNC);
  });
});

describe('a process that stops or was stopped', () => {
  it('leaves a run to be resumed, and its lease to others', async () => {
    world.runMs = 10 * MINUTE_MS;
    const a = world.start('a', { resync: '30 4 * * *' });
    await world.clock.advance(31 * MINUTE_MS);
    await a.schedule.stop();
    expect(await status(RESYNC)).toBe('incomplete');
    world.start('b', { resync: '30 4 * * *' });
    await world.clock.advance(1_000);
    expect(world.runs.at(-1)).toMatchObject({ process: 'b', id: RESYNC, cursor: 'half-way' });
  });

  it('does not wait for ever for a run that does not end', async () => {
    world.comesTo = 'hangs';
    const a = world.start('a', { resync: '30 4 * * *' });
    await world.clock.advance(31 * MINUTE_MS);
    let hasStopped = false;
    void a.schedule.stop().then(() => (hasStopped = true));
    await world.clock.advance(4_000);
    expect(hasStopped).toBe(false);
    await world.clock.advance(2_000);
    expect(hasStopped).toBe(true);
    expect(a.log.facts('warn')).toEqual(['sweeps not stopped in time: they are resumed elsewhere']);
  });

  it('writes nothing over the run of the one that took over', async () => {
    world.runMs = 10 * MINUTE_MS;
    const a = world.start('a', { resync: '30 4 * * *' });
    await world.clock.advance(31 * MINUTE_MS);
    a.life.pause();
    world.start('b', { resync: '30 4 * * *' });
    await world.clock.advance(15 * MINUTE_MS);
    const before = await world.sweeps.get(RESYNC as SweepId);
    expect(before).toMatchObject({ status: 'complete' });
    a.life.resume();
    await world.clock.advance(5 * MINUTE_MS);
    expect(await world.sweeps.get(RESYNC as SweepId)).toEqual(before);
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

describe('an expression that was changed', () => {
  it('counts from now on, also where the old one was noted for later', async () => {
    await world.start('a', { resync: '0 0 1 1 *' }).schedule.stop();
    expect(await world.sweeps.nextFire('resync')).toBeGreaterThan(NIGHT + 300 * DAY_MS);
    world.start('b', { resync: '30 4 * * *' });
    await world.clock.advance(HOUR_MS);
    expect(world.ids()).toEqual([RESYNC]);
  });
});
