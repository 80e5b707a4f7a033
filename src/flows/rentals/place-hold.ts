/** Protects a rental from becoming overdue, for a reason and until an end. */
import { parseHoldId } from '../../domain/ids';
import type { RentalId } from '../../domain/ids';
import type { Hold, Rental } from '../../domain/rental';
import { DAY_MS, plusMs, type Instant } from '../../domain/time';
import type { Acting } from '../access/acting';
import { changeRental, type ChangeRentalDeps } from './change-rental';
import { nameFrom } from '../ports/digest-port';
import type { EstatePorts } from '../ports/estate-ports';
import { recordedHold } from '../access/recorded';
import { conflict, invalid, type Conflict, type Invalid, type NotFound } from '../access/refusal';

export type PlaceHold =
  { readonly kind: 'placed'; readonly hold: Hold } | NotFound | Conflict | Invalid;

/** Holds that ended longer ago than this leave the rental; the audit keeps them. */
const ENDED_DAYS = 30;
const MOST_HOLDS = 100;

/** @param input.until null = after the estate's `holdDays`. */
export async function placeHold(
  deps: ChangeRentalDeps & Pick<EstatePorts, 'settings'>,
  input: { readonly rentalId: RentalId; readonly until: Instant | null; readonly by: Acting },
): Promise<PlaceHold> {
  const { by } = input;
  const id = parseHoldId(`hold_${nameFrom(deps.digest, by.requestId, 'hold')}`);
  const outcome = await changeRental<Conflict | Invalid>(deps, {
    id: input.rentalId,
    by,
    action: 'hold-placed',
    plan: (rental, { at }) => {
      if (rental.holds.some((hold) => hold.id === id)) return { kind: 'made' };
      const until = input.until ?? plusMs(at, deps.settings.holdDays * DAY_MS);
      if (until <= at) return invalid('/until', 'A hold ends in the future.');
      const holds = recent(rental, at);
      if (holds.length >= MOST_HOLDS) return conflict(`A rental has at most ${MOST_HOLDS} holds.`);
      const { reason, author } = by;
      const hold: Hold = { id, reason, author, createdAt: at, until, releasedAt: null };
      return {
        kind: 'change',
        rental: { ...rental, holds: [...holds, hold] },
        before: null,
        after: recordedHold(hold),
      };
    },
  });
  if (outcome.kind !== 'changed') return outcome;
  return { kind: 'placed', hold: outcome.rental.holds.find((hold) => hold.id === id)! };
}

function recent(rental: Rental, now: Instant): Hold[] {
  const since = plusMs(now, -ENDED_DAYS * DAY_MS);
  return rental.holds.filter((hold) => (hold.releasedAt ?? hold.until) > since);
}
