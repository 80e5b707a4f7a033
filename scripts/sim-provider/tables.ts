/** Units by id and transactions by their last change, with counts by state; decides nothing. */
import type { Instant } from '../../src/domain/time';
import type { TransactionRecord, UnitRecord } from './records';
import { firstWhere, UpdateLog, type LogQuery } from './update-log';

export interface UnitQuery {
  /** Inclusive. */
  readonly updatedAfter: Instant | null;
  readonly afterId: string | null;
  readonly limit: number;
}

/** Ordered by id as ASCII. A listing walks the order once over all its pages and sorts nothing. */
export class UnitTable {
  readonly #byId = new Map<string, UnitRecord>();
  readonly #counts = new Map<string, number>();
  #ids: string[] = [];
  #inOrder = true;

  get size(): number {
    return this.#ids.length;
  }

  get(id: string): UnitRecord | undefined {
    return this.#byId.get(id);
  }

  set(unit: UnitRecord): void {
    const before = this.#byId.get(unit.id);
    this.#byId.set(unit.id, unit);
    count(this.#counts, before?.status, unit.status);
    if (before !== undefined) return;
    this.#inOrder &&= (this.#ids.at(-1) ?? '') < unit.id;
    this.#ids.push(unit.id);
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  *all(): Iterable<UnitRecord> {
    for (const id of this.#ordered()) yield this.#byId.get(id) as UnitRecord;
  }

  page(query: UnitQuery): { readonly rows: UnitRecord[]; readonly nextId: string | null } {
    const ids = this.#ordered();
    const { afterId, updatedAfter } = query;
    const rows: UnitRecord[] = [];
    const start =
      afterId === null ? 0 : firstWhere(ids.length, (index) => (ids[index] as string) > afterId);
    for (let index = start; index < ids.length; index += 1) {
      const unit = this.#byId.get(ids[index] as string) as UnitRecord;
      if (updatedAfter !== null && unit.updatedAt < updatedAfter) continue;
      if (rows.length === query.limit) return { rows, nextId: rows.at(-1)?.id ?? null };
      rows.push(unit);
    }
    return { rows, nextId: null };
  }

  #ordered(): readonly string[] {
    if (!this.#inOrder) this.#ids.sort((a, b) => (a < b ? -1 : 1));
    this.#inOrder = true;
    return this.#ids;
  }
}

export interface TransactionQuery extends LogQuery {
  readonly unit: string | null;
}

/** Ordered by last change, over all and for each unit. */
export class TransactionTable {
  readonly #byId = new Map<string, TransactionRecord>();
  readonly #counts = new Map<string, number>();
  readonly #byUnit = new Map<string, UpdateLog<TransactionRecord>>();
  readonly #get = (id: string): TransactionRecord | undefined => this.#byId.get(id);
  readonly #log = new UpdateLog<TransactionRecord>(this.#get);

  get(id: string): TransactionRecord | undefined {
    return this.#byId.get(id);
  }

  set(transaction: TransactionRecord): void {
    const before = this.#byId.get(transaction.id);
    this.#byId.set(transaction.id, transaction);
    count(this.#counts, before?.state, transaction.state);
    this.#log.append(transaction, before);
    this.#logOf(transaction.unit).append(transaction, before);
  }

  /** Puts older versions back, and all orders right. */
  putBack(older: Iterable<TransactionRecord>): void {
    const units = new Set<string>();
    for (const transaction of older) {
      count(this.#counts, this.#byId.get(transaction.id)?.state, transaction.state);
      this.#byId.set(transaction.id, transaction);
      units.add(transaction.unit);
    }
    this.#log.rebuild(this.#byId.values());
    const rows = new Map<string, TransactionRecord[]>([...units].map((unit) => [unit, []]));
    for (const transaction of this.#byId.values()) rows.get(transaction.unit)?.push(transaction);
    for (const [unit, ofUnit] of rows) this.#logOf(unit).rebuild(ofUnit);
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  /** In the order in which they were paid. */
  all(): Iterable<TransactionRecord> {
    return this.#byId.values();
  }

  page(query: TransactionQuery): ReturnType<UpdateLog<TransactionRecord>['page']> {
    if (query.unit === null) return this.#log.page(query);
    return this.#byUnit.get(query.unit)?.page(query) ?? { rows: [], nextOrdinal: null };
  }

  #logOf(unit: string): UpdateLog<TransactionRecord> {
    const known = this.#byUnit.get(unit);
    if (known !== undefined) return known;
    const log = new UpdateLog<TransactionRecord>(this.#get);
    this.#byUnit.set(unit, log);
    return log;
  }
}

function count(counts: Map<string, number>, before: string | undefined, after: string): void {
  if (before === after) return;
  if (before !== undefined) counts.set(before, (counts.get(before) ?? 0) - 1);
  counts.set(after, (counts.get(after) ?? 0) + 1);
}
