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
/** A hundred million units: whoever gives more leads us in a circle. */
const MOST_PAGES = 200_000;

/**
 * The next pages of both sides are fetched while this one is worked on. Units that are none of ours
 * are passed over; what the list leaves out is asked for alone by whoever works on the row.
 * @throws ProviderUnavailable, StorageUnavailable
 */
export async function* walkUnits(
  deps: { readonly provider: ProviderApi; readonly rentals: RentalStore },
  start: WalkStart,
): AsyncGenerator<WalkedPage> {
  const rentals = new RentalReader(deps.rentals, start.through);
  let cursor = start.providerCursor;
  let through = start.through;
  let page: Promise<Page<UnitWord>> | null = firstPage(deps.provider, cursor);
  for (let pages = 0; page !== null; pages += 1) {
    if (pages === MOST_PAGES) {
      throw new ProviderUnavailable('The provider gave pages without end.', true);
    }
    const listed: Page<UnitWord> = await page;
    const { rows: units, next } = listed;
    if (next !== null && next === cursor) {
      throw new ProviderUnavailable('A page of the provider leads back to itself.', true);
    }
    page = next === null ? null : quietly(fetchPage(deps.provider, next));
    const byUnit = new Map(units.map((unit) => [unit.unitId, unit]));
    const beside = (ours: readonly ListedRental[]): SideBySide[] =>
      ours.map((rental) => ({ rental, unit: byUnit.get(rental.unitId!) ?? null }));
    if (next === null) {
      // Rentals beyond the provider's last unit, however many: a list that was cut short.
      for await (const ours of rentals.rest()) {
        through = ours.at(-1)?.unitId ?? through;
        yield { rows: beside(ours), through, providerCursor: cursor };
      }
      return;
    }
    const last = units.at(-1)?.unitId ?? null;
    const rows = last === null ? [] : beside(await rentals.through(last));
    cursor = next;
    if (last !== null && (through === null || last > through)) through = last;
    yield { rows, through, providerCursor: cursor };
  }
}

/** Reads on in order of unit id, one page ahead. */
class RentalReader {
  private waiting: ListedRental[] = [];
  private after: UnitId | null;
  private ahead: Promise<ListedRental[]> | null;

  constructor(
    private readonly store: RentalStore,
    after: UnitId | null,
  ) {
    this.after = after;
    this.ahead = quietly(store.pageByUnit(after, PAGE_SIZE));
  }

  /** Those up to and with `last`. */
  async through(last: UnitId): Promise<ListedRental[]> {
    while (this.ahead !== null && !this.isPast(last)) await this.readOn(this.ahead);
    return this.waiting.splice(0, this.countThrough(last));
  }

  /** All that are left, a page at a time. */
  async *rest(): AsyncGenerator<ListedRental[]> {
    yield this.waiting.splice(0);
    while (this.ahead !== null) {
      await this.readOn(this.ahead);
      yield this.waiting.splice(0);
    }
  }

  private async readOn(ahead: Promise<ListedRental[]>): Promise<void> {
    const page: ListedRental[] = await ahead;
    this.waiting.push(...page);
    this.after = page.at(-1)?.unitId ?? this.after;
    const more = page.length === PAGE_SIZE;
    this.ahead = more ? quietly(this.store.pageByUnit(this.after, PAGE_SIZE)) : null;
  }

  private isPast(last: UnitId): boolean {
    const end = this.waiting.at(-1);
    return end !== undefined && end.unitId! > last;
  }

  private countThrough(last: UnitId): number {
    const beyond = this.waiting.findIndex((rental) => rental.unitId! > last);
    return beyond < 0 ? this.waiting.length : beyond;
  }
}

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
