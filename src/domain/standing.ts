/**
 * What we claim about a rental at an instant, and why: one pure function for boxes, managers and
 * sweeps.
 */
import type { Rental, UnitClaim } from './rental';
import { termsAt } from './ledger/price';
import { durationForPeople, forPeople, HOUR_MS, plusMs, type Instant } from './time';

export const STAGES = ['vacant', 'paid', 'due', 'grace', 'overdue', 'safe'] as const;
export type Stage = (typeof STAGES)[number];

export const REASON_CODES = [
  'payment-unresolved',
  'hold',
  'incident',
  'no-fresh-evidence',
  'provider-shows-time',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

export interface Reason {
  readonly code: ReasonCode;
  readonly text: string;
}

export interface Standing {
  readonly stage: Stage;
  /** Null when vacant. */
  readonly paidUntil: Instant | null;
  readonly limit: Instant | null;
  readonly reasons: readonly Reason[];
  readonly asOf: Instant;
}

/** A time when the provider or we could not be trusted; `until` null = it still stands. */
export interface Incident {
  readonly from: Instant;
  readonly until: Instant | null;
}

export interface StandingRules {
  readonly zone: string;
  readonly graceHours: number;
  readonly dueDays: number;
  readonly incidents: readonly Incident[];
}

/** The part of a rental that its standing rests on. */
export type StandingFacts = Pick<
  Rental,
  'tenancy' | 'cache' | 'holds' | 'claim' | 'verifiedBy' | 'boxClearAt' | 'timeUsedUpAt' | 'terms'
>;

/**
 * Law 4, two keys to overdue: our ledger's limit, and a word from outside that is newer than it.
 */
export function standingOf(facts: StandingFacts, now: Instant, rules: StandingRules): Standing {
  const { cache } = facts;
  const folded = facts.tenancy !== null && cache?.tenancyId === facts.tenancy.id;
  if (!folded || cache.paidUntil === null) {
    const reasons = reasonsFor(facts, { now, limit: null, rules });
    return { stage: 'vacant', paidUntil: null, limit: null, reasons, asOf: now };
  }
  const { paidUntil } = cache;
  const limit = limitOf(facts, now, rules)!;
  const reasons = reasonsFor(facts, { now, limit, rules });
  return {
    stage: stageAt({ facts, now, paidUntil, limit, rules }),
    paidUntil,
    limit,
    reasons,
    asOf: now,
  };
}

/** possibly-paid-until + grace, grace lengthened by the union of the incidents that overlap it. */
export function limitOf(facts: StandingFacts, now: Instant, rules: StandingRules): Instant | null {
  const possibly = facts.cache?.possiblyPaidUntil ?? null;
  if (possibly === null) return null;
  const own = termsAt(facts.terms, now).graceHours;
  const graceMs = (own ?? rules.graceHours) * HOUR_MS;
  return lengthened(possibly, graceMs, mergedIncidents(rules.incidents, now));
}

/** Whether the word from outside, newer than the limit, says that the time is used up. */
export function secondKeyAgrees(facts: StandingFacts, limit: Instant, now: Instant): boolean {
  if (facts.timeUsedUpAt !== null && facts.timeUsedUpAt >= limit) return true;
  if (facts.verifiedBy === 'box') return facts.boxClearAt !== null && facts.boxClearAt > limit;
  return facts.claim !== null && wordOf(facts.claim, limit, now) === 'used-up';
}

/** What the provider's claim says about time, once the limit has passed. */
export function wordOf(
  claim: UnitClaim,
  limit: Instant,
  now: Instant,
): 'used-up' | 'shows-time' | 'stale' | 'nothing' {
  if (claim.currentThrough === null || claim.currentThrough <= limit) return 'stale';
  if (claim.status === 'unreachable') return 'nothing';
  if (claim.rentedUntil !== null) return claim.rentedUntil <= now ? 'used-up' : 'shows-time';
  return claim.status === 'overdue' || claim.status === 'available' ? 'used-up' : 'nothing';
}

function stageAt(input: {
  readonly facts: StandingFacts;
  readonly now: Instant;
  readonly paidUntil: Instant;
  readonly limit: Instant;
  readonly rules: StandingRules;
}): Stage {
  const { facts, now, paidUntil, limit, rules } = input;
  if (now < paidUntil)
    return plusMs(now, rules.dueDays * 24 * HOUR_MS) > paidUntil ? 'due' : 'paid';
  if (now < limit) return 'grace';
  const forbidden = standingHolds(facts, now).length > 0 || incidentStands(rules, now);
  return !forbidden && secondKeyAgrees(facts, limit, now) ? 'overdue' : 'safe';
}

function reasonsFor(
  facts: StandingFacts,
  at: { readonly now: Instant; readonly limit: Instant | null; readonly rules: StandingRules },
): Reason[] {
  const { now, limit, rules } = at;
  const reasons: Reason[] = [];
  const pending = facts.cache?.pending ?? 0;
  if (pending > 0) reasons.push({ code: 'payment-unresolved', text: pendingText(pending) });
  for (const hold of standingHolds(facts, now)) {
    const until = forPeople(hold.until, rules.zone);
    reasons.push({ code: 'hold', text: `Protected until ${until}: ${hold.reason}` });
  }
  if (incidentStands(rules, now)) {
    reasons.push({ code: 'incident', text: 'An incident is under way; nothing becomes overdue.' });
  }
  if (limit !== null && now >= limit)
    reasons.push(...evidenceReasons(facts, { now, limit, rules }));
  return reasons;
}

function evidenceReasons(
  facts: StandingFacts,
  at: { readonly now: Instant; readonly limit: Instant; readonly rules: StandingRules },
): Reason[] {
  if (secondKeyAgrees(facts, at.limit, at.now)) return [];
  const since = durationForPeople((at.now - at.limit) / 1000);
  const noWord: Reason = {
    code: 'no-fresh-evidence',
    text:
      facts.verifiedBy === 'box'
        ? `The box has not said since the limit, ${since} ago, that nothing waits in it.`
        : `The provider has given no usable word since the limit, ${since} ago.`,
  };
  if (facts.verifiedBy === 'box' || facts.claim === null) return [noWord];
  const word = wordOf(facts.claim, at.limit, at.now);
  if (word !== 'shows-time' || facts.claim.rentedUntil === null) return [noWord];
  const until = forPeople(facts.claim.rentedUntil, at.rules.zone);
  return [{ code: 'provider-shows-time', text: `The provider shows time until ${until}.` }];
}

function standingHolds(facts: StandingFacts, now: Instant): Rental['holds'] {
  return facts.holds.filter((hold) => hold.releasedAt === null && now < hold.until);
}

function incidentStands(rules: StandingRules, now: Instant): boolean {
  return rules.incidents.some((one) => one.from <= now && (one.until === null || now < one.until));
}

function pendingText(pending: number): string {
  return pending === 1 ? 'A payment is being verified.' : `${pending} payments are being verified.`;
}

/** Incidents as disjoint spans in order of time; one that still stands reaches to now. */
function mergedIncidents(incidents: readonly Incident[], now: Instant): [number, number][] {
  const spans = incidents
    .map((one): [number, number] => [one.from, one.until ?? Math.max(now, one.from)])
    .sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, until] of spans) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], until);
    else merged.push([from, until]);
  }
  return merged;
}

/** Time inside an incident does not use up grace. */
function lengthened(start: Instant, graceMs: number, spans: readonly [number, number][]): Instant {
  let end = start + graceMs;
  for (const [from, until] of spans) {
    const begins = Math.max(from, start);
    if (until > begins && begins < end) end += until - begins;
  }
  return end as Instant;
}
