/**
 * Everything that a reset throws away, put together in one place: book, truth and what works on
 * them.
 */
import { Book, type Row } from './book';
import { ExpiryWatch } from './expiry-watch';
import type { FaultBoard } from './faults';
import { IdempotencyKeys } from './idempotency';
import { madeUpUnit, unitIdOf } from './population';
import { Processor } from './processor';
import type { SimClock } from './real-clock';
import { Truth } from './truth';

export interface WorldDeps {
  readonly clock: SimClock;
  /** Begins every transaction's id: no start and no reset of a simulator uses an id again. */
  readonly txPrefix: string;
  readonly seed: number;
  readonly faults: FaultBoard;
  readonly timeZone: string;
  readonly processingMs: number;
  /** How many units it begins with, made up from the seed. */
  readonly units: number;
  /** Changes to be told to the world outside, in order. */
  readonly announce: (rows: readonly Row[]) => void;
}

export interface World extends WorldDeps {
  readonly book: Book;
  readonly truth: Truth;
  readonly processor: Processor;
  readonly watch: ExpiryWatch;
  readonly keys: IdempotencyKeys;
}

export function openWorld(deps: WorldDeps): World {
  const { clock, units } = deps;
  const truth = new Truth();
  let announce = (_rows: readonly Row[]): void => undefined;
  const book: Book = new Book(clock, (rows) => {
    for (const row of rows) if (row.kind === 'unit') watch.follow(row);
    announce(rows);
  });
  const watch = new ExpiryWatch(book, clock);
  const processor = new Processor({ ...deps, book, truth });
  const world = { ...deps, book, truth, processor, watch, keys: new IdempotencyKeys() };
  addMadeUpUnits(world, units);
  announce = deps.announce;
  return world;
}

export function addMadeUpUnits({ book, truth, seed }: World, howMany: number): void {
  for (let left = howMany; left > 0; left -= 1) {
    let n = book.units.size + 1;
    while (book.units.get(unitIdOf(n)) !== undefined) n += 1;
    const unit = madeUpUnit({ seed, n, now: book.now() });
    book.step((step) => step.addUnit(unit));
    truth.open(unit.id, unit.rentedUntil);
  }
}

export function closeWorld({ processor, watch }: World): void {
  processor.stop();
  watch.stop();
}
