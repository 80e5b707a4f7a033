/**
 * Pages through the provider's units and our rentals side by side, in order of unit id, flat in
 * memory.
 */
import type { UnitId } from '../../domain/ids';
import type { ListedRental } from '../../domain/resync';
import type { UnitWord } from '../../domain/unit';
import { ProviderUnavailable, type Page, type ProviderApi } from '../ports/provider-port';
import type { RentalStore } from '../ports/money-ports';

/** A rental with its unit as the provider's list shows it; null: the list passed it over. */
export interface SideBySide {
  readonly rental: ListedRental;
  readonly unit: UnitWord | null;
}

export interface WalkedPage {
  readonly rows: readonly SideBySide[];
  /** Units up to here are done: where to go on after an interruption. */
  readonly through: UnitId | null;
  /** Asks for the provider's next page, or for its last one again; null: for the first. */
  readonly providerCursor: string | null;
}

export interface WalkStart {
  readonly through: UnitId | null;
  readonly providerCursor: string | null;
}

const PAGE_SIZE = 500;
/** Rentals between two units of the provider's list: more are read in turn. */
const MOST_BETWEEN = 1_000;
/** A hundred million units: whoever gives more leads us in a circle. */
const MOST_PAGES = 200_000;

interface WalkDeps {
  readonly provider: ProviderApi;
  readonly rentals: Pick<RentalStore, 'pageByUnit'>;
}

/** A page of the provider's with the first of our rentals in its reach. */
interface Step {
  readonly units: ReadonlyMap<UnitId, UnitWord>;
  readonly next: string | null;
  /** Where the page ends; null: with the last unit of all. */
  readonly last: UnitId | null;
  readonly ours: readonly ListedRental[];
}

/**
 * The next step is read while this one is worked on. Units that are none of ours are passed over;
 * what the list leaves out is asked for alone by whoever works on the row.
 * @throws ProviderUnavailable, StorageUnavailable
 */
export async function* walkUnits(deps: WalkDeps, start: WalkStart): AsyncGenerator<WalkedPage> {
  let { through, providerCursor: cursor } = start;
  let ahead: Promise<Step> | null = readStep(deps, firstPage(deps.provider, cursor), through);
  for (let pages = 0; ahead !== null; pages += 1) {
    if (pages === MOST_PAGES) {
      throw new ProviderUnavailable('The provider gave pages without end.', true);
    }
    const { units, next, last, ours }: Step = await ahead;
    if (next !== null && next === cursor) {
      throw new ProviderUnavailable('A page of the provider leads back to itself.', true);
    }
    const end = furthest(through, last);
    ahead = next === null ? null : quietly(readStep(deps, fetchPage(deps.provider, next), end));
    for (let some = ours; ; some = await deps.rentals.pageByUnit(through, last, MOST_BETWEEN)) {
      const rows = some.map((rental) => ({ rental, unit: units.get(rental.unitId!) ?? null }));
      const isLast = some.length < MOST_BETWEEN;
      through = isLast && next !== null ? end : (some.at(-1)?.unitId ?? through);
      yield { rows, through, providerCursor: isLast && next !== null ? next : cursor };
      if (isLast) break;
    }
    cursor = next;
  }
}

async function readStep(
  { rentals }: WalkDeps,
  page: Promise<Page<UnitWord>>,
  after: UnitId | null,
): Promise<Step> {
  const { rows, next } = await page;
  const units = new Map(rows.map((unit) => [unit.unitId, unit]));
  const last = next === null ? null : (rows.at(-1)?.unitId ?? after);
  // Nothing of ours lies in a page that ends no further than we have come.
  const isBehind = next !== null && (last === null || (after !== null && last <= after));
  const ours = isBehind ? [] : await rentals.pageByUnit(after, last, MOST_BETWEEN);
  return { units, next, last, ours };
}

const furthest = (a: UnitId | null, b: UnitId | null): UnitId | null =>
  a === null || (b !== null && b > a) ? b : a;

/**
 * A kept cursor may have gone out of date at the provider: then its list is read from the
 * beginning, and what was done already is passed over by our own place in it.
 */
async function firstPage(provider: ProviderApi, cursor: string | null): Promise<Page<UnitWord>> {
  try {
    return await fetchPage(provider, cursor);
  } catch (error) {
    if (!(error instanceof ProviderUnavailable) || cursor === null) throw error;
    return fetchPage(provider, null);
  }
}

function fetchPage(provider: ProviderApi, cursor: string | null): Promise<Page<UnitWord>> {
  return provider.units({ limit: PAGE_SIZE, ...(cursor === null ? {} : { cursor }) });
}

/** A fault of a page that is fetched ahead shows when it is awaited, not before. */
export function quietly<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}
