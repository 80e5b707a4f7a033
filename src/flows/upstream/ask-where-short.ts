/**
 * Asks for a resync where the last word about a unit shows less time than the ledger does since a
 * payment was credited: the unit's word came first, and nobody need ever hear of it again.
 */
import { groupedBy } from '../../domain/grouping';
import type { RentalId, UnitId } from '../../domain/ids';
import { foldStatements } from '../../domain/payments/statements';
import type { Statement } from '../../domain/payments/transaction';
import type { Rental } from '../../domain/rental';
import { compareUnit } from '../../domain/resync';
import { MINUTE_MS, plusMs } from '../../domain/time';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log-port';
import type { RentalStore } from '../ports/money-ports';
import type { Unit, UnitStore } from '../ports/upkeep-ports';
import type { BeforeClose } from '../settlement/batch';

export interface AskDeps {
  readonly rentals: Pick<RentalStore, 'byUnits' | 'askResync'>;
  readonly units: Pick<UnitStore, 'get'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** What was said of a payment, under the numbering in which it was said. */
export type Said = Pick<Statement, 'unitId' | 'unitVersion' | 'state' | 'streamRank'>;

/** Rentals by their units, as somebody has just read or written them. */
export type KnownRentals = ReadonlyMap<UnitId, Rental>;

/** What is not known yet is read. */
export async function rentalsOfUnits(
  { rentals }: Pick<AskDeps, 'rentals'>,
  unitIds: readonly UnitId[],
  known: KnownRentals,
): Promise<Rental[]> {
  const unread = unitIds.filter((id) => !known.has(id));
  const read = unread.length === 0 ? [] : await rentals.byUnits(unread);
  return [...unitIds.flatMap((id) => known.get(id) ?? []), ...read];
}

const AT_ONCE = 500;
/** Where nobody says which version contains the payment, the unit's next word may be on its way. */
const NEXT_WORD_MS = MINUTE_MS;
const MOST_NAMED = 20;

/** For whoever settles payments that stay due until they are closed. */
export const askBeforeClose =
  (deps: AskDeps): BeforeClose =>
  (transactions) =>
    askWhereShort(
      deps,
      transactions.map((tx) => foldStatements(tx.statements).highest),
    );

/**
 * Call it once the caches show what was credited: units are read after that, and whoever takes a
 * unit's word keeps it before he reads the rental, so that one of the two always sees both.
 *
 * @returns those whose resync is due at once.
 */
export async function askWhereShort(
  deps: AskDeps,
  said: readonly Said[],
  known: KnownRentals = new Map(),
): Promise<RentalId[]> {
  const completed = said.filter(({ state }) => state === 'completed');
  const saidOf = groupedBy<UnitId, Said>(completed, ({ unitId }) => unitId);
  const unitIds = [...saidOf.keys()];
  const dueNow: RentalId[] = [];
  for (let i = 0; i < unitIds.length; i += AT_ONCE) {
    dueNow.push(...(await askSome(deps, unitIds.slice(i, i + AT_ONCE), { saidOf, known })));
  }
  return dueNow;
}

async function askSome(
  deps: AskDeps,
  unitIds: readonly UnitId[],
  {
    saidOf,
    known,
  }: {
    readonly saidOf: ReadonlyMap<UnitId, readonly Said[]>;
    readonly known: KnownRentals;
  },
): Promise<RentalId[]> {
  const rentals = await rentalsOfUnits(deps, unitIds, known);
  const units = await deps.units.get(rentals.flatMap(({ unitId }) => unitId ?? []));
  const byId = new Map(units.map((unit) => [unit.unitId, unit]));
  const now = deps.clock.now();
  const sure: RentalId[] = [];
  const unsure: RentalId[] = [];
  for (const rental of rentals) {
    const unit = rental.unitId === null ? undefined : byId.get(rental.unitId);
    const place = unit === undefined ? 'behind' : placeOf(unit, saidOf.get(unit.unitId));
    if (unit === undefined || place === 'behind') continue;
    const { kind } = compareUnit(rental, unit, now);
    if (kind === 'short' || kind === 'evicted') (place === 'ahead' ? sure : unsure).push(rental.id);
  }
  if (sure.length + unsure.length === 0) return [];
  deps.log.info('units show less than was just credited', {
    rentalIds: [...sure, ...unsure].slice(0, MOST_NAMED),
    count: sure.length + unsure.length,
  });
  if (unsure.length > 0) await deps.rentals.askResync(unsure, plusMs(now, NEXT_WORD_MS));
  if (sure.length > 0) await deps.rentals.askResync(sure, now);
  return sure;
}

/**
 * Whether a unit's word contains the payments that were said of it: if not, its next word is on its
 * way already. Unknown where no version was said under the unit's own numbering.
 */
export function placeOf(
  unit: Pick<Unit, 'version' | 'streamRank'>,
  said: readonly Said[] = [],
): 'behind' | 'ahead' | 'unknown' {
  const versions = said.flatMap(({ unitVersion, streamRank }) =>
    streamRank === unit.streamRank ? (unitVersion ?? []) : [],
  );
  if (versions.length === 0) return 'unknown';
  return versions.some((version) => version > unit.version) ? 'behind' : 'ahead';
}
