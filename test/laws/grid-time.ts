/** The grid's calendar as the platform's own zone tables tell it: a second opinion for tests. */

const SLT = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  weekday: 'short',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
});

export interface GridTime {
  readonly weekday: string;
  readonly year: number;
  /** 1–12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

export function gridTimeOf(ms: number): GridTime {
  const parts = new Map(SLT.formatToParts(ms).map(({ type, value }) => [type, value]));
  const number = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name));
  return {
    weekday: parts.get('weekday') ?? '',
    year: number('year'),
    month: number('month'),
    day: number('day'),
    hour: number('hour'),
    minute: number('minute'),
  };
}

/** Days of the calendar month, by the rule that everyone learns at school. */
export function daysOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Seconds of the calendar month, in grid time, in which `ms` lies. */
export function gridMonthSeconds(ms: number): number {
  const { year, month } = gridTimeOf(ms);
  return daysOfMonth(year, month) * 86_400;
}
