/** A rental of one tenant with a given paid-until, for tests of its standing. */
import { parseHoldId } from '../../src/domain/ids';
import type { Hold, UnitClaim } from '../../src/domain/rental';
import type { StandingFacts, StandingRules } from '../../src/domain/standing';
import { instant, seconds, type Instant } from '../../src/domain/time';
import { UNIT_STATUSES, type UnitStatus } from '../../src/domain/unit';
import { agent, rentalOf, SETTINGS } from '../support/estate';
import { at, TENANCY } from './samples';

export const STATUSES: readonly UnitStatus[] = [...UNIT_STATUSES, 'unknown'];

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const PAID_UNTIL = at('2026-05-10T12:00:00Z');
export const GRACE_MS = SETTINGS.graceHours * HOUR;

export function facts(over: Partial<StandingFacts> = {}): StandingFacts {
  const { terms } = rentalOf(1);
  return {
    tenancy: { id: TENANCY, tenant: agent(1) },
    cache: {
      tenancyId: TENANCY,
      startedAt: instant(PAID_UNTIL - 7 * DAY),
      seconds: seconds(604_800),
      throughSeq: 1,
      paidUntil: PAID_UNTIL,
      possiblyPaidUntil: PAID_UNTIL,
      pending: 0,
    },
    holds: [],
    claim: null,
    verifiedBy: 'provider',
    boxClearAt: null,
    timeUsedUpAt: null,
    terms,
    ...over,
  };
}

export const rules = (over: Partial<StandingRules> = {}): StandingRules => ({
  zone: SETTINGS.zone,
  graceHours: SETTINGS.graceHours,
  dueDays: SETTINGS.dueDays,
  incidents: [],
  ...over,
});

/** The provider's word about the unit, current through the given instant. */
export const claimOf = (currentThrough: Instant | null, over: Partial<UnitClaim>): UnitClaim => ({
  status: 'overdue',
  rentedUntil: PAID_UNTIL,
  tenant: agent(1),
  version: 3,
  streamRank: 1,
  seenAt: currentThrough ?? PAID_UNTIL,
  currentThrough,
  ...over,
});

/** It says that the time is used up since paid-until. */
export const usedUp = (currentThrough: Instant): UnitClaim => claimOf(currentThrough, {});

export const hold = (over: Partial<Hold> = {}): Hold => ({
  id: parseHoldId('hold_1'),
  reason: 'The tenant is ill.',
  author: 'Manager',
  createdAt: PAID_UNTIL,
  until: instant(PAID_UNTIL + 14 * DAY),
  releasedAt: null,
  ...over,
});
