/**
 * Notes that the box of a box-verified rental had nothing left to report after the limit: its
 * second key.
 */
import type { BoxId } from '../../domain/ids';
import type { Rental } from '../../domain/rental';
import type { Standing } from '../../domain/standing';
import { earlier, fromUnix, type Instant } from '../../domain/time';
import type { Log } from '../ports/log-port';
import type { RentalStore } from '../ports/money-ports';

export interface EmptyOutboxInput {
  readonly rental: Rental;
  readonly boxId: BoxId;
  readonly standing: Standing;
  /** When the box signed: a payment that it took later may still be on its way. */
  readonly sentAtUnix: number;
  readonly now: Instant;
}

/** Writes only where it tells something new: the limit has passed, and no word after it is kept. */
export async function noteEmptyOutbox(
  deps: { readonly rentals: Pick<RentalStore, 'noteBoxClear'>; readonly log: Log },
  { rental, boxId, standing, sentAtUnix, now }: EmptyOutboxInput,
): Promise<void> {
  const { limit } = standing;
  if (rental.verifiedBy !== 'box' || limit === null) return;
  const clearAt = earlier(fromUnix(sentAtUnix), now);
  const isKnown = rental.boxClearAt !== null && rental.boxClearAt > limit;
  if (clearAt <= limit || isKnown) return;
  await deps.rentals.noteBoxClear(rental.id, clearAt);
  deps.log.info('box reported nothing waiting after the limit', { boxId, rentalId: rental.id });
}
