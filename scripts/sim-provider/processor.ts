/**
 * Takes each transaction from `queued` through `processing` to its end, as far as faults let it.
 */
import type { Instant } from '../../src/domain/time';
import type { FaultBoard } from './faults';
import { Lane, type Waiting } from './lane';
import { randomFor, roll } from './random';
import type { SimClock } from './real-clock';
import type { TransactionRecord } from './records';
import { complete, refuse, type SettlementDeps } from './settlement';

export interface ProcessorDeps extends SettlementDeps {
  readonly clock: SimClock;
  readonly faults: FaultBoard;
  /** From the payment to its completion when nothing is wrong. */
  readonly processingMs: number;
}

/**
 * Between two breaths of the event loop, so that sockets and calls are served during a long drain.
 */
const MOST_STEPS_PER_RUN = 500;

export class Processor {
  readonly #deps: ProcessorDeps;
  readonly #random;
  /** `open`: obeys `stall`. `forced`: what a drain has taken up, which nothing stops. */
  readonly #open = { waiting: new Lane(), working: new Lane() };
  readonly #forced = { waiting: new Lane(), working: new Lane() };
  /** Those that `stall` holds; their chance to fail has been taken. */
  #stalled: Waiting[] = [];
  #timer: { readonly at: number; readonly cancel: () => void } | null = null;

  constructor(deps: ProcessorDeps) {
    this.#deps = deps;
    this.#random = randomFor(deps.seed, 'processor');
  }

