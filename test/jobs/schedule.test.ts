/** Sweeps by the clock: one run for each fire, in however many processes, and none forgotten. */
import { HOUR_MS, MINUTE_MS } from '../../src/domain/time';
import type { SweepId } from '../../src/domain/ids';
import { aSweep, createScheduleWorld, type ScheduleWorld } from './schedule-world';

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
    expect(begun.slice(1).filter((at) => at % MINUTE_MS !== 0)).toEqual([]);
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
    expect(await status(RESYNC)).toBe('running');
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
