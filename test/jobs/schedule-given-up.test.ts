/** Runs that people asked for and that do not come to their end: none is tried for ever. */
import type { SweepId } from '../../src/domain/ids';
import { DAY_MS, HOUR_MS, MINUTE_MS, plusMs } from '../../src/domain/time';
import { aSweep, createScheduleWorld, NIGHT, type ScheduleWorld } from './schedule-world';

let world: ScheduleWorld;

const NIGHTLY_ONLY = { resync: '30 4 * * *' };
const RESYNC = 'resync:2026-02-19T12:30:00.000Z';
const kept = (id: string) => world.sweeps.get(id as SweepId);

beforeEach(() => {
  world = createScheduleWorld();
  world.comesTo = 'incomplete';
});

describe('a sweep that a person asked for, and that cannot end', () => {
  it('is tried each minute for a day, and then says that it was given up', async () => {
    const { log } = world.start('a', { resync: '0 0 1 1 *' });
    await world.sweeps.begin(aSweep('swp_1'));
    await world.clock.advance(DAY_MS - MINUTE_MS);
    expect(world.ids().length).toBeGreaterThan(1_400);
    expect(await kept('swp_1')).toMatchObject({ status: 'incomplete' });
    await world.clock.advance(2 * MINUTE_MS);
    expect(await kept('swp_1')).toMatchObject({
      ...{ status: 'failed', finishedAt: plusMs(NIGHT, DAY_MS) },
      fault: 'It did not come to its end within a day: start it again if it is still wanted.',
    });
    expect(log.facts('error')).toEqual(['sweep given up']);
    const before = world.runs.length;
    await world.clock.advance(HOUR_MS);
    expect(world.runs).toHaveLength(before);
  });

  it('gives way to a later one over the same rentals', async () => {
    world.start('a', NIGHTLY_ONLY);
    const whole = { regions: ['Ahern', 'Cuddle'] };
    await world.sweeps.begin(aSweep('swp_1', whole));
    await world.sweeps.begin(aSweep('swp_2', { region: 'Ahern' }));
    await world.clock.advance(5 * MINUTE_MS);
    const again = { startedAt: world.clock.now(), regions: ['Cuddle', 'Ahern'] };
    await world.sweeps.begin(aSweep('swp_3', again));
    await world.clock.advance(2 * MINUTE_MS);
    expect(await kept('swp_1')).toMatchObject({
      status: 'failed',
      fault: 'It did not come to its end before a later run over the same rentals was started.',
    });
    expect(await kept('swp_2')).toMatchObject({ status: 'incomplete', fault: null });
    expect(await kept('swp_3')).toMatchObject({ status: 'incomplete', fault: null });
  });

  it('gives way to the nightly one, unless it only looks', async () => {
    world.start('a', NIGHTLY_ONLY);
    await world.sweeps.begin(aSweep('swp_1', { dryRun: false }));
    await world.sweeps.begin(aSweep('swp_2', { dryRun: true }));
    await world.clock.advance(32 * MINUTE_MS);
    expect((await kept('swp_1'))?.status).toBe('failed');
    expect((await kept('swp_2'))?.status).toBe('incomplete');
    expect((await kept(RESYNC))?.status).toBe('incomplete');
  });

  it('is tried once before it gives way to another', async () => {
    world.comesTo = 'complete';
    const later = plusMs(NIGHT, 1);
    await world.sweeps.begin(aSweep('swp_1'));
    await world.sweeps.begin(aSweep('swp_2', { startedAt: later }));
    world.start('a', NIGHTLY_ONLY);
    await world.clock.advance(MINUTE_MS);
    expect(world.ids()).toEqual(['swp_1', 'swp_2']);
  });
});

it('goes on with the nightly sweep behind a hundred that people asked for', async () => {
  for (let n = 0; n < 100; n += 1) {
    await world.sweeps.begin(aSweep(`swp_${n}`, { region: `Region ${n}` }));
  }
  const fire = { dryRun: false, dueAt: plusMs(NIGHT, 1), startedAt: plusMs(NIGHT, 1) };
  await world.sweeps.begin(aSweep(RESYNC, fire));
  await world.clock.advance(1);
  world.start('a', NIGHTLY_ONLY);
  await world.clock.advance(1_000);
  expect(world.ids()[0]).toBe(RESYNC);
});
