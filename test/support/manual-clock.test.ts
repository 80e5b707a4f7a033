/** Checks the clock that tests move: order, cancelling, and what is set up on the way. */
import { sleep } from '../../src/flows/ports/clock';
import { instant, toRfc3339 } from '../../src/domain/time';
import { createManualClock } from './manual-clock';

const start = instant(Date.parse('2026-06-01T12:00:30Z'));

describe('a manual clock', () => {
  it('stands still until it is moved', async () => {
    const clock = createManualClock(start);
    expect(clock.now()).toBe(start);
    await clock.advance(1_500);
    expect(clock.now()).toBe(start + 1_500);
  });

  it('runs what falls due in order of time, each at its own instant', async () => {
    const clock = createManualClock(start);
    const ran: [string, number][] = [];
    clock.after(300, () => ran.push(['late', clock.now() - start]));
    clock.after(100, () => ran.push(['first', clock.now() - start]));
    clock.after(100, () => ran.push(['second', clock.now() - start]));
    clock.after(301, () => ran.push(['never', clock.now() - start]));
    await clock.advance(300);
    expect(ran).toEqual([
      ['first', 100],
      ['second', 100],
      ['late', 300],
    ]);
    expect(clock.waiting()).toBe(1);
  });

  it('forgets what was cancelled', async () => {
    const clock = createManualClock(start);
    const run = jest.fn();
    clock.after(100, run)();
    await clock.advance(1_000);
    expect(run).not.toHaveBeenCalled();
  });

  it('lets promises settle between timers, so that loops of sleeps keep pace', async () => {
    const clock = createManualClock(start);
    const beats: number[] = [];
    const loop = (async () => {
      for (let i = 0; i < 5; i += 1) {
        await sleep(clock, 1_000);
        beats.push(clock.now() - start);
      }
    })();
    await clock.advance(5_000);
    await loop;
    expect(beats).toEqual([1_000, 2_000, 3_000, 4_000, 5_000]);
  });

  it('wakes a sleeper at once when it is told to stop', async () => {
    const clock = createManualClock(start);
    const stop = new AbortController();
    const asleep = sleep(clock, 60_000, stop.signal);
    stop.abort();
    await asleep;
    expect(clock.waiting()).toBe(0);
  });

  it('fires cron tasks for their due instants until they are stopped', async () => {
    const clock = createManualClock(start);
    const dues: string[] = [];
    const task = clock.cron({
      name: 'settle',
      expression: '* * * * *',
      timeZone: 'America/Los_Angeles',
      fire: (dueAt) => dues.push(toRfc3339(dueAt)),
    });
    await clock.advance(90_000);
    expect(task.nextAt()).toBe(Date.parse('2026-06-01T12:03:00Z'));
    task.stop();
    await clock.advance(3_600_000);
    expect(dues).toEqual(['2026-06-01T12:01:00.000Z', '2026-06-01T12:02:00.000Z']);
    expect(task.nextAt()).toBeNull();
  });

  it('refuses to go back', async () => {
    const clock = createManualClock(start);
    await expect(clock.advanceTo(instant(start - 1))).rejects.toThrow('does not go back');
  });
});
