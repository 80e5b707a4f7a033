/** What of a tenancy's money could be given back at an instant; makes no entry. */
import type { Entry } from '../ledger/entry';
import { activeEntries, tenancyStart } from '../ledger/ledger';
import type { Tenancy } from '../ledger/tenancy';
import { SECOND_MS, type Instant } from '../time';

/**
 * Whole L$ (law 9): elapsed time uses up paid and external seconds first, oldest first; what is
 * left of them counts at the price it was bought for, rounded down.
 */
export function refundable(
  tenancy: Pick<Tenancy, 'start'>,
  entries: readonly Entry[],
  now: Instant,
): number {
  const startedAt = tenancyStart(tenancy, entries);
  if (startedAt === null) return 0;
  let used = Math.max(0, Math.floor((now - startedAt) / SECOND_MS));
  let left = 0;
  const returned = amountsReturned(entries);
  for (const entry of bought(entries)) {
    const back = returned.get(entry.paymentId ?? '') ?? { seconds: 0, amount: 0 };
    const bought = {
      seconds: entry.seconds + back.seconds,
      amount: (entry.amount ?? 0) + back.amount,
    };
    if (bought.seconds <= 0) continue;
    const rest = Math.max(0, bought.seconds - used);
    used = Math.max(0, used - bought.seconds);
    left += (rest * bought.amount) / bought.seconds;
  }
  return Math.floor(left + 1e-9);
}

/** Standing paid and external entries, oldest payment first. */
function bought(entries: readonly Entry[]): Entry[] {
  return activeEntries(entries)
    .filter((entry) => entry.kind === 'paid' || entry.kind === 'external')
    .sort((a, b) => (a.paidAt ?? a.at) - (b.paidAt ?? b.at) || a.seq - b.seq);
}

/** What the box gave back already, by payment; negative numbers. */
function amountsReturned(
  entries: readonly Entry[],
): Map<string, { seconds: number; amount: number }> {
  const sums = new Map<string, { seconds: number; amount: number }>();
  for (const entry of activeEntries(entries)) {
    if (entry.kind !== 'refund' || entry.paymentId === null) continue;
    const sum = sums.get(entry.paymentId) ?? { seconds: 0, amount: 0 };
    sums.set(entry.paymentId, {
      seconds: sum.seconds + entry.seconds,
      amount: sum.amount + (entry.amount ?? 0),
    });
  }
  return sums;
}
