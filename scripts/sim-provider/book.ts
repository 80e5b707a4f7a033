/**
 * What the provider believes at this moment, and the way back to what it believed before. It is the
 * provider's claim, which faults may spoil; what was really paid is in `truth.ts`.
 */
import type { Instant } from '../../src/domain/time';
import type { SimClock } from './real-clock';
import {
  transactionVersion,
  unitVersion,
  type NewTransaction,
  type NewUnit,
  type Stamp,
  type TransactionFields,
  type TransactionRecord,
  type UnitFields,
  type UnitRecord,
} from './records';
import { TransactionTable, UnitTable } from './tables';

export type Row = UnitRecord | TransactionRecord;

/** Changes that belong together: they are announced together, and undone together. */
export interface Step {
  addUnit(unit: NewUnit): UnitRecord;
  addTransaction(transaction: NewTransaction): TransactionRecord;
  changeUnit(unit: UnitRecord, change: UnitFields): UnitRecord;
  changeTransaction(transaction: TransactionRecord, change: TransactionFields): TransactionRecord;
}

/** How far a restored backup lies back: the newer half of what is remembered, or whole seconds. */
export type Depth =
  { readonly kind: 'half' } | { readonly kind: 'seconds'; readonly seconds: number };

export interface Rewound {
  /** Nothing after this instant is known any more. */
  readonly to: Instant;
  /** Transactions that had been completed or reversed and now are not. */
  readonly uncompleted: ReadonlySet<string>;
  /** The units that are older now, each as it now is. */
  readonly units: readonly UnitRecord[];
}

interface JournalEntry {
  readonly at: Instant;
  /** The versions that the step replaced. */
  readonly undo: readonly Row[];
}

/** A backup reaches back this many steps at most. */
const JOURNAL_LENGTH = 200_000;

export class Book {
  readonly units = new UnitTable();
  readonly transactions = new TransactionTable();
  readonly #clock: SimClock;
  readonly #announce: (rows: readonly Row[]) => void;
  #journal: JournalEntry[] = [];
  #ordinal = 0;
  #lastInstant = 0 as Instant;

  constructor(clock: SimClock, announce: (rows: readonly Row[]) => void) {
    this.#clock = clock;
    this.#announce = announce;
  }

  /** The provider's clock; it never runs backwards, since pages are in the order of updates. */
  now(): Instant {
    this.#lastInstant = Math.max(this.#lastInstant, this.#clock.now()) as Instant;
    return this.#lastInstant;
  }

  step<Result>(work: (step: Step) => Result): Result {
    const at = this.now();
    const undo: Row[] = [];
    const rows: Row[] = [];
    const stamp = (version: number): Stamp => {
      this.#ordinal += 1;
      return { version, ordinal: this.#ordinal, updatedAt: at };
    };
    const keepUnit = (unit: UnitRecord): UnitRecord => {
      this.units.set(unit);
      rows.push(unit);
      return unit;
    };
    const keepTransaction = (transaction: TransactionRecord): TransactionRecord => {
      this.transactions.set(transaction);
      rows.push(transaction);
      return transaction;
    };
    const result = work({
      addUnit: (unit) => keepUnit(unitVersion(unit, {}, stamp(1))),
      addTransaction: (transaction) =>
        keepTransaction(transactionVersion(transaction, {}, stamp(1))),
      changeUnit: (unit, change) => {
        undo.push(unit);
        return keepUnit(unitVersion(unit, change, stamp(unit.version + 1)));
      },
      changeTransaction: (before, change) => {
        undo.push(before);
        return keepTransaction(transactionVersion(before, change, stamp(before.version + 1)));
      },
    });
    if (undo.length > 0) this.#remember({ at, undo });
    this.#announce(rows);
    return result;
  }

  /**
   * Goes back to older versions, silently, as a restored backup does. Units and transactions that
   * are younger than the backup stay, at their first version: what was paid must not vanish.
   */
  rewind(depth: Depth): Rewound {
    const cut = this.#cutFor(depth);
    const undone = this.#journal.splice(cut);
    const older = new Map<string, TransactionRecord>();
    const units = new Map<string, UnitRecord>();
    for (const { undo } of undone.toReversed()) {
      for (const row of undo.toReversed()) {
        if (row.kind === 'unit') units.set(row.id, row);
        else older.set(row.id, row);
      }
    }
    const uncompleted = new Set<string>();
    for (const [id, row] of older) {
      if (isDone(this.transactions.get(id)) && !isDone(row)) uncompleted.add(id);
    }
    this.transactions.putBack(older.values());
    for (const unit of units.values()) this.units.set(unit);
    return { to: undone[0]?.at ?? this.now(), uncompleted, units: [...units.values()] };
  }

  #cutFor(depth: Depth): number {
    if (depth.kind === 'half') return this.#journal.length >>> 1;
    const since = this.now() - depth.seconds * 1000;
    const first = this.#journal.findIndex((entry) => entry.at >= since);
    return first < 0 ? this.#journal.length : first;
  }

  #remember(entry: JournalEntry): void {
    this.#journal.push(entry);
    if (this.#journal.length > 2 * JOURNAL_LENGTH) {
      this.#journal = this.#journal.slice(-JOURNAL_LENGTH);
    }
  }
}

const isDone = (transaction: TransactionRecord | undefined): boolean =>
  transaction?.state === 'completed' || transaction?.state === 'reversed';
