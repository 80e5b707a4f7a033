/** What is written down of a repair, before and after, as a person reads it; writes nothing. */
import type { Rental, RentalCache } from '../../domain/rental';
import type { RepairKind } from '../../domain/sweep';
import { toRfc3339, type Instant } from '../../domain/time';
import type { UnitWord } from '../../domain/unit';
import type { RepairDraft } from './repair-book';

export function missedTransaction(before: Rental, after: Rental, now: Instant): RepairDraft[] {
  if (
    before.cache?.throughSeq === after.cache?.throughSeq &&
    before.tenancy?.id === after.tenancy?.id
  ) {
    return [];
  }
  const repair: RepairDraft = {
    rentalId: after.id,
    kind: 'missed-transaction',
    before: { paidUntil: shown(before.cache?.paidUntil ?? null) },
    after: { paidUntil: shown(after.cache?.paidUntil ?? null) },
    at: now,
  };
  return [repair];
}

export function repairOf(
  rental: Rental,
  kind: RepairKind,
  at: Instant,
  unit: UnitWord | null,
  becomes: Instant | null,
): RepairDraft {
  return {
    rentalId: rental.id,
    kind,
    before: {
      unit: rental.unitId,
      status: unit?.status ?? null,
      tenant: unit?.tenant?.key ?? null,
      rentedUntil: shown(unit?.rentedUntil ?? null),
    },
    after: { unit: rental.unitId, rentedUntil: shown(becomes) },
    at,
  };
}

export const shownCache = (cache: RentalCache | null) => ({
  paidUntil: shown(cache?.paidUntil ?? null),
  possiblyPaidUntil: shown(cache?.possiblyPaidUntil ?? null),
  pending: cache?.pending ?? null,
  seconds: cache?.seconds ?? null,
  throughSeq: cache?.throughSeq ?? null,
});

export const shown = (at: Instant | null): string | null => (at === null ? null : toRfc3339(at));
