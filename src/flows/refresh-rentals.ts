/** Brings a rental's tenancy and caches to what tenancies, ledger and unresolved payments say. */
import { groupedBy } from '../domain/grouping';
import type { RentalId } from '../domain/ids';
import type { Entry } from '../domain/ledger/entry';
import type { LedgerFold } from '../domain/ledger/ledger';
import { possiblyPaidUntil, type Unresolved } from '../domain/ledger/possible';
import type { Rental, RentalCache } from '../domain/rental';
import { limitOf } from '../domain/standing';
import type { Tenancy } from '../domain/ledger/tenancy';
import type { Instant, Seconds } from '../domain/time';
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
import { standingRules } from './standing-rules';

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

/** What has been read and made of a rental already; a write by its `rev` tells if it is so still. */
export interface KnownRental {
  readonly rental: Rental;
  readonly tenancies: readonly Tenancy[];
  /** Of the tenancy in its cache, all that follow the cache, in order. */
  readonly entries: readonly Entry[];
}

const NOTHING_KNOWN: ReadonlyMap<RentalId, KnownRental> = new Map();
const MOST_TRIES = 20;

/**
 * Step 5 of settle. A write that lost a race is done again; answers those that lost 20 times over,
 * which the next sweep repairs.
 */
export async function refreshRentals(
  deps: RefreshDeps,
  ids: readonly RentalId[],
  known: ReadonlyMap<RentalId, KnownRental> = NOTHING_KNOWN,
): Promise<ReadonlySet<RentalId>> {
  let left: readonly RentalId[] = ids;
  for (let tries = 0; left.length > 0 && tries < MOST_TRIES; tries += 1) {
    const given = tries === 0 ? known : NOTHING_KNOWN;
    const unread = left.filter((id) => !given.has(id));
    const read = unread.length === 0 ? [] : await deps.rentals.get(unread);
    const rows = await computeRentals(deps, [...read, ...rentalsOf(given)], given);
    const moved = rows.filter((row) => !isSamePointer(row.fresh, row.stored));
    const stale = rows.filter((row) => !moved.includes(row) && differs(row.fresh, row.stored));
    const [saved, refreshed] = await Promise.all([
      moved.length === 0 ? NONE : deps.rentals.save(moved.map((row) => row.fresh)),
      stale.length === 0 ? NONE : deps.rentals.refresh(stale.map((row) => row.fresh)),
    ]);
    // Where nothing is written nothing tells that what is known is still so: that is read again.
    const tried = [...moved, ...stale].map((row) => row.fresh.id);
    const unsure = rows.filter((row) => !moved.includes(row) && !stale.includes(row));
    const again = unsure.map((row) => row.fresh.id).filter((id) => given.has(id));
    left = [...tried, ...again].filter((id) => !saved.has(id) && !refreshed.has(id));
    deps.hints.hint([...saved, ...refreshed]);
  }
  return new Set(left);
}

const rentalsOf = (known: ReadonlyMap<RentalId, KnownRental>): Rental[] =>
  [...known.values()].map(({ rental }) => rental);

const NONE: ReadonlySet<RentalId> = new Set<RentalId>();

export interface Recomputed {
  readonly stored: Rental;
  readonly fresh: Rental;
}

/** What each rental's pointer and caches ought to be now, beside what is stored. */
export async function computeRentals(
  deps: RefreshDeps,
  rentals: readonly Rental[],
  known: ReadonlyMap<RentalId, KnownRental> = NOTHING_KNOWN,
): Promise<Recomputed[]> {
  if (rentals.length === 0) return [];
  const ids = rentals.map((rental) => rental.id);
  const unread = ids.filter((id) => !known.has(id));
  const [read, transactions, reports] = await Promise.all([
    unread.length === 0 ? [] : deps.tenancies.ofRentals(unread),
    readAll((some) => deps.transactions.unresolvedOf(some), ids),
    readAll((some) => deps.reports.unresolvedOf(some), ids),
  ]);
  const open = new Map<RentalId, Tenancy>();
  const tenancies = [...read, ...[...known.values()].flatMap((one) => one.tenancies)];
  for (const tenancy of tenancies.sort((a, b) => a.n - b.n)) {
    if (tenancy.endedAt === null) open.set(tenancy.rentalId, tenancy);
  }
  const folds = await foldEach(deps, { rentals, open, known });
  const txsOf = groupedBy(transactions, (tx) => tx.rentalId);
  const reportsOf = groupedBy(reports, (report) => report.rentalId);
  return rentals.map((stored) => {
    const unresolved: Unresolved = {
      transactions: txsOf.get(stored.id) ?? [],
      reports: reportsOf.get(stored.id) ?? [],
    };
    const tenancy = open.get(stored.id) ?? null;
    return {
      stored,
      fresh: compute(deps, { stored, tenancy, unresolved, fold: folds.get(stored.id) ?? null }),
    };
  });
}

/** A store answers so many rows at most; a full answer is asked for again in halves. */
const MOST_UNRESOLVED = 2_000;

async function readAll<Row>(
  read: (ids: readonly RentalId[]) => Promise<Row[]>,
  ids: readonly RentalId[],
): Promise<Row[]> {
  const rows = await read(ids);
  if (rows.length < MOST_UNRESOLVED || ids.length === 1) return rows;
  const half = Math.ceil(ids.length / 2);
  const first = await readAll(read, ids.slice(0, half));
  return [...first, ...(await readAll(read, ids.slice(half)))];
}

/** The cache of one rental as it would be were `tenancy` its current one; nothing is written. */
export async function computeCache(
  deps: RefreshDeps,
  rental: Rental,
  tenancy: Tenancy,
): Promise<RentalCache | null> {
  const pointed = { ...rental, tenancy: { id: tenancy.id, tenant: tenancy.tenant } };
  const [row] = await computeRentals(deps, [pointed]);
  return row?.fresh.cache ?? null;
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
  const limit = limitOf(rental, deps.clock.now(), standingRules(deps.settings));
  if (limit === null) return null;
  const noted = rental.secondKeyAt;
  return noted !== null && noted > limit && limit <= deps.clock.now() ? noted : limit;
}

function isSamePointer(a: Rental, b: Rental): boolean {
  return a.tenancy?.id === b.tenancy?.id;
}

function differs(a: Rental, b: Rental): boolean {
  return a.secondKeyAt !== b.secondKeyAt || !sameCache(a.cache, b.cache);
}

export function sameCache(a: RentalCache | null, b: RentalCache | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.tenancyId === b.tenancyId &&
    a.startedAt === b.startedAt &&
    a.seconds === b.seconds &&
    a.throughSeq === b.throughSeq &&
    a.startsUnpaid === b.startsUnpaid &&
    a.paidUntil === b.paidUntil &&
    a.possiblyPaidUntil === b.possiblyPaidUntil &&
    a.pending === b.pending
  );
}
