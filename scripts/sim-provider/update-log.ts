/** Rows in the order of their last change, so that a page costs a search and its own length. */
import type { Instant } from '../../src/domain/time';

export interface Changed {
  readonly id: string;
  /** Rises with each change of any row; `updatedAt` never falls while it rises. */
  readonly ordinal: number;
  readonly updatedAt: Instant;
}

export interface LogQuery {
  /** Inclusive. */
  readonly updatedAfter: Instant | null;
  /** Where the page before ended; wins over `updatedAfter`. */
  readonly afterOrdinal: number | null;
  readonly limit: number;
}

const SMALL = 1_000;

/** Appends each new version and forgets the one that it replaces when too many are dead. */
export class UpdateLog<Row extends Changed> {
  #rows: Row[] = [];
  #dead = 0;
  readonly #current: (id: string) => Row | undefined;

  constructor(current: (id: string) => Row | undefined) {
    this.#current = current;
  }

  /** `row` is already the current one of its id; `replaced` is the one before it. */
  append(row: Row, replaced: Row | undefined): void {
    this.#rows.push(row);
    if (replaced !== undefined) this.#dead += 1;
    if (this.#dead > SMALL && this.#dead * 2 > this.#rows.length) this.#compact();
  }

  /** After a restore rows are older again, so the order is made anew. */
  rebuild(rows: Iterable<Row>): void {
    this.#rows = [...rows].sort((a, b) => a.ordinal - b.ordinal);
    this.#dead = 0;
  }

  page(query: LogQuery): { readonly rows: Row[]; readonly nextOrdinal: number | null } {
    const rows: Row[] = [];
    for (let index = this.#start(query); index < this.#rows.length; index += 1) {
      const row = this.#rows[index] as Row;
      if (this.#current(row.id) !== row) continue;
      if (rows.length === query.limit) return { rows, nextOrdinal: rows.at(-1)?.ordinal ?? null };
      rows.push(row);
    }
    return { rows, nextOrdinal: null };
  }

  #start({ afterOrdinal, updatedAfter }: LogQuery): number {
    const rowAt = (index: number): Row => this.#rows[index] as Row;
    if (afterOrdinal !== null) {
      return firstWhere(this.#rows.length, (index) => rowAt(index).ordinal > afterOrdinal);
    }
    if (updatedAfter === null) return 0;
    return firstWhere(this.#rows.length, (index) => rowAt(index).updatedAt >= updatedAfter);
  }

  #compact(): void {
    this.#rows = this.#rows.filter((row) => this.#current(row.id) === row);
    this.#dead = 0;
  }
}

/**
 * The first index for which a condition that stays true once it is true holds; `length` if none.
 */
export function firstWhere(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
