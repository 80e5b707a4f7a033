/** Folds the ledgers of open tenancies, reading of each what its cache does not know yet. */
import { groupedBy } from '../domain/grouping';
import type { RentalId, TenancyId } from '../domain/ids';
import type { Entry } from '../domain/ledger/entry';
import { baseOf, foldOn } from '../domain/ledger/fold-on';
import { foldLedger, type LedgerFold } from '../domain/ledger/ledger';
import type { Tenancy } from '../domain/ledger/tenancy';
import type { Rental } from '../domain/rental';
import type { EntryStore } from './ports/money-ports';

export interface FoldDeps {
  readonly entries: Pick<EntryStore, 'ofTenancies'>;
}

export interface FoldInput {
  readonly rentals: readonly Rental[];
  /** Each rental's open tenancy, where it has one. */
  readonly open: ReadonlyMap<RentalId, Tenancy>;
  /** Rentals of which all entries are known that follow the cache. */
  readonly known: ReadonlyMap<RentalId, { readonly entries: readonly Entry[] }>;
}

interface Wanted {
  readonly rental: Rental;
  readonly tenancy: Tenancy;
  readonly base: LedgerFold;
}

/** Folds on from the cache where only plain entries came since; from the beginning otherwise. */
export async function foldEach(
  deps: FoldDeps,
  { rentals, open, known }: FoldInput,
): Promise<Map<RentalId, LedgerFold>> {
  const wanted = rentals.flatMap((rental): Wanted[] => {
    const tenancy = open.get(rental.id);
    return tenancy === undefined ? [] : [{ rental, tenancy, base: baseOf(rental, tenancy) }];
  });
  const isKnown = ({ rental, tenancy }: Wanted): boolean =>
    known.has(rental.id) && rental.cache?.tenancyId === tenancy.id;
  const later = await readLater(
    deps,
    wanted.filter((one) => !isKnown(one)),
  );
  const folds = new Map<RentalId, LedgerFold>();
  const again: Wanted[] = [];
  for (const one of wanted) {
    const told = isKnown(one) ? known.get(one.rental.id)?.entries : later.get(one.tenancy.id);
    const fold = foldOn(one.base, one.tenancy, told ?? []);
    if (fold === null) again.push(one);
    else folds.set(one.rental.id, fold);
  }
  const whole = await readWhole(deps, again);
  for (const { rental, tenancy } of again) {
    folds.set(rental.id, foldLedger(tenancy, whole.get(tenancy.id) ?? []));
  }
  return folds;
}

type Ledgers = ReadonlyMap<TenancyId, readonly Entry[]>;

const readLater = (deps: FoldDeps, wanted: readonly Wanted[]): Promise<Ledgers> =>
  readEntries(
    deps,
    wanted.map(({ tenancy, base }) => ({ tenancyId: tenancy.id, afterSeq: base.throughSeq })),
  );

const readWhole = (deps: FoldDeps, wanted: readonly Wanted[]): Promise<Ledgers> =>
  readEntries(
    deps,
    wanted.map(({ tenancy }) => ({ tenancyId: tenancy.id, afterSeq: 0 })),
  );

async function readEntries(
  deps: FoldDeps,
  wanted: Parameters<EntryStore['ofTenancies']>[0],
): Promise<Ledgers> {
  if (wanted.length === 0) return new Map();
  return groupedBy(await deps.entries.ofTenancies(wanted), (entry) => entry.tenancyId);
}
