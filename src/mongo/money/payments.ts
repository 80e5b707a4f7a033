/**
 * Lists payments as a union of transactions and reports that no transaction stands for: see
 * src/decisions/0003-payments-are-listed-as-a-union.md. Answers references, latest first.
 */
import type { Connection } from 'mongoose';
import { RefusedValue } from '../../domain/brand';
import type { RentalId } from '../../domain/ids';
import type { Listing } from '../../flows/ports/money-ports';
import type {
  PaymentQuery,
  PaymentRef,
  PaymentStore,
  PaymentSummary,
} from '../../flows/ports/upkeep-ports';
import { listing, readCursor, type Key } from '../cursor';
import { commonFilter, namedBy, type Named } from './payment-filter';
import { countByState } from './payment-counts';
import { readMerged, type MergedRow, type PaymentTables, type Position } from './payment-union';
import { createReferenceStore } from '../estate/references';
import { rentalTable, type RentalRecord } from '../estate/rental-record';
import { reportTable } from './report-record';
import { storage } from '../storage-errors';
import { toInstant } from '../stored-record';
import { WHOLE, type Table } from '../table';
import { transactionTable } from './transaction-record';

/**
 * Rentals that are named in a query; of more, the payments are read in order and looked through.
 */
const MOST_NAMED_RENTALS = 1_000;
const MOST_LOOKED_THROUGH_AT_ONCE = 500;
/** Then a page may be short, or empty, while `next` says where to go on. */
const MOST_LOOKED_THROUGH = 50_000;

export function createPaymentStore(connection: Connection): PaymentStore {
  const tables: PaymentTables = {
    transactions: transactionTable(connection),
    reports: reportTable(connection),
  };
  const rentals = rentalTable(connection);
  const references = createReferenceStore(connection);
  return {
    list: (query) =>
      storage(async () => {
        const { text } = query;
        const named = text === null ? null : await namedBy(tables, references, text);
        return list(tables, rentals, { ...query, named });
      }),
    summary: () => storage(() => summary(tables)),
  };
}

async function list(
  tables: PaymentTables,
  rentals: Table<RentalRecord>,
  query: PaymentQuery & { readonly named: Named | null },
): Promise<Listing<PaymentRef>> {
  const { limit, regions, named } = query;
  const after = positionOf(readCursor(query.cursor, 3));
  const filter = commonFilter(query);
  const wanted = limit + 1;
  if (regions.length === 0) {
    return asListing(await readMerged(tables, { filter, named, after, wanted }), limit);
  }
  const ids = await rentalsIn(rentals, regions);
  if (ids !== null) {
    const within = { $and: [filter, { 'listed.of': { $in: ids } }] };
    return asListing(await readMerged(tables, { filter: within, named, after, wanted }), limit);
  }
  const found: MergedRow[] = [];
  let from = after;
  const step = Math.min(4 * wanted, MOST_LOOKED_THROUGH_AT_ONCE);
  for (let seen = 0; seen < MOST_LOOKED_THROUGH; seen += step) {
    const read = { filter, named, after: from, wanted: step };
    const rows = await readMerged(tables, read);
    found.push(...(await onlyIn(rentals, regions, rows)));
    from = rows.at(-1) ?? from;
    const isEnd = rows.length < step;
    if (found.length > limit || isEnd) return asListing(found, limit);
  }
  // Nothing is lost: what was found is given, and the next page begins behind what was seen.
  return { ...asListing(found, limit), next: from === null ? null : writeKey(from) };
}

/** Null where there are too many to name. */
async function rentalsIn(
  { rows }: Table<RentalRecord>,
  regions: readonly string[],
): Promise<RentalId[] | null> {
  const found = await rows
    .find({ region: { $in: [...regions] } }, WHOLE)
    .project<{ _id: RentalId }>({ _id: 1 })
    .limit(MOST_NAMED_RENTALS + 1)
    .toArray();
  return found.length > MOST_NAMED_RENTALS ? null : found.map(({ _id }) => _id);
}

async function onlyIn(
  { rows }: Table<RentalRecord>,
  regions: readonly string[],
  payments: readonly MergedRow[],
): Promise<MergedRow[]> {
  const ids = new Set(payments.flatMap(({ rentalId }) => rentalId ?? []));
  const found = await rows
    .find({ _id: { $in: [...ids] } }, WHOLE)
    .project<{ _id: RentalId; region: string }>({ region: 1 })
    .toArray();
  const inside = new Set(found.filter((one) => regions.includes(one.region)).map((one) => one._id));
  return payments.filter(({ rentalId }) => rentalId !== null && inside.has(rentalId));
}

/**
 * Counts payments of ours alone: what the provider did to units that are none of ours waits for
 * nobody.
 */
async function summary(tables: PaymentTables): Promise<PaymentSummary> {
  const { transactions, reports } = tables;
  const stages = [
    { $match: { openOf: { $gte: FIRST_RENTAL } } },
    { $group: { _id: null, unresolved: { $sum: 1 }, oldest: { $min: '$listed.at' } } },
  ];
  const [ofTransactions, ofReports, byState] = await Promise.all([
    transactions.rows.aggregate<Counted>(stages).toArray(),
    reports.rows.aggregate<Counted>(stages).toArray(),
    countByState(tables),
  ]);
  const sums = [...ofTransactions, ...ofReports];
  const oldest = sums.map((one) => one.oldest.getTime());
  return {
    unresolved: sums.reduce((sum, one) => sum + one.unresolved, 0),
    oldestUnresolvedAt: oldest.length === 0 ? null : toInstant(new Date(Math.min(...oldest))),
    byState,
  };
}

interface Counted {
  readonly unresolved: number;
  readonly oldest: Date;
}

/** Ids of rentals begin so; what stands for no rental sorts below. */
const FIRST_RENTAL = 'r_';

function asListing(rows: readonly MergedRow[], limit: number): Listing<PaymentRef> {
  return listing(rows, limit, { row: (one) => one.ref, key: keyOf });
}

const keyOf = ({ at, kind, id }: Position): Key => [at.toISOString(), kind, id];

/** The cursor of a page that ends there. */
function writeKey(position: Position): string | null {
  return listing([position, position], 1, { row: (one) => one, key: keyOf }).next;
}

function positionOf(key: Key | null): Position | null {
  if (key === null) return null;
  const [time = '', kind = '', id = ''] = key;
  const at = new Date(time);
  const isKind = kind === 'transaction' || kind === 'report';
  if (Number.isNaN(at.getTime()) || !isKind) {
    throw new RefusedValue('This is not a cursor that a list gave.');
  }
  return { at, kind, id };
}
