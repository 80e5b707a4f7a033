/**
 * Instants are UTC and are shown in grid time, with daylight saving; durations are whole seconds.
 */
import fc from 'fast-check';
import {
  durationForPeople,
  END_OF_32_BIT,
  forPeople,
  fromUnix,
  instant,
  isTimeZone,
  parseInstant,
  plusMs,
  plusSeconds,
  seconds,
  toRfc3339,
  toUnix,
} from '../../src/domain/time';
import { gridTimeOf } from '../laws/grid-time';
import { at } from '../laws/samples';

const zone = 'America/Los_Angeles';
const anInstant = fc
  .integer({ min: Date.UTC(2005, 0, 2), max: Date.UTC(2090, 0, 1) })
  .map((ms) => instant(ms));
const two = (value: number): string => String(value).padStart(2, '0');

describe('grid time', () => {
  it.each([
    ['2026-02-19T00:57:00Z', 'Wed 2026-02-18 16:57 SLT'],
    ['2026-03-08T09:59:00Z', 'Sun 2026-03-08 01:59 SLT'],
    ['2026-03-08T10:00:00Z', 'Sun 2026-03-08 03:00 SLT'],
    ['2026-11-01T08:30:00Z', 'Sun 2026-11-01 01:30 SLT'],
    ['2026-11-01T09:30:00Z', 'Sun 2026-11-01 01:30 SLT'],
    ['2026-07-04T07:00:00Z', 'Sat 2026-07-04 00:00 SLT'],
    ['2027-01-01T07:59:59Z', 'Thu 2026-12-31 23:59 SLT'],
    ['2028-02-29T20:00:00Z', 'Tue 2028-02-29 12:00 SLT'],
  ])('shows %s as %s', (when, text) => {
    expect(forPeople(at(when), zone)).toBe(text);
  });

  it('agrees with the platform for every instant, through every change of the clocks', () => {
    fc.assert(
      fc.property(anInstant, (when) => {
        const { weekday, year, month, day, hour, minute } = gridTimeOf(when);
        const date = `${year}-${two(month)}-${two(day)}`;
        const text = `${weekday} ${date} ${two(hour)}:${two(minute)} SLT`;
        expect(forPeople(when, zone)).toBe(text);
      }),
    );
  });

  it('knows a zone from a word that is none', () => {
    expect(isTimeZone('America/Los_Angeles')).toBe(true);
    expect(isTimeZone('America/Dream_Bay')).toBe(false);
  });
});

describe('an instant', () => {
  it('comes back from its text as it was', () => {
    fc.assert(
      fc.property(anInstant, (when) => {
        expect(toRfc3339(when)).toBe(new Date(when).toISOString());
        expect(parseInstant(toRfc3339(when))).toBe(when);
      }),
    );
  });

  it('is the same instant in whatever zone it is written', () => {
    expect(parseInstant('2026-03-02T04:00:00-08:00')).toBe(at('2026-03-02T12:00:00Z'));
    expect(parseInstant('2026-03-02T17:30:00.250+05:30')).toBe(at('2026-03-02T12:00:00.250Z'));
  });

  it.each([
    '',
    'tomorrow',
    '2026-03-02T12:00:00',
    '2026-03-02',
    '2026-02-30T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-03-02T25:00:00Z',
    '9999-01-01T00:00:00Z',
  ])('is not read from "%s"', (text) => {
    expect(() => parseInstant(text)).toThrow();
  });

  it('refuses what is no whole millisecond', () => {
    for (const ms of [0.5, NaN, Infinity]) expect(() => instant(ms)).toThrow();
    for (const length of [0.5, NaN, Infinity]) expect(() => seconds(length)).toThrow();
    expect(seconds(-60)).toBe(-60);
  });

  it('moves by whole seconds and milliseconds, also backwards', () => {
    const length = fc.integer({ min: -10_000_000, max: 10_000_000 });
    fc.assert(
      fc.property(anInstant, length, (when, s) => {
        expect(plusSeconds(when, s)).toBe(when + s * 1_000);
        expect(plusMs(when, s)).toBe(when + s);
      }),
    );
  });

  it('in Unix seconds is rounded down, and 2038 is where 32 bits end', () => {
    expect(toUnix(at('2026-03-02T12:00:00.999Z'))).toBe(Date.UTC(2026, 2, 2, 12) / 1_000);
    expect(fromUnix(Date.UTC(2026, 2, 2, 12) / 1_000)).toBe(at('2026-03-02T12:00:00Z'));
    expect(toUnix(END_OF_32_BIT)).toBe(2 ** 31 - 1);
  });
});

describe('a duration', () => {
  it.each([
    [3 * 86_400 + 4 * 3_600, '3 d 4 h'],
    [5 * 3_600 + 10 * 60, '5 h 10 min'],
    [120, '2 min'],
  ])('of %i seconds reads %s', (length, text) => {
    expect(durationForPeople(length)).toBe(text);
    expect(durationForPeople(-length)).toBe(text);
  });
});
