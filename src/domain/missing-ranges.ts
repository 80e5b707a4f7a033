/**
 * Missing numbers of a stream, kept as a bounded list of ranges; knows nothing of why they miss.
 */
import { earlier, type Instant } from './time';

/** `from`–`to`, both included, missing since `since` (the oldest of them). */
export interface MissingRange {
  readonly from: number;
  readonly to: number;
  readonly since: Instant;
}

/** Ascending and disjoint; at most MAX_RANGES. */
export type MissingRanges = readonly MissingRange[];

/** Above it all ranges become one: numbers between them then count as missing, which is safe. */
export const MAX_RANGES = 256;

/** Adds a range that lies above all others. */
export function withRange(ranges: MissingRanges, added: MissingRange): MissingRanges {
  return bounded([...ranges, added]);
}

/**
 * Takes one number out. The part of its range that lies above it is as old as before, or
 * `sinceAbove` where that is given.
 */
export function withoutNumber(
  ranges: MissingRanges,
  seq: number,
  sinceAbove: Instant | null,
): MissingRanges {
  const at = ranges.findIndex((range) => range.from <= seq && seq <= range.to);
  const range = ranges[at];
  if (range === undefined) return ranges;
  const below = { ...range, to: seq - 1 };
  const above = { from: seq + 1, to: range.to, since: sinceAbove ?? range.since };
  const parts = [below, above].filter((part) => part.from <= part.to);
  return bounded([...ranges.slice(0, at), ...parts, ...ranges.slice(at + 1)]);
}

/** Takes out every number up to `seq`. */
export function dropUpTo(ranges: MissingRanges, seq: number): MissingRanges {
  return ranges
    .filter((range) => range.to > seq)
    .map((range) => (range.from > seq ? range : { ...range, from: seq + 1 }));
}

function bounded(ranges: MissingRanges): MissingRanges {
  const first = ranges[0];
  const last = ranges.at(-1);
  if (ranges.length <= MAX_RANGES || first === undefined || last === undefined) return ranges;
  const since = ranges.map((range) => range.since).reduce(earlier);
  return [{ from: first.from, to: last.to, since }];
}
