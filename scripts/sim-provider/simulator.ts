/**
 * The provider without its network: one object that everything outside calls, over HTTP or
 * directly.
 */
import type { Instant } from '../../src/domain/time';
import type { NoticeInput, PaymentInput, ResetInput, UnitChange, UnitInput } from './bodies';
import type { EventLog } from './event-log';
import { faultsSchema, type Faults, type FaultSet } from './faults';
import { takePayment, turnPayment } from './payments';
import type { Agent, TransactionRecord, UnitRecord } from './records';
import type { Effect, RealPayment } from './truth';
import { addUnit, changeUnit } from './unit-changes';
import { actOnUnits, refuseUnknownUnits } from './unit-faults';
import { addMadeUpUnits, closeWorld, openWorld, type World, type WorldDeps } from './world';

/** What a test, a demo or a bench may do in the same process; all of it is synchronous. */
export interface SimControl {
  /** As if a tenant had paid in-world. A payer may be a bare key. @throws Refusal */
  pay(payment: Payment): TransactionRecord;
  /** Vacant, at L$ 250 a week, unless it says otherwise. @throws Refusal when the id is taken */
  addUnit(unit?: UnitInput): UnitRecord;
  /** Made up from the seed: nine in ten let, for up to 30 days more. */
  addUnits(howMany: number): void;
  /** Evict, re-price, re-rez, put out of reach. @throws Refusal */
  changeUnit(id: string, change: UnitChange): UnitRecord;
  /** A completed transaction is reversed, its time taken back. @throws Refusal */
  reverse(txId: string): TransactionRecord;
  /** A reversed transaction is completed again. @throws Refusal */
  reinstate(txId: string): TransactionRecord;
  /**
   * Replaces the set in force; momentary faults act at once. `{}` lifts all. @throws ZodError,
   * Refusal
   */
  setFaults(faults: FaultSet): void;
  /** An event to everybody, of type `notice` or of a type that no client knows. */
  notice(notice: { readonly text: string; readonly type?: string }): void;
  state(): SimState;
  unit(id: string): UnitRecord | undefined;
  transaction(txId: string): TransactionRecord | undefined;
  /** In order of id. */
  units(): Iterable<UnitRecord>;
  /** In the order in which they were paid. */
  transactions(): Iterable<TransactionRecord>;
  /** The truth: what was really paid. Only a reset empties it. */
  payments(): readonly RealPayment[];
  /** The truth: what faults did to units' time. */
  effects(): readonly Effect[];
  /** The truth: until when a unit is paid, all its payments counted once; null where none was. */
  rightfulUntil(unit: string): Instant | null;
  /** As at the start: no transactions, no faults, a new stream id. */
  reset(input?: ResetInput): void;
}

export type Payment = Omit<PaymentInput, 'payer'> & { readonly payer: string | Agent };

export interface SimState {
  readonly seed: number;
  readonly stream: string;
  readonly seq: number;
  readonly oldest: number;
  readonly time: Instant;
  readonly faults: Faults;
  readonly counts: {
    readonly units: Readonly<Record<string, number>>;
    readonly transactions: Readonly<Record<string, number>>;
    readonly payments: number;
    /** Transactions under way or held by `stall`; failed and suspended ones are not among them. */
    readonly waiting: number;
    readonly connections: number;
  };
}

/** What the simulator needs of the sockets. */
export interface Listeners {
  readonly connections: number;
  pump(): void;
  faultsChanged(): void;
  restart(reason: string): void;
  drop(): void;
}

export interface SimulatorDeps extends Omit<WorldDeps, 'announce' | 'txPrefix'> {
  readonly log: EventLog;
  readonly listeners: Listeners;
}

export class Simulator implements SimControl {
  readonly #deps: SimulatorDeps;
  readonly #startedAt: Instant;
  #resets = 0;
  #world: World;

  constructor(deps: SimulatorDeps) {
    this.#deps = deps;
    this.#startedAt = deps.clock.now();
    this.#world = this.#open({});
  }

  get world(): World {
    return this.#world;
  }

