/** When a cron expression is due in a time zone: instants only, it starts no timer. */
import { createTask } from 'node-cron';
import type { Instant } from '../domain/time';

export interface CronSchedule {
  /** The first due instant after `at`, or null when there is none within five years. */
  nextAfter(at: Instant): Instant | null;
}

const SECOND = 1_000;
const MINUTE = 60_000;
/** Every zone's offset is a multiple of this, so days and hours change only at such instants. */
const QUARTER = 15 * MINUTE;
const DAY = 86_400_000;
const WIDEST_SHIFT = 3 * 3_600_000;
const FARTHEST = 5 * 366 * DAY;

/**
 * Five fields, or six with seconds first; throws an Error that names the fault.
 *
 * node-cron reads the expression and judges each wall time. The walk over time is ours, because
 * its own leaves out the whole repeated hour when summer time ends: a sweep of every minute would
 * rest for an hour. Here an expression whose hour field is `*` goes by elapsed time; one that names
 * hours is due once for each wall time: at its first occurrence where the hour is repeated, and at
 * the end of the gap where the clock jumps over it.
 */
export function cronSchedule(expression: string, timeZone: string): CronSchedule {
  const judge = judgeOf(expression);
  const wall = wallClockOf(timeZone);
  return {
    nextAfter(at) {
      const last = at + FARTHEST;
      let t = onGrid(at, SECOND);
      while (t <= last) {
        const candidate = dueOrLater(t, judge, wall);
        if (candidate === t) return t as Instant;
        t = candidate;
      }
      return null;
    },
  };
}

/** The first multiple of `grid` after `t`. */
const onGrid = (t: number, grid: number): number => Math.floor(t / grid) * grid + grid;

/** `t` itself when it is due, else a later instant before which none is. */
function dueOrLater(t: number, judge: Judge, wall: WallClock): number {
  const at = wall(t);
  if (judge.namesHours) {
    if (endsGapWithMatch(t, at, judge, wall)) return t;
    if (isRepeated(t, at, wall)) return onGrid(t, QUARTER);
  }
  if (!judge.day(at)) {
    const surelySameDay = DAY - (at % DAY) - WIDEST_SHIFT;
    return onGrid(t + Math.max(0, surelySameDay - QUARTER), QUARTER);
  }
  if (!judge.hour(at)) return onGrid(t, QUARTER);
  if (!judge.minute(at)) return onGrid(t, MINUTE);
  return judge.second(at) ? t : onGrid(t, SECOND);
}

function isRepeated(t: number, at: number, wall: WallClock): boolean {
  const shift = offset(t - WIDEST_SHIFT, wall) - (at - t);
  return shift > 0 && wall(t - shift) === at;
}

/** True at the first instant after the clock jumped over a wall time that is due. */
function endsGapWithMatch(t: number, at: number, judge: Judge, wall: WallClock): boolean {
  if (t % QUARTER !== 0) return false;
  const jump = at - t - offset(t - SECOND, wall);
  for (let skipped = at - jump; skipped < at; skipped += MINUTE) {
    if (judge.minute(skipped)) return true;
  }
  return false;
}

/** Each answers for a wall time, written as milliseconds as if it were UTC. */
interface Judge {
  readonly namesHours: boolean;
  day(wall: number): boolean;
  hour(wall: number): boolean;
  minute(wall: number): boolean;
  second(wall: number): boolean;
}

function judgeOf(expression: string): Judge {
  const fields = expression.trim().split(/\s+/);
  if (fields.length === 5) fields.unshift('0');
  const [seconds, minutes, hours, ...days] = fields;
  if (fields.length !== 6 || hours === undefined) {
    throw new Error('A cron expression has five fields, or six with seconds first.');
  }
  const date = days.join(' ');
  return {
    namesHours: hours !== '*' && hours !== '*/1',
    day: matcher(`* * * ${date}`),
    hour: matcher(`* * ${hours} ${date}`),
    minute: matcher(`* ${minutes} ${hours} ${date}`),
    second: matcher(`${seconds} ${minutes} ${hours} ${date}`),
  };
}

function matcher(expression: string): (wall: number) => boolean {
  const task = createTask(expression, () => undefined, { timezone: 'UTC' });
  void task.destroy();
  return (wall) => task.match(new Date(wall));
}

/** Instant → wall time of the zone, as milliseconds as if it were UTC. */
type WallClock = (t: number) => number;

const offset = (t: number, wall: WallClock): number => wall(t) - t;

function wallClockOf(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const known = new Map<number, number>();
  return (t) => {
    const quarter = Math.floor(t / QUARTER) * QUARTER;
    let offsetMs = known.get(quarter);
    if (offsetMs === undefined) {
      offsetMs = readWall(format, quarter) - quarter;
      if (known.size >= 4_096) known.clear();
      known.set(quarter, offsetMs);
    }
    return t + offsetMs;
  };
}

function readWall(format: Intl.DateTimeFormat, t: number): number {
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(t)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
