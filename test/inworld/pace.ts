/**
 * How boxes kept to the pace that they promise: at least 2 s between calls, at most 10 a minute.
 */
import type { CallSeen } from './in-world';

export interface Pace {
  /** Calls sooner than 2 s after the one before. */
  readonly hasty: number;
  /** The most calls of one box in any minute. */
  readonly mostInAMinute: number;
  /** The most calls of one box in any 20 s; the grid takes 25. */
  readonly mostInAWindow: number;
}

const APART_S = 2;
const MINUTE_S = 60;
const WINDOW_S = 20;

export function paceOf(calls: readonly CallSeen[]): Pace {
  const times = new Map<string, number[]>();
  for (const { by, at } of calls) times.set(by, [...(times.get(by) ?? []), at]);
  const all = [...times.values()];
  const hasty = all.flatMap((own) => own.filter((at, n) => at - (own[n - 1] ?? 0) < APART_S));
  const most = (spanS: number): number =>
    Math.max(0, ...all.flatMap((own) => own.map((at) => countIn(own, at, spanS))));
  return { hasty: hasty.length, mostInAMinute: most(MINUTE_S), mostInAWindow: most(WINDOW_S) };
}

const countIn = (times: readonly number[], from: number, spanS: number): number =>
  times.filter((at) => at >= from && at < from + spanS).length;
