/** The momentary faults that change units' time or status with no payment behind it. */
import { DAY_SECONDS, type Instant } from '../../src/domain/time';
import type { Book } from './book';
import type { Faults } from './faults';
import { randomFor, type Random } from './random';
import type { UnitRecord } from './records';
import { Refusal } from './refusal';
import { resetToOverdue, type SettlementDeps } from './settlement';
import { plusTime, statusOf } from './terms';
import type { Effect } from './truth';

interface TimeChange {
  readonly unit: UnitRecord;
  readonly rentedUntil: Instant;
}

/** @throws Refusal (404) before anything is done, where a list names a unit that does not exist. */
export function refuseUnknownUnits(book: Book, faults: Faults): void {
  for (const fault of ['partialReset', 'editExpiry'] as const) {
    const value = faults[fault];
    if (typeof value === 'number') continue;
    const index = value.findIndex(({ unit }) => book.units.get(unit) === undefined);
    if (index < 0) continue;
    const path = `/${fault}/${index}/unit`;
    throw new Refusal(404, 'A fault names a unit that does not exist.', [
      { path, message: 'no such unit' },
    ]);
  }
}

/** `turn` makes the choice of each setting another one. */
export function actOnUnits(deps: SettlementDeps, faults: Faults, turn: number): void {
  const { book } = deps;
  const random = randomFor(deps.seed, 'unit-faults', turn);
  for (const unit of chosen(() => paidUnits(book), faults.resetOverdue, random)) {
    const target = { unit, effect: 'resetOverdue', txId: null } as const;
    book.step((step) => resetToOverdue({ ...deps, step, ...target }));
  }
  for (const change of losses(book, faults.partialReset, random)) {
    apply(deps, 'partialReset', change);
  }
  for (const change of edits(book, faults.editExpiry, random)) apply(deps, 'editExpiry', change);
}

function apply(deps: SettlementDeps, fault: Effect['fault'], change: TimeChange): void {
  const { book, truth } = deps;
  const { rentedUntil } = change;
  const unit = book.units.get(change.unit.id) ?? change.unit;
  const status = statusOf({ ...unit, rentedUntil }, book.now());
  book.step((step) => step.changeUnit(unit, { rentedUntil, status }));
  const times = { from: unit.rentedUntil, to: rentedUntil };
  truth.note({ fault, at: book.now(), unit: unit.id, txId: null, ...times });
}

function losses(book: Book, fault: Faults['partialReset'], random: Random): TimeChange[] {
  if (typeof fault !== 'number') return listed(book, fault, -1);
  const now = book.now();
  return chosen(() => paidUnits(book), fault, random).map((unit) => {
    const leftMs = (unit.rentedUntil ?? now) - now;
    const keptSeconds = Math.floor((leftMs * (0.1 + 0.8 * random.next())) / 1000);
    return { unit, rentedUntil: plusTime(now, keptSeconds) };
  });
}

function edits(book: Book, fault: Faults['editExpiry'], random: Random): TimeChange[] {
  if (typeof fault !== 'number') return listed(book, fault, 1);
  return chosen(() => letUnits(book), fault, random).map((unit) => {
    const days = 1 + random.below(30);
    return { unit, rentedUntil: plusTime(unit.rentedUntil ?? book.now(), days * DAY_SECONDS) };
  });
}

/** A unit that has no time is counted from now. */
function listed(
  book: Book,
  list: readonly { readonly unit: string; readonly seconds: number }[],
  sign: 1 | -1,
): TimeChange[] {
  return list.flatMap(({ unit: id, seconds }) => {
    const unit = book.units.get(id);
    if (unit === undefined) return [];
    const from = unit.rentedUntil ?? book.now();
    return [{ unit, rentedUntil: plusTime(from, sign * seconds) }];
  });
}

function letUnits(book: Book): UnitRecord[] {
  return [...book.units.all()].filter(({ rentedUntil }) => rentedUntil !== null);
}

function paidUnits(book: Book): UnitRecord[] {
  const now = book.now();
  return [...book.units.all()].filter(
    ({ status, rentedUntil }) => status === 'rented' && rentedUntil !== null && rentedUntil > now,
  );
}

/** The nearest whole number of them, and one at least where the share is above 0. */
function chosen(from: () => UnitRecord[], share: number, random: Random): UnitRecord[] {
  if (share === 0) return [];
  const units = from();
  return random.shuffled(units).slice(0, Math.max(1, Math.round(share * units.length)));
}
