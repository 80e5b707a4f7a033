/**
 * The ways in which a transaction ends, each one step of the book; when it ends is the processor's.
 */
import { plusSeconds, type Instant } from '../../src/domain/time';
import type { Book, Step } from './book';
import type { Faults } from './faults';
import { roll } from './random';
import type { TransactionRecord, UnitRecord } from './records';
import { plusTime, statusOf } from './terms';
import type { Effect, Truth } from './truth';

const HOUR_SECONDS = 3_600;

export interface SettlementDeps {
  readonly book: Book;
  readonly truth: Truth;
  readonly seed: number;
}

/** Adds the time to the unit, and whatever the faults make of it. */
export function complete(deps: SettlementDeps, transaction: TransactionRecord, faults: Faults) {
  const { book, truth, seed } = deps;
  const payment = truth.payment(transaction.id);
  const unit = book.units.get(transaction.unit);
  if (payment === undefined || unit === undefined) throw new Error('A payment has lost its unit.');
  const happens = (fault: 'doubleCredit' | 'resetOverdueOnPayment'): boolean =>
    roll(seed, fault, payment.n, transaction.version) < faults[fault];
  book.step((step) => {
    step.changeTransaction(transaction, {
      state: 'completed',
      message: '',
      tenant: unit.tenant ?? transaction.payer,
      creditedSeconds: payment.seconds,
      unitVersion: unit.version + 1,
    });
    let current = addTime({ ...deps, step, unit, transaction, seconds: payment.seconds });
    const txId = transaction.id;
    if (happens('doubleCredit')) {
      const from = current.rentedUntil;
      current = addTime({ ...deps, step, unit: current, transaction, seconds: payment.seconds });
      const times = { at: book.now(), from, to: current.rentedUntil };
      truth.note({ fault: 'doubleCredit', unit: unit.id, txId, ...times });
    }
    if (happens('resetOverdueOnPayment')) {
      resetToOverdue({ ...deps, step, unit: current, effect: 'resetOverdueOnPayment', txId });
    }
  });
}

/** `failed` or `suspended`: no time moves, and nothing is final. */
export function refuse(book: Book, transaction: TransactionRecord, state: 'failed' | 'suspended') {
  const message =
    state === 'failed' ? 'Something bad happened :(' : 'The rental box cannot be reached.';
  book.step((step) => step.changeTransaction(transaction, { state, message }));
}

/** A person takes a completed payment back (`reversed`), or lets it count again. */
export function turnBack(
  deps: SettlementDeps,
  transaction: TransactionRecord,
  to: 'reversed' | 'completed',
): TransactionRecord {
  const unit = deps.book.units.get(transaction.unit);
  const credited = transaction.creditedSeconds ?? 0;
  if (unit === undefined) throw new Error('A transaction has lost its unit.');
  return deps.book.step((step) => {
    const seconds = to === 'reversed' ? -credited : credited;
    const after = addTime({ ...deps, step, unit, transaction, seconds });
    const unitVersion = to === 'completed' ? after.version : transaction.unitVersion;
    return step.changeTransaction(transaction, { state: to, unitVersion });
  });
}

/**
 * A unit falls to overdue: most often its time is set into the past, else it is lost, or left as it
 * is.
 */
export function resetToOverdue(
  input: SettlementDeps & {
    readonly step: Step;
    readonly unit: UnitRecord;
    readonly effect: Effect['fault'];
    readonly txId: string | null;
  },
): void {
  const { book, truth, seed, step, unit, txId } = input;
  const now = book.now();
  const kind = roll(seed, 'reset-kind', unit.id, unit.version);
  const back = Math.floor(roll(seed, 'reset-depth', unit.id, unit.version) * 48 * HOUR_SECONDS);
  let rentedUntil: Instant | null = plusSeconds(now, -HOUR_SECONDS - back);
  if (kind >= 0.8) rentedUntil = unit.rentedUntil;
  else if (kind >= 0.6) rentedUntil = null;
  step.changeUnit(unit, { rentedUntil, status: 'overdue' });
  const change = { from: unit.rentedUntil, to: rentedUntil };
  truth.note({ fault: input.effect, at: now, unit: unit.id, txId, ...change });
}

/** From its rented-until, even in the past; a unit without one begins at the payment. */
function addTime(
  input: SettlementDeps & {
    readonly step: Step;
    readonly unit: UnitRecord;
    readonly transaction: TransactionRecord;
    readonly seconds: number;
  },
): UnitRecord {
  const { book, truth, step, unit, transaction, seconds } = input;
  const paidAt = truth.payment(transaction.id)?.paidAt ?? transaction.updatedAt;
  const rentedUntil = plusTime(unit.rentedUntil ?? paidAt, seconds);
  const tenant = unit.tenant ?? transaction.payer;
  const status = statusOf({ ...unit, rentedUntil, tenant }, book.now());
  return step.changeUnit(unit, { rentedUntil, tenant, status });
}
