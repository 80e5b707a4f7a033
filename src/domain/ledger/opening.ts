/** Whether an opening entry already contains a transaction that the provider states. */
import type { Tenancy } from './tenancy';
import { foldStatements } from '../payments/statements';
import type { Transaction } from '../payments/transaction';

export type Containment = 'contained' | 'not-contained' | 'unclear';

/**
 * Under the opening's own stream id the unit's versions decide; under another one only what was
 * paid after the import is surely not in it.
 */
export function containment(opening: Tenancy, tx: Transaction): Containment {
  if (opening.start.by !== 'opening') return 'not-contained';
  const { unitVersion, streamRank, importedAt } = opening.start;
  const versions = tx.statements
    .filter((one) => one.streamRank === streamRank && one.unitVersion !== null)
    .map((one) => one.unitVersion!);
  if (versions.length > 0) {
    return Math.min(...versions) <= unitVersion ? 'contained' : 'not-contained';
  }
  return foldStatements(tx.statements).paidAt > importedAt ? 'not-contained' : 'unclear';
}
