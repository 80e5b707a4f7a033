/** What a round knows of the rentals that it has credited, so that nothing is read twice. */
import type { Entry } from '../../domain/ledger/entry';
import type { RentalId } from '../../domain/ids';
import type { Rental } from '../../domain/rental';
import type { KnownRental } from '../refresh-rentals';
import type { Batch } from './batch';

/**
 * Those whose ledger is known from where their cache ends: entries have no gaps, so ours that
 * follow the cache one by one are all there are up to the last of them. Whoever has changed a
 * rental, its tenancies or its ledger since they were read refreshes it afterwards, or has raised
 * its `rev`.
 */
export function knownRentals(batch: Batch): ReadonlyMap<RentalId, KnownRental> {
  const known = new Map<RentalId, KnownRental>();
  for (const id of batch.touched) {
    const rental = batch.rentals.get(id);
    const tenancies = batch.tenancies.get(id);
    if (rental === undefined || tenancies === undefined) continue;
    const entries = entriesAfterCache(batch, rental);
    if (entries !== null) known.set(id, { rental, tenancies, entries });
  }
  return known;
}

function entriesAfterCache(batch: Batch, { cache }: Rental): Entry[] | null {
  if (cache === null || cache.tenancyId === null) return null;
  const appended = batch.appended.get(cache.tenancyId) ?? [];
  const later = appended.filter(({ seq }) => seq > cache.throughSeq).sort((a, b) => a.seq - b.seq);
  const isWhole = later.every(({ seq }, i) => seq === cache.throughSeq + 1 + i);
  return later.length > 0 && isWhole ? later : null;
}