  pay(payment: Payment): TransactionRecord {
    const { payer } = payment;
    const named = typeof payer === 'string' ? { key: payer.toLowerCase(), name: '' } : payer;
    return takePayment(this.#world, { ...payment, payer: named });
  }

  addUnit(unit: UnitInput = {}): UnitRecord {
    return addUnit(this.#world, unit);
  }

  addUnits(howMany: number): void {
    addMadeUpUnits(this.#world, howMany);
  }

  changeUnit(id: string, change: UnitChange): UnitRecord {
    return changeUnit(this.#world, id, change);
  }

  reverse(txId: string): TransactionRecord {
    return turnPayment(this.#world, txId, 'reversed');
  }

  reinstate(txId: string): TransactionRecord {
    return turnPayment(this.#world, txId, 'completed');
  }

  setFaults(set: FaultSet): void {
    const { faults, listeners } = this.#deps;
    const { book, processor } = this.#world;
    const parsed = faultsSchema.parse(set);
    refuseUnknownUnits(book, parsed);
    faults.set(parsed);
    listeners.faultsChanged();
    if (parsed.restoreBackup !== false) this.#restoreBackup(parsed.restoreBackup);
    else if (parsed.newStreamId) this.#renumber('new numbering');
    processor.faultsChanged();
    if (parsed.failNow > 0) processor.failNow(parsed.failNow);
    if (parsed.drain) processor.drain();
    actOnUnits(this.#world, parsed, faults.turn);
    if (parsed.dropStream) listeners.drop();
  }

  notice({ text, type }: Partial<NoticeInput> & { readonly text: string }): void {
    const notice = { kind: 'notice', type: type ?? 'notice', text } as const;
    this.#deps.log.push(notice, this.#world.book.now());
    this.#deps.listeners.pump();
  }

  state(): SimState {
    const { log, faults, listeners } = this.#deps;
    const { book, truth, processor, seed } = this.#world;
    return {
      ...{ seed, stream: log.streamId, seq: log.seq, oldest: log.oldest, time: book.now() },
      faults: faults.now,
      counts: {
        units: book.units.counts(),
        transactions: book.transactions.counts(),
        payments: truth.payments.length,
        waiting: processor.size,
        connections: listeners.connections,
      },
    };
  }

  unit(id: string): UnitRecord | undefined {
    return this.#world.book.units.get(id);
  }

  transaction(txId: string): TransactionRecord | undefined {
    return this.#world.book.transactions.get(txId);
  }

  units(): Iterable<UnitRecord> {
    return this.#world.book.units.all();
  }

  transactions(): Iterable<TransactionRecord> {
    return this.#world.book.transactions.all();
  }

  payments(): readonly RealPayment[] {
    return this.#world.truth.payments;
  }

  effects(): readonly Effect[] {
    return this.#world.truth.effects;
  }

  rightfulUntil(unit: string): Instant | null {
    const isReversed = (txId: string): boolean => this.transaction(txId)?.state === 'reversed';
    return this.#world.truth.rightfulUntil(unit, isReversed);
  }

  reset(input: ResetInput = {}): void {
    const { faults, listeners, log } = this.#deps;
    closeWorld(this.#world);
    this.#resets += 1;
    faults.lift();
    this.#world = this.#open(input);
    listeners.faultsChanged();
    log.reset();
    listeners.restart('reset');
  }

  close(): void {
    closeWorld(this.#world);
  }

  #open({ seed, units }: ResetInput): World {
    const { log, listeners } = this.#deps;
    return openWorld({
      ...this.#deps,
      txPrefix: `tx-${this.#startedAt.toString(36)}-${this.#resets}`,
      seed: seed ?? this.#deps.seed,
      units: units ?? this.#deps.units,
      announce: (rows) => {
        for (const row of rows) log.push(row, row.updatedAt);
        listeners.pump();
      },
    });
  }

  /**
   * The book goes back, the truth does not: every real payment keeps its transaction, at the
   * version that the backup knew (its first, if it is younger than the backup), and what had been
   * completed is queued again to be completed again, with rising versions, as soon as nothing
   * stalls.
   */
  #restoreBackup(depth: true | number): void {
    const { book, truth, processor, watch, keys } = this.#world;
    const rewound = book.rewind(
      depth === true ? { kind: 'half' } : { kind: 'seconds', seconds: depth },
    );
    keys.forgetSince(rewound.to);
    truth.note({
      ...{ fault: 'restoreBackup', at: book.now() },
      ...{ unit: null, txId: null, from: book.now(), to: rewound.to },
    });
    for (const unit of rewound.units) watch.follow(unit);
    this.#renumber('restored from a backup');
    processor.resume(rewound.uncompleted);
  }

  #renumber(reason: string): void {
    this.#deps.log.restart();
    this.#deps.listeners.restart(reason);
  }
}
