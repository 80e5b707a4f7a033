/**
 * Passes over units of which a person knows already what to set, and the provider would not: each
 * attempt makes a new word about the unit, and that would lead to the next attempt, without end.
 */
import type { RentalId } from '../../domain/ids';
import type { Rental } from '../../domain/rental';
import { expiryToSet } from '../../domain/resync';
import type { Instant } from '../../domain/time';
import type { Clock } from '../ports/clock';
import type { BreakStore } from '../ports/money-ports';

/** A rental whose unit shows less time than `ours`, or calls it overdue. */
export interface ShortRental {
  readonly rental: Rental;
  readonly ours: Instant;
}

/**
 * Those that must be looked at now. Left out is only what is noted for another attempt later, and
 * stands as an open break about just this time: once more is paid, the provider is told at once.
 */
export async function notLeftToPeople(
  { breaks, clock }: { readonly breaks: BreakStore; readonly clock: Pick<Clock, 'now'> },
  short: readonly ShortRental[],
): Promise<RentalId[]> {
  const now = clock.now();
  const ids = short.flatMap(({ rental }) => ((rental.resyncAt ?? now) > now ? rental.id : []));
  const open = ids.length === 0 ? [] : await breaks.openFor(ids, ['expiry-by-hand']);
  const asked = new Map(open.map(({ about, fingerprint }) => [about, fingerprint]));
  const isLeft = ({ rental, ours }: ShortRental): boolean =>
    asked.get(rental.id)?.startsWith(expiryToSet(ours)) === true;
  return short.filter((one) => !isLeft(one)).map(({ rental }) => rental.id);
}
