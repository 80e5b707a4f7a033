/** A manager's reversal of an entry: within the key's reach, and recorded. */
import type { Entry } from '../../domain/ledger/entry';
import { rentalOfTenancy, tenancyOfEntry, type EntryId } from '../../domain/ids';
import type { Acting } from '../access/acting';
import type { EstatePorts } from '../ports/estate-ports';
import { recordChange } from '../access/record-change';
import { NOT_FOUND, type Conflict, type NotFound } from '../access/refusal';
import { reverseEntry } from './reverse-entry';
import type { SettleDeps } from '../settlement/batch';
import { visibleRental } from '../rentals/visible-rental';

export type ReverseByHand =
  { readonly kind: 'reversed'; readonly entry: Entry } | NotFound | Conflict;

/**
 * The reversing entry carries author and reason itself; the record beside it is for the history.
 */
export async function reverseByHand(
  deps: SettleDeps & Pick<EstatePorts, 'audit' | 'digest'>,
  { entryId, by }: { readonly entryId: EntryId; readonly by: Acting },
): Promise<ReverseByHand> {
  const rentalId = rentalOfTenancy(tenancyOfEntry(entryId));
  const rental = await visibleRental(deps, { regions: by.regions, id: rentalId });
  if (rental === null) return NOT_FOUND;
  const { author, reason, requestId } = by;
  const outcome = await reverseEntry(deps, { entryId, author, reason, requestId });
  if (outcome.kind !== 'reversed') return outcome;
  const { entry } = outcome;
  await recordChange(deps, {
    by,
    subject: rentalId,
    action: 'entry-reversed',
    at: entry.at,
    region: rental.region,
    before: { entryId },
    after: { entryId: entry.id, reverses: entryId, seconds: entry.seconds, amount: entry.amount },
  });
  return outcome;
}
