/**
 * The judge: holds what tenants really paid, as the provider simulator knows it, against what the
 * service says. Pure; asks nobody, and believes neither.
 */
import type { Instant } from '../../src/domain/time';
import type { UnitRecord } from '../sim-provider/records';
import type { SimControl } from '../sim-provider/simulator';
import type { RealPayment } from '../sim-provider/truth';
import type { EntrySeen, PaymentSeen } from './admin-client';

export interface PaymentsJudged {
  readonly made: number;
  readonly creditedOnce: number;
  readonly creditedTwice: number;
  readonly lost: number;
  /** Credited once, but with other seconds than the money bought. */
  readonly wrongTime: number;
  /** What the service lists beyond the real payments: one payment taken for two. */
  readonly invented: number;
}

/** @param ledgers every entry of every rental. */
export function judgePayments(
  real: readonly Pick<RealPayment, 'txId' | 'seconds'>[],
  ledgers: readonly EntrySeen[],
  listed: readonly PaymentSeen[],
): PaymentsJudged {
  const reversed = new Set(ledgers.flatMap(({ reverses }) => reverses ?? []));
  const standing = ledgers.filter(({ id, kind }) => kind === 'paid' && !reversed.has(id));
  const credits = new Map<string, EntrySeen[]>();
  for (const entry of standing) {
    const id = entry.paymentId ?? entry.id;
    credits.set(id, [...(credits.get(id) ?? []), entry]);
  }
  const found = real.map(({ txId, seconds }) => ({ seconds, by: credits.get(`tx:${txId}`) ?? [] }));
  const once = found.filter(({ by }) => by.length === 1);
  const known = new Set(real.map(({ txId }) => txId));
  const isReal = ({ txId }: PaymentSeen): boolean => txId !== null && known.has(txId);
  return {
    made: real.length,
    creditedOnce: once.length,
    creditedTwice: found.filter(({ by }) => by.length > 1).length,
    lost: found.filter(({ by }) => by.length === 0).length,
    wrongTime: once.filter(({ seconds, by }) => by[0]?.seconds !== seconds).length,
    invented: listed.filter((payment) => !isReal(payment)).length,
  };
}

type Claim = Pick<UnitRecord, 'status' | 'rentedUntil'>;

/** What the provider shows is `overdue`, whatever it may say beside it. */
export function showsOverdue({ status, rentedUntil }: Claim, now: Instant): boolean {
  return status === 'overdue' || rentedUntil === null || rentedUntil <= now;
}

/** Paid for at this instant, every payment counted once, whatever has become of it. */
export function isPaidAt(rightfulUntil: Instant | null, at: number): boolean {
  return rightfulUntil !== null && rightfulUntil > at;
}

/** The provider's arithmetic and ours may differ by less than this. */
const TOLERANCE_MS = 1_000;

export function isRight(shown: number | null, rightful: Instant | null): boolean {
  if (shown === null || rightful === null) return shown === rightful;
  return Math.abs(shown - rightful) <= TOLERANCE_MS;
}

/** Ids of units that the provider shows as overdue at this moment although they are paid. */
export function wronglyOverdueThere(
  provider: Pick<SimControl, 'units' | 'rightfulUntil' | 'state'>,
): readonly string[] {
  const now = provider.state().time;
  return [...provider.units()]
    .filter((unit) => showsOverdue(unit, now) && isPaidAt(provider.rightfulUntil(unit.id), now))
    .map(({ id }) => id);
}
