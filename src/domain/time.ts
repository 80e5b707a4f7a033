/**
 * Instants, calendar months and how people see them; the only domain file that imports a package
 * (luxon).
 */
import { DateTime } from 'luxon';
import { RefusedValue, type Branded } from './brand';

/** Milliseconds since the epoch, UTC. */
export type Instant = Branded<number, 'Instant'>;
/** Whole seconds; negative where a duration may be taken away. */
export type Seconds = Branded<number, 'Seconds'>;

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
export const DAY_SECONDS = 86_400;
export const WEEK_SECONDS = 604_800;

/** The last instant that 32-bit seconds in-world can hold: 2038-01-19T03:14:07Z. */
export const END_OF_32_BIT = ((2 ** 31 - 1) * SECOND_MS) as Instant;

const FIRST_INSTANT_MS = Date.UTC(2000, 0, 1);
const LAST_INSTANT_MS = Date.UTC(2100, 0, 1);

/** @throws RefusedValue unless `ms` is a whole number of milliseconds between 1970 and 2100. */
export function instant(ms: number): Instant {
  if (!Number.isInteger(ms) || ms < 0 || ms > LAST_INSTANT_MS) {
    throw new RefusedValue('An instant lies between 1970 and 2100, in whole milliseconds.');
  }
  return ms as Instant;
}

/** @throws RefusedValue unless `value` is a whole number. */
export function seconds(value: number): Seconds {
  if (!Number.isSafeInteger(value)) throw new RefusedValue('A duration is whole seconds.');
  return value as Seconds;
}

/** Reads RFC 3339 with a zone. @throws RefusedValue otherwise, and outside 2000–2100. */
export function parseInstant(text: string): Instant {
  const form = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;
  const day = form.exec(text)?.[1];
  const ms = day !== undefined && isDay(day) ? Date.parse(text) : Number.NaN;
  if (!(ms >= FIRST_INSTANT_MS && ms <= LAST_INSTANT_MS)) {
    throw new RefusedValue('An instant is RFC 3339 with a zone, such as 2026-03-01T12:00:00Z.');
  }
  return Math.trunc(ms) as Instant;
}

/** The engine would read 30 February as 2 March. */
function isDay(day: string): boolean {
  if (DAY_OF_ANY_MONTH.test(day)) return true;
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

/** Nine days in ten need no calendar. */
const DAY_OF_ANY_MONTH = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$/;

/** RFC 3339 UTC with milliseconds. */
export const toRfc3339 = (at: Instant): string => new Date(at).toISOString();

export const toUnix = (at: Instant): number => Math.floor(at / SECOND_MS);
/** As boxes tell the time: what happened within this second is not before it. */
export const wholeSecond = (at: Instant): Instant => fromUnix(toUnix(at));
export const fromUnix = (unixS: number): Instant => instant(unixS * SECOND_MS);
export const plusMs = (at: Instant, ms: number): Instant => (at + ms) as Instant;
export const plusSeconds = (at: Instant, s: number): Instant => (at + s * SECOND_MS) as Instant;
export const earlier = (a: Instant, b: Instant): Instant => (a <= b ? a : b);
export const later = (a: Instant, b: Instant): Instant => (a >= b ? a : b);

/** Seconds in the calendar month of `zone` that contains `at`: its days (28–31) times 86,400. */
export function calendarMonthSeconds(at: Instant, zone: string): Seconds {
  const days = DateTime.fromMillis(at, { zone }).daysInMonth;
  if (days === undefined) throw new RefusedValue(`There is no time zone named ${zone}.`);
  return (days * DAY_SECONDS) as Seconds;
}

export const isTimeZone = (zone: string): boolean =>
  DateTime.fromMillis(0, { zone }).isValid && !/^[+-]?\d/.test(zone);

/**
 * A date and time for people: `Mon 2026-03-02 14:05 SLT`; other zones carry their own short name.
 */
export function forPeople(at: Instant, zone: string): string {
  const local = DateTime.fromMillis(at, { zone }).setLocale('en');
  const name = zone === 'America/Los_Angeles' ? 'SLT' : local.toFormat('ZZZZ');
  return `${local.toFormat('ccc yyyy-MM-dd HH:mm')} ${name}`;
}

/** A duration for people: `3 d 4 h`, `5 h 10 min`, `2 min`; the sign is left to the sentence. */
export function durationForPeople(value: number): string {
  const minutes = Math.floor(Math.abs(value) / 60);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}
