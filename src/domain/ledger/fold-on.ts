/**
 * Folds a tenancy on from what is cached of it, where that comes to the same as from the
 * beginning.
 */
import { plusSeconds, type Instant, type Seconds } from '../time';
import type { Rental } from '../rental';
import type { Entry } from './entry';
import { foldLedger, type LedgerFold } from './ledger';
import type { Tenancy } from './tenancy';

const EMPTY: LedgerFold = {
  startedAt: null,
  seconds: 0 as Seconds,
  paidUntil: null,
  throughSeq: 0,
};

/** The fold up to what the rental has cached of this tenancy; of nothing, where it has not. */
export function baseOf(rental: Rental, tenancy: Tenancy): LedgerFold {
  const { cache } = rental;
  return cache !== null && cache.tenancyId === tenancy.id ? cache : EMPTY;
}

/** Null where the entries that came since may have moved the tenancy's start to a later instant. */
export function foldOn(
  base: LedgerFold,
  tenancy: Tenancy,
  added: readonly Entry[],
): LedgerFold | null {
  if (added.length === 0 && base.startedAt !== null) return base;
  if (base.throughSeq === 0) return foldLedger(tenancy, added);
  const mayMove = base.startsUnpaid === true || added.some((entry) => entry.kind === 'reversal');
  if (tenancy.start.by === 'payments' && mayMove) return null;
  const more = foldLedger(tenancy, added);
  const isPaid = base.startedAt !== null && more.startsUnpaid === true;
  const startedAt = isPaid ? base.startedAt : earliest(base.startedAt, more.startedAt);
  const total = (base.seconds + more.seconds) as Seconds;
  return {
    startedAt,
    seconds: total,
    paidUntil: startedAt === null ? null : plusSeconds(startedAt, total),
    throughSeq: Math.max(base.throughSeq, more.throughSeq),
    ...(base.startedAt === null && more.startsUnpaid === true && { startsUnpaid: true }),
  };
}

function earliest(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b) as Instant;
}
