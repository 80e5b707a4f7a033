/** Checks the machine's clock behind the port, with Node's timers replaced so that nobody waits. */
import { realClock } from '../../src/jobs/real-clock';
import { toRfc3339 } from '../../src/domain/time';

const DAY_MS = 86_400_000;

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2026-06-01T12:00:30.250Z') });
});

afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

describe('the real clock', () => {
  it('tells the present instant', () => {
    expect(toRfc3339(realClock.now())).toBe('2026-06-01T12:00:30.250Z');
  });

  it('runs once after the delay, not before', () => {
    const run = jest.fn();
    realClock.after(500, run);
    jest.advanceTimersByTime(499);
    expect(run).not.toHaveBeenCalled();
    jest.advanceTimersByTime(10_000);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('runs at once for a delay that has already passed', () => {
    const run = jest.fn();
    realClock.after(-5, run);
    jest.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('waits longer than one timer can hold', () => {
    const run = jest.fn();
    realClock.after(60 * DAY_MS, run);
    jest.advanceTimersByTime(60 * DAY_MS - 1);
    expect(run).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('never runs what was cancelled, not even half-way through a long delay', () => {
    const run = jest.fn();
    const cancel = realClock.after(60 * DAY_MS, run);
    jest.advanceTimersByTime(30 * DAY_MS);
    cancel();
    jest.advanceTimersByTime(60 * DAY_MS);
    expect(run).not.toHaveBeenCalled();
  });

  it('fires a cron task at each due instant and says which one it was', () => {
    const dues: string[] = [];
    const task = every('* * * * *', dues);
    expect(task.nextAt()).toBe(Date.parse('2026-06-01T12:01:00Z'));
    jest.advanceTimersByTime(2 * 60_000);
    task.stop();
    jest.advanceTimersByTime(10 * 60_000);
    expect(dues).toEqual(['2026-06-01T12:01:00.000Z', '2026-06-01T12:02:00.000Z']);
    expect(task.nextAt()).toBeNull();
  });

  it('makes up for missed instants by one fire, for the latest, when the machine wakes', () => {
    const dues: string[] = [];
    const task = every('0 * * * *', dues);
    jest.setSystemTime(Date.parse('2026-06-01T17:20:00Z'));
    jest.advanceTimersByTime(60_000);
    expect(dues).toEqual(['2026-06-01T17:00:00.000Z']);
    expect(task.nextAt()).toBe(Date.parse('2026-06-01T18:00:00Z'));
    task.stop();
  });

  it('does not fire early when the machine’s clock is set back', () => {
    const dues: string[] = [];
    const task = every('0 * * * *', dues);
    jest.setSystemTime(Date.parse('2026-06-01T11:30:00Z'));
    jest.advanceTimersByTime(60 * 60_000);
    expect(dues).toEqual([]);
    task.stop();
  });
});

function every(expression: string, dues: string[]): ReturnType<typeof realClock.cron> {
  return realClock.cron({
    name: 'settle',
    expression,
    timeZone: 'America/Los_Angeles',
    fire: (dueAt) => dues.push(toRfc3339(dueAt)),
  });
}
