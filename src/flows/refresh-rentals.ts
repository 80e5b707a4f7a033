/** Brings a rental's tenancy and caches to what tenancies, ledger and unresolved payments say. */
import type { RentalId } from '../domain/ids';
import type { Entry } from '../domain/ledger/entry';
import type { LedgerFold } from '../domain/ledger/ledger';
import { possiblyPaidUntil, type Unresolved } from '../domain/ledger/possible';
import type { Transaction } from '../domain/payments/transaction';
import { isSameCache, type Rental, type RentalCache } from '../domain/rental';
import { limitOf } from '../domain/standing';
import type { Tenancy } from '../domain/ledger/tenancy';
import { plusMs, type Instant, type Seconds } from '../domain/time';
import type {
  EntryStore,
  RentalStore,
  ReportStore,
  TenancyStore,
  TransactionStore,
} from './ports/money-ports';
import type { Clock } from './ports/clock';
import type { Hints } from './ports/hints-port';
import type { Settings } from './ports/settings';
import { foldEach } from './fold-rentals';
import { NONE_UNRESOLVED, readUnresolved } from './read-unresolved';
import { SECOND_KEY_AGAIN_MS, standingRules } from './standing-rules';

export interface RefreshDeps {
  readonly rentals: RentalStore;
  readonly tenancies: TenancyStore;
  readonly entries: EntryStore;
  readonly transactions: TransactionStore;
  readonly reports: ReportStore;
  readonly hints: Hints;
  readonly clock: Clock;
  readonly settings: Settings;
}

/**
 * What has been read and made of a rental already; a write by its `rev` tells if it is so still.
 */
export interface KnownRental {
  readonly rental: Rental;
  readonly tenancies: readonly Tenancy[];
  /** Of the tenancy in its cache, all that follow the cache, in order. */
  readonly entries: readonly Entry[];
}

const NOTHING_KNOWN: ReadonlyMap<RentalId, KnownRental> = new Map();
const MOST_TRIES = 20;

export interface RefreshOptions {
  readonly known?: ReadonlyMap<RentalId, KnownRental>;
  /**
   * Rentals that are written although nothing differs, by whoever has resolved a payment of theirs:
   * a rival that read it before, and is about to write what it came to then, loses the race. Asked
   * for only where a rental did not change.
   */
  readonly turned?: () => ReadonlySet<RentalId>;
}

export interface Refreshed {
  /** As they stand now: as they were written, or as they were read where nothing differed. */
  readonly fresh: ReadonlyMap<RentalId, Rental>;
  /** Those that lost 20 times over, which the next sweep repairs. */
  readonly stale: ReadonlySet<RentalId>;
}

/** Step 5 of settle. A write that lost a race is done again. */
export async function refreshRentals(
  deps: RefreshDeps,
  ids: readonly RentalId[],
  { known = NOTHING_KNOWN, turned = none }: RefreshOptions = {},
): Promise<Refreshed> {
  const fresh = new Map<RentalId, Rental>();
  let left: readonly RentalId[] = ids;
  for (let tries = 0; left.length > 0 && tries < MOST_TRIES; tries += 1) {
    const given = tries === 0 ? known : NOTHING_KNOWN;
    const unread = left.filter((id) => !given.has(id));
    const read = unread.length === 0 ? [] : await deps.rentals.get(unread);
    const rows = await computeRentals(deps, [...read, ...rentalsOf(given)], { known: given });
    const moved = rows.filter((row) => !isSamePointer(row.fresh, row.stored));
    const others = rows.filter((row) => isSamePointer(row.fresh, row.stored));
    const stale = others.filter(differs);
    const resolved = stale.length === others.length ? NONE : turned();
    // Where nothing is written nothing tells that what was known beforehand is still so.
    const isUnsure = ({ fresh: { id } }: Recomputed): boolean => given.has(id) || resolved.has(id);
    const rewritten = others.filter((row) => differs(row) || isUnsure(row));
    const [saved, refreshed] = await Promise.all([
      moved.length === 0 ? NONE : deps.rentals.save(moved.map((row) => row.fresh)),
      rewritten.length === 0 ? NONE : deps.rentals.refresh(rewritten.map((row) => row.fresh)),
    ]);
    const isWritten = (id: RentalId): boolean => saved.has(id) || refreshed.has(id);
    left = [...moved, ...rewritten].map((row) => row.fresh.id).filter((id) => !isWritten(id));
    for (const { fresh: row } of others) fresh.set(row.id, row);
    for (const { fresh: row } of [...moved, ...rewritten]) {
      if (isWritten(row.id)) fresh.set(row.id, { ...row, rev: row.rev + 1 });
      else fresh.delete(row.id);
    }
    const told = [...moved, ...stale].filter((row) => isWritten(row.fresh.id));
    deps.hints.hint(told.flatMap((row) => row.fresh.boxId ?? []));
  }
  return { fresh, stale: new Set(left) };
}