  /** How many are under way or held. */
  get size(): number {
    const lanes = [...Object.values(this.#open), ...Object.values(this.#forced)];
    return lanes.reduce((sum, lane) => sum + lane.size, this.#stalled.length);
  }

  accept(transaction: TransactionRecord): void {
    this.#open.waiting.push(this.#entry(transaction.id, 'chance'));
    this.#plan();
  }

  /** After a change of the fault set: lets go, or lets some of the held ones fail. */
  faultsChanged(): void {
    const { faults } = this.#deps;
    if (!faults.now.stall) {
      const later = this.#open.waiting.clear();
      for (const entry of [...this.#stalled, ...later]) this.#open.waiting.push(entry);
      this.#stalled = [];
    } else {
      this.#stalled = this.#stalled.filter((entry) => !this.#falls(entry));
    }
    this.#plan();
  }

  failNow(howMany: number): void {
    const queued = [...this.#stalled, ...this.#open.waiting.clear()];
    const failing = new Set(
      this.#random
        .shuffled(queued.filter(({ fate }) => fate === 'chance'))
        .slice(0, howMany)
        .map(({ id }) => id),
    );
    this.#stalled = [];
    for (const entry of queued) {
      if (failing.has(entry.id)) refuse(this.#deps.book, this.#transaction(entry), 'failed');
      else this.#open.waiting.push(entry);
    }
    this.#plan();
  }

  drain(): void {
    this.#clear();
    for (const transaction of this.#deps.book.transactions.all()) {
      if (isWaiting(transaction) || hasFallen(transaction)) this.#force(transaction);
    }
    this.#plan();
  }

  /**
   * After a restored backup: what it has un-completed is done again, whatever state it fell back
   * to.
   */
  resume(uncompleted: ReadonlySet<string>): void {
    const forced = new Set(this.#clear().map(({ id }) => id));
    for (const transaction of this.#deps.book.transactions.all()) {
      const again = uncompleted.has(transaction.id);
      if (forced.has(transaction.id) && !isDone(transaction)) this.#force(transaction);
      else if (isWaiting(transaction) || (again && hasFallen(transaction))) {
        const lane = transaction.state === 'processing' ? 'working' : 'waiting';
        this.#open[lane].push(this.#entry(transaction.id, again ? 'sure' : 'chance'));
      }
    }
    this.#plan();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#clear();
  }

  #run(): void {
    this.#timer = null;
    let left = MOST_STEPS_PER_RUN;
    left = this.#work(this.#forced, left);
    if (this.#deps.faults.now.stall) this.#hold();
    else this.#work(this.#open, left);
    this.#plan();
  }

  /** The further stage first, so that nothing passes both in one run. Returns the steps left. */
  #work(track: { readonly waiting: Lane; readonly working: Lane }, steps: number): number {
    const now = this.#deps.book.now();
    const place = (among: number): number => this.#place(among);
    let left = steps;
    for (const stage of ['working', 'waiting'] as const) {
      for (let entry = null; left > 0; left -= 1) {
        entry = track[stage].take(now, place);
        if (entry === null) break;
        if (stage === 'working') this.#finish(entry);
        else this.#start(entry, track.working);
      }
    }
    return left;
  }

  #start(entry: Waiting, working: Lane): void {
    const transaction = this.#transaction(entry);
    const change = { state: 'processing', message: '' } as const;
    this.#deps.book.step((step) => step.changeTransaction(transaction, change));
    working.push(this.#entry(entry.id, entry.fate));
  }

  #finish(entry: Waiting): void {
    if (this.#falls(entry)) return;
    complete(this.#deps, this.#transaction(entry), this.#deps.faults.now);
  }

  /** Under `stall` a transaction that becomes due stays queued, unless it fails. */
  #hold(): void {
    const now = this.#deps.book.now();
    for (;;) {
      const entry = this.#open.waiting.take(now, () => 0);
      if (entry === null) return;
      if (!this.#falls(entry)) this.#stalled.push(entry);
    }
  }

  /** Takes a transaction's chance to end badly; one chance for each set of faults. */
  #falls(entry: Waiting): boolean {
    const { seed, faults, book } = this.#deps;
    if (entry.fate === 'sure') return false;
    const transaction = this.#transaction(entry);
    const chance = (fault: string): number => roll(seed, fault, transaction.n, faults.turn);
    const suspended = chance('suspend') < faults.now.suspendRate;
    if (!suspended && chance('fail') >= faults.now.failRate) return false;
    refuse(book, transaction, suspended ? 'suspended' : 'failed');
    return true;
  }

  #force(transaction: TransactionRecord): void {
    const lane = transaction.state === 'processing' ? 'working' : 'waiting';
    this.#forced[lane].push({ id: transaction.id, dueAt: this.#deps.book.now(), fate: 'sure' });
  }

  /** Empties all lanes; returns what a drain had taken up. */
  #clear(): readonly Waiting[] {
    this.#stalled = [];
    this.#open.waiting.clear();
    this.#open.working.clear();
    return [...this.#forced.waiting.clear(), ...this.#forced.working.clear()];
  }

  #plan(): void {
    const { waiting, working } = this.#open;
    const lanes = [this.#forced.waiting, this.#forced.working, waiting];
    if (!this.#deps.faults.now.stall) lanes.push(working);
    const at = Math.min(...lanes.map((lane) => lane.nextDue() ?? Infinity));
    if (at === Infinity || (this.#timer !== null && this.#timer.at <= at)) return;
    this.#timer?.cancel();
    const delayMs = Math.max(1, at - this.#deps.book.now());
    this.#timer = { at, cancel: this.#deps.clock.after(delayMs, () => this.#run()) };
  }

  #place(among: number): number {
    const window = Math.min(this.#deps.faults.now.reorderWindow, among);
    return window > 1 ? this.#random.below(window) : 0;
  }

  #entry(id: string, fate: Waiting['fate']): Waiting {
    const stageMs = Math.ceil(this.#deps.processingMs / 2);
    return { id, dueAt: (this.#deps.book.now() + stageMs) as Instant, fate };
  }

  #transaction({ id }: Waiting): TransactionRecord {
    const transaction = this.#deps.book.transactions.get(id);
    if (transaction === undefined) throw new Error(`Transaction ${id} waits and does not exist.`);
    return transaction;
  }
}

const isWaiting = ({ state }: TransactionRecord): boolean =>
  state === 'queued' || state === 'processing';
const hasFallen = ({ state }: TransactionRecord): boolean =>
  state === 'failed' || state === 'suspended';
const isDone = ({ state }: TransactionRecord): boolean =>
  state === 'completed' || state === 'reversed';
