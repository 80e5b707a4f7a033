/** Reads tenancies into a round's working set, each rental's once; says nothing about payments. */
import type { RentalId } from '../../domain/ids';
import { groupedBy } from '../../domain/grouping';
import type { Batch, SettleDeps } from './batch';

/** Call it after the rentals were read: their `rev` then tells whether these still stand. */
export async function readTenancies(
  { tenancies }: Pick<SettleDeps, 'tenancies'>,
  batch: Batch,
  rentalIds: Iterable<RentalId>,
): Promise<void> {
  const unread = [...new Set(rentalIds)].filter((id) => !batch.tenancies.has(id));
  const rows = groupedBy(await tenancies.ofRentals(unread), ({ rentalId }) => rentalId);
  for (const id of unread) batch.tenancies.set(id, rows.get(id) ?? []);
}
