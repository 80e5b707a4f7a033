/**
 * Equal unit, payer and amount within a span of time, asked for many groups in one read: each row
 * keeps a slot, its group and week in one text, so that one index on one field serves; pairs
 * nothing.
 */
import type { AgentKey, UnitId } from '../domain/ids';
import type { Instant } from '../domain/time';
import type { GroupQuery } from '../flows/ports/money-ports';

const WEEK_MS = 604_800_000;
/** Weeks since 1970 until beyond 2100 have at most four digits; equal widths sort as numbers do. */
const WEEK_DIGITS = 4;
/** A longer span is asked for as a range of slots, which cannot share a read with others. */
const MOST_SLOTS = 60;

export interface Group {
  readonly unitId: UnitId;
  readonly payer: AgentKey;
  readonly amount: number;
}

/** `at` null: a time that nobody knows; those rows of a group share one slot. */
export function slotOf(group: Group, at: Instant | null): string {
  return `${groupText(group)} ${at === null ? UNTIMED : week(at)}`;
}

export interface SlotFilters {
  /** Single slots of all short spans together. */
  readonly slots: readonly string[];
  /** First and last slot of each long span. */
  readonly ranges: readonly (readonly [from: string, to: string])[];
}

/** @param untimed whether rows without a known time are asked for as well. */
export function slotFilters(
  queries: readonly GroupQuery[],
  { untimed }: { readonly untimed: 'with' | 'without' },
): SlotFilters {
  const slots = new Set<string>();
  const ranges: [string, string][] = [];
  for (const query of queries) {
    const [first, last] = [Math.floor(query.from / WEEK_MS), Math.floor(query.to / WEEK_MS)];
    if (untimed === 'with') slots.add(slotOf(query, null));
    if (last - first >= MOST_SLOTS)
      ranges.push([slotOf(query, query.from), slotOf(query, query.to)]);
    else for (let at = first; at <= last; at += 1) slots.add(`${groupText(query)} ${digits(at)}`);
  }
  return { slots: [...slots], ranges };
}

/** Says of a row's group and time whether any query asks for it; slots are wider than spans. */
export function spanFilter(
  queries: readonly GroupQuery[],
): (group: Group, at: Instant, reachMs: number) => boolean {
  const spans = new Map<string, GroupQuery[]>();
  for (const query of queries) {
    const text = groupText(query);
    spans.set(text, [...(spans.get(text) ?? []), query]);
  }
  return (group, at, reachMs) =>
    (spans.get(groupText(group)) ?? []).some(
      ({ from, to }) => from - reachMs <= at && at <= to + reachMs,
    );
}

const UNTIMED = '?';

/** Ids of units have no blanks, so that no two groups share a text. */
const groupText = ({ unitId, payer, amount }: Group): string => `${unitId} ${payer} ${amount}`;
const week = (at: Instant): string => digits(Math.floor(at / WEEK_MS));
const digits = (weeks: number): string => String(Math.max(0, weeks)).padStart(WEEK_DIGITS, '0');