const rentalsOf = (known: ReadonlyMap<RentalId, KnownRental>): Rental[] =>
  [...known.values()].map(({ rental }) => rental);

const NONE: ReadonlySet<RentalId> = new Set<RentalId>();
const none = (): ReadonlySet<RentalId> => NONE;

export interface Recomputed {
  readonly stored: Rental;
  readonly fresh: Rental;
}

export interface ComputeOptions {
  readonly known?: ReadonlyMap<RentalId, KnownRental>;
  /** Which unresolved transactions count as perhaps paid; all of them unless said otherwise. */
  readonly counts?: (tx: Transaction) => boolean;
}

/** What each rental's pointer and caches ought to be now, beside what is stored. */
export async function computeRentals(
  deps: RefreshDeps,
  rentals: readonly Rental[],
  { known = NOTHING_KNOWN, counts = () => true }: ComputeOptions = {},
): Promise<Recomputed[]> {
  if (rentals.length === 0) return [];
  const ids = rentals.map((rental) => rental.id);
  const unread = ids.filter((id) => !known.has(id));
  const [read, unresolved] = await Promise.all([
    unread.length === 0 ? [] : deps.tenancies.ofRentals(unread),
    readUnresolved(deps, ids),
  ]);
  const open = new Map<RentalId, Tenancy>();
  const tenancies = [...read, ...[...known.values()].flatMap((one) => one.tenancies)];
  for (const tenancy of tenancies.sort((a, b) => a.n - b.n)) {
    if (tenancy.endedAt === null) open.set(tenancy.rentalId, tenancy);
  }
  const folds = await foldEach(deps, { rentals, open, known });
  return rentals.map((stored) => {
    const tenancy = open.get(stored.id) ?? null;
    const fold = folds.get(stored.id) ?? null;
    const { transactions, reports } = unresolved.get(stored.id) ?? NONE_UNRESOLVED;
    const theirs = { transactions: transactions.filter(counts), reports };
    return { stored, fresh: compute(deps, { stored, tenancy, unresolved: theirs, fold }) };
  });
}

function compute(
  deps: RefreshDeps,
  input: {
    readonly stored: Rental;
    readonly tenancy: Tenancy | null;
    readonly unresolved: Unresolved;
    readonly fold: LedgerFold | null;
  },
): Rental {
  const { stored, tenancy, unresolved, fold } = input;
  const pending = unresolved.transactions.length + unresolved.reports.length;
  const paidUntil = fold?.paidUntil ?? null;
  const cache: RentalCache = {
    tenancyId: tenancy?.id ?? null,
    startedAt: fold?.startedAt ?? null,
    seconds: fold?.seconds ?? (0 as Seconds),
    throughSeq: fold?.throughSeq ?? 0,
    ...(fold?.startsUnpaid === true && { startsUnpaid: true }),
    paidUntil,
    possiblyPaidUntil: possiblyPaidUntil({
      paidUntil,
      unresolved,
      terms: stored.terms,
      zone: deps.settings.zone,
    }),
    pending,
  };
  const pointer = tenancy === null ? null : { id: tenancy.id, tenant: tenancy.tenant };
  const fresh: Rental = { ...stored, tenancy: pointer, cache };
  return { ...fresh, secondKeyAt: secondKeyDue(deps, fresh) };
}

/**
 * The second key is asked for when the limit has passed; an hourly repeat already noted is kept.
 */
function secondKeyDue(deps: RefreshDeps, rental: Rental): Instant | null {
  const now = deps.clock.now();
  const limit = limitOf(rental, now, standingRules(deps.settings));
  if (limit === null) return null;
  const noted = rental.secondKeyAt;
  // What is noted beyond that is a limit that was taken back: nobody has asked since.
  const isRepeat = noted !== null && noted > limit && noted <= plusMs(now, SECOND_KEY_AGAIN_MS);
  return isRepeat && limit <= now ? noted : limit;
}

function isSamePointer(a: Rental, b: Rental): boolean {
  return a.tenancy?.id === b.tenancy?.id;
}

function differs({ fresh, stored }: Recomputed): boolean {
  return fresh.secondKeyAt !== stored.secondKeyAt || !isSameCache(fresh.cache, stored.cache);
}
