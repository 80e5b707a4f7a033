/**
 * Takes over the provider's units as rentals, each with what the provider says of it at this
 * instant.
 */
import { maySee } from '../../domain/access';
import type { RentalId, UnitId } from '../../domain/ids';
import type { Instant } from '../../domain/time';
import type { UnitWord } from '../../domain/unit';
import type { Asking } from '../access/acting';
import { adoptTransactions } from '../upstream/adopt-transactions';
import { readUnits, type ReadUnitsDeps, type UnitsRead } from './read-units';
import { storeUnits, type StoreDeps } from './store-units';
import { awaitStreamRank } from './stream-rank';
import { isFit, planUnit } from './unit-plan';
import { ProviderUnavailable } from '../ports/provider-port';
import { unavailable, type Unavailable } from '../access/refusal';
import type { Unit } from '../ports/upkeep-ports';

export type ImportDeps = StoreDeps & ReadUnitsDeps;

export interface ImportInput {
  readonly mode: 'dry-run' | 'apply';
  readonly by: Asking & { readonly reason: string | null };
}

export interface ImportedUnit {
  readonly unit: Unit;
  /** Null in a dry run. */
  readonly rentalId: RentalId | null;
}

export interface SkippedUnit {
  readonly unitId: UnitId;
  readonly why: string;
}

export interface ImportSummary {
  readonly kind: 'imported';
  readonly mode: ImportInput['mode'];
  readonly at: Instant;
  /** Units of the provider within the key's reach. */
  readonly compared: number;
  /** New rentals; in a dry run those that it would make. */
  readonly added: number;
  /** Rentals already. */
  readonly known: number;
  /** Units that cannot become rentals by themselves. */
  readonly unfit: number;
  /** The first 1,000 of those added. */
  readonly units: readonly ImportedUnit[];
  /** The first 1,000 of those unfit. */
  readonly skipped: readonly SkippedUnit[];
}

const MOST_ROWS = 1_000;
/** Far more pages than any provider has, so that the loop ends. */
const MOST_PAGES = 100_000;

/**
 * Repeatable: only units that are no rentals yet are added. Needs to know how the stream is
 * numbered, since an opening contains what the unit's version says under that numbering.
 */
export async function importUnits(
  deps: ImportDeps,
  { mode, by }: ImportInput,
): Promise<ImportSummary | Unavailable> {
  if ((await awaitStreamRank(deps)) === null) return unavailable(NO_STREAM);
  const sum = startSum(mode, deps.clock.now());
  try {
    for await (const read of pagesOf(deps)) await importPage(deps, { read, mode, by, sum });
  } catch (error) {
    if (!(error instanceof ProviderUnavailable)) throw error;
    return unavailable(
      `The list of the provider's units could not be read to its end: ${error.message} The ` +
        `${sum.added} new rentals stay. Send the import again: it goes on with what is missing.`,
    );
  }
  deps.log.info('units imported', { mode, added: sum.added, known: sum.known });
  return { kind: 'imported', ...sum };
}

/** Each page once. @throws ProviderUnavailable, also where a page leads back to an earlier one. */
async function* pagesOf(deps: ReadUnitsDeps): AsyncGenerator<UnitsRead> {
  const asked = new Set<string>();
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const read = await readUnits(deps, cursor);
    yield read;
    cursor = read.next;
    if (cursor === null) return;
    if (asked.has(cursor)) throw new ProviderUnavailable('Its pages lead in a circle.', true);
    asked.add(cursor);
  }
  throw new ProviderUnavailable('It gave pages without end.', true);
}

const NO_STREAM =
  'The status stream of the provider has not been heard yet, so nobody can tell which payments ' +
  'its units contain already. Try again once GET /readyz shows the stream as live.';

type Sum = { -readonly [Key in keyof Omit<ImportSummary, 'kind'>]: ImportSummary[Key] };

const startSum = (mode: ImportInput['mode'], at: Instant): Sum => {
  const none = { compared: 0, added: 0, known: 0, unfit: 0 };
  return { mode, at, ...none, units: [], skipped: [] };
};

async function importPage(
  deps: ImportDeps,
  page: ImportInput & { readonly read: UnitsRead; readonly sum: Sum },
): Promise<void> {
  const { read, mode, by, sum } = page;
  const words = read.words.filter((word) => maySee(by.regions, word.region));
  const rentals = await deps.rentals.byUnits(words.map((word) => word.unitId));
  const ours = new Set(rentals.flatMap((rental) => rental.unitId ?? []));
  const fresh = words.filter((word) => !ours.has(word.unitId));
  const now = deps.clock.now();
  const units = await unitsOf(deps, { fresh, streamRank: read.streamRank, mode, now });
  const plans = units.map((unit) => planUnit(unit, now));
  const ready = plans.filter(isFit);
  const stored = mode === 'apply' ? await storeUnits(deps, { plans: ready, now, by }) : null;
  if (stored !== null) await adoptAll(deps, [...ours, ...stored.keys()]);
  const added = ready.flatMap(({ unit }): ImportedUnit[] => {
    if (stored === null) return [{ unit, rentalId: null }];
    const rentalId = stored.get(unit.unitId);
    return rentalId === undefined ? [] : [{ unit, rentalId }];
  });
  const skipped = plans.flatMap((plan): SkippedUnit[] =>
    plan.kind === 'skipped' ? [{ unitId: plan.unit.unitId, why: plan.why }] : [],
  );
  sum.compared += words.length;
  sum.known += ours.size;
  sum.added += added.length;
  sum.unfit += skipped.length;
  sum.units = [...sum.units, ...added].slice(0, MOST_ROWS);
  sum.skipped = [...sum.skipped, ...skipped].slice(0, MOST_ROWS);
}

/**
 * What the provider said of these units before they were ours; of those that were rentals already
 * too, since an import may have died before it came so far.
 */
async function adoptAll(deps: ImportDeps, unitIds: readonly UnitId[]): Promise<void> {
  if ((await deps.transactions.countForeign()) === 0) return;
  for (const unitId of unitIds) await adoptTransactions(deps, { unitId });
}

/**
 * The words of new units are kept first, and the opening rests on what is kept: the stream may have
 * said something later meanwhile. A dry run keeps nothing.
 */
async function unitsOf(
  deps: ImportDeps,
  given: {
    readonly fresh: readonly UnitWord[];
    readonly streamRank: number;
    readonly mode: ImportInput['mode'];
    readonly now: Instant;
  },
): Promise<Unit[]> {
  const { fresh, streamRank, mode, now } = given;
  const heard = { streamRank, seenAt: now, currentThrough: null };
  if (mode === 'dry-run') return fresh.map((word) => ({ ...word, ...heard, rentalId: null }));
  await deps.units.keep(fresh.map((word) => ({ word, ...heard })));
  return deps.units.get(fresh.map(({ unitId }) => unitId));
}
