/** When an unresolved payment is next looked up, and when its look-ups are used up; asks nobody. */
import { DAY_MS, HOUR_MS, MINUTE_MS, type Instant } from '../time';

export interface LookupRules {
  /** Minutes after which the first look-ups are due, ascending. */
  readonly lookupMinutes: readonly number[];
  readonly lookupDays: number;
}

/** The first look-up due after `now`: the given minutes, then hourly, then (law 8) still daily. */
export function nextLookupAt(since: Instant, now: Instant, rules: LookupRules): Instant {
  const first = rules.lookupMinutes.map((minutes) => since + minutes * MINUTE_MS);
  const early = first.find((at) => at > now);
  if (early !== undefined) return early as Instant;
  const everyMs = now - since < rules.lookupDays * DAY_MS ? HOUR_MS : DAY_MS;
  const base = first.at(-1) ?? since;
  const passed = Math.floor((now - base) / everyMs) + 1;
  return (base + passed * everyMs) as Instant;
}

/** The widening schedule is over and the provider was asked at least once. */
export function lookupsUsedUp(
  payment: { readonly since: Instant; readonly checks: number },
  now: Instant,
  rules: LookupRules,
): boolean {
  return payment.checks > 0 && now - payment.since >= rules.lookupDays * DAY_MS;
}
