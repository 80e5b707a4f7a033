/** Ends a hold before its time. */
import type { HoldId, RentalId } from '../../domain/ids';
import type { Hold } from '../../domain/rental';
import type { Acting } from '../access/acting';
import { changeRental, type ChangeRentalDeps } from './change-rental';
import { recordedHold } from '../access/recorded';
import { conflict, NOT_FOUND, type Conflict, type NotFound } from '../access/refusal';

export type ReleaseHold = { readonly kind: 'released'; readonly hold: Hold } | NotFound | Conflict;

export async function releaseHold(
  deps: ChangeRentalDeps,
  input: { readonly rentalId: RentalId; readonly holdId: HoldId; readonly by: Acting },
): Promise<ReleaseHold> {
  const { rentalId, holdId, by } = input;
  const outcome = await changeRental<NotFound | Conflict>(deps, {
    id: rentalId,
    by,
    action: 'hold-released',
    plan: (rental, { at, earlier }) => {
      const hold = rental.holds.find((one) => one.id === holdId);
      if (hold === undefined) return NOT_FOUND;
      if (earlier !== null && hold.releasedAt === at) return { kind: 'made' };
      if (hold.releasedAt !== null) return conflict('This hold was released already.');
      if (hold.until <= at) return conflict('This hold has ended by itself already.');
      const released: Hold = { ...hold, releasedAt: at };
      const holds = rental.holds.map((one) => (one.id === holdId ? released : one));
      return {
        kind: 'change',
        rental: { ...rental, holds },
        before: recordedHold(hold),
        after: recordedHold(released),
      };
    },
  });
  if (outcome.kind !== 'changed') return outcome;
  return { kind: 'released', hold: outcome.rental.holds.find((one) => one.id === holdId)! };
}
