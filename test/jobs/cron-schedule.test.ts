/** Checks when a cron expression falls due, above all where summer time begins and ends. */
import { createTask } from 'node-cron';
import { instant, toRfc3339, type Instant } from '../../src/domain/time';
import { cronSchedule } from '../../src/jobs/cron-schedule';

const SLT = 'America/Los_Angeles';

describe('a cron schedule', () => {
  it('falls due every minute through the hour that autumn repeats', () => {
    const dues = list('* * * * *', SLT, '2026-11-01T08:00:00Z', 180);
    expect(dues[0]).toBe('2026-11-01T08:01:00.000Z');
    expect(dues[179]).toBe('2026-11-01T11:00:00.000Z');
  });

  it('falls due once where a named hour is repeated, and again the next day', () => {
    expect(list('30 1 * * *', SLT, '2026-10-31T12:00:00Z', 3)).toEqual([
      '2026-11-01T08:30:00.000Z',
      '2026-11-02T09:30:00.000Z',
      '2026-11-03T09:30:00.000Z',
    ]);
  });

  it('falls due at the end of the gap when spring skips its hour', () => {
    expect(list('30 2 * * *', SLT, '2026-03-07T11:00:00Z', 2)).toEqual([
      '2026-03-08T10:00:00.000Z',
      '2026-03-09T09:30:00.000Z',
    ]);
  });

  it('falls due at half past three in the grid’s own time all year', () => {
    expect(list('30 3 * * *', SLT, '2026-03-07T00:00:00Z', 3)).toEqual([
      '2026-03-07T11:30:00.000Z',
      '2026-03-08T10:30:00.000Z',
      '2026-03-09T10:30:00.000Z',
    ]);
  });

  it('obeys a seconds field', () => {
    expect(list('*/20 * * * * *', SLT, '2026-11-01T08:59:30Z', 3)).toEqual([
      '2026-11-01T08:59:40.000Z',
      '2026-11-01T09:00:00.000Z',
      '2026-11-01T09:00:20.000Z',
    ]);
  });

  it('is never due at the instant it is asked from', () => {
    expect(list('* * * * *', 'UTC', '2026-06-01T00:00:00Z', 1)).toEqual([
      '2026-06-01T00:01:00.000Z',
    ]);
  });

  it('finds a leap day years ahead, and says so when a date never comes within five years', () => {
    expect(list('0 0 29 2 *', SLT, '2026-06-01T00:00:00Z', 1)).toEqual([
      '2028-02-29T08:00:00.000Z',
    ]);
    // node-cron wants day and weekday both: the next such Monday is in 2044.
    const rare = cronSchedule('0 0 29 2 1', SLT);
    expect(rare.nextAfter(at('2026-06-01T00:00:00Z'))).toBeNull();
  });

  it('handles zones whose offset is not whole hours, and clocks that change at midnight', () => {
    expect(list('0 0 * * *', 'Asia/Kathmandu', '2026-06-01T12:00:00Z', 1)).toEqual([
      '2026-06-01T18:15:00.000Z',
    ]);
    // Cairo jumps from 00:00 to 01:00 on the last Friday of April.
    expect(list('15 0 * * *', 'Africa/Cairo', '2026-04-23T12:00:00Z', 2)).toEqual([
      '2026-04-23T22:00:00.000Z',
      '2026-04-24T21:15:00.000Z',
    ]);
  });

  it('agrees minute by minute with node-cron wherever no clock changes', () => {
    for (const expression of ['*/7 * * * *', '15,45 */5 9-17 * * 1-5', '0 12 L * *', '5 4 3 * *']) {
      const judge = createTask(expression, () => undefined, { timezone: SLT });
      const from = at('2026-06-29T00:00:00Z');
      const expected: string[] = [];
      for (let minute = 1; minute <= 5 * 1_440; minute += 1) {
        const t = (from + minute * 60_000) as Instant;
        if (judge.match(new Date(t))) expected.push(toRfc3339(t));
      }
      void judge.destroy();
      expect(list(expression, SLT, '2026-06-29T00:00:00Z', expected.length)).toEqual(expected);
    }
  });

  it.each(['', '* * * *', '61 * * * *', '@daily', 'a b c d e'])('refuses %p', (expression) => {
    expect(() => cronSchedule(expression, SLT)).toThrow();
  });

  it('refuses a zone that does not exist', () => {
    expect(() => cronSchedule('* * * * *', 'Mars/Olympus')).toThrow();
  });
});

function at(text: string): Instant {
  return instant(Date.parse(text));
}

function list(expression: string, zone: string, from: string, count: number): string[] {
  const schedule = cronSchedule(expression, zone);
  const dues: string[] = [];
  for (let t = schedule.nextAfter(at(from)); t !== null && dues.length < count;) {
    dues.push(toRfc3339(t));
    t = schedule.nextAfter(t);
  }
  return dues;
}
