/**
 * The box takes L$: the truth is written first, then the transaction that the provider makes of it.
 */
import { isLindens } from '../../src/domain/money';
import type { PaymentInput } from './bodies';
import type { TransactionRecord, UnitRecord } from './records';
import { Refusal } from './refusal';
import { turnBack } from './settlement';
import { secondsBought } from './terms';
import type { RealPayment } from './truth';
import type { World } from './world';

/**
 * As a tenant's payment in-world. With a `txId` it may be repeated: the same payment is taken once.
 */
export function takePayment(world: World, input: PaymentInput): TransactionRecord {
  const { book, truth } = world;
  const unit = book.units.get(input.unit);
  if (unit === undefined) throw new Refusal(404, `There is no unit ${input.unit}.`);
  if (!isLindens(input.amount)) throw new Refusal(400, 'An amount is 1 to 2147483647 whole L$.');
  const known = input.txId === undefined ? undefined : truth.payment(input.txId);
  if (known !== undefined) return repeated(world, known, input);
  if (unit.locked) throw new Refusal(409, 'The box is locked and takes no payments.');
  const payment = realPayment(world, unit, input);
  truth.take(payment);
  const { n, txId, payer, amount, paidAt } = payment;
  const transaction = book.step((step) =>
    step.addTransaction({
      ...{ id: txId, n, unit: unit.id, payer, tenant: null, amount },
      paidAt: input.paidAt === null ? null : paidAt,
      ...{ state: 'queued', message: '', creditedSeconds: null, unitVersion: null },
    }),
  );
  world.processor.accept(transaction);
  return transaction;
}

/** A completed payment is taken back, or a reversed one counts again. */
export function turnPayment(
  world: World,
  txId: string,
  to: 'reversed' | 'completed',
): TransactionRecord {
  const transaction = world.book.transactions.get(txId);
  if (transaction === undefined) throw new Refusal(404, `There is no transaction ${txId}.`);
  const from = to === 'reversed' ? 'completed' : 'reversed';
  if (transaction.state !== from) {
    throw new Refusal(409, `Only a ${from} transaction can become ${to}.`);
  }
  return turnBack(world, transaction, to);
}

function realPayment(world: World, unit: UnitRecord, input: PaymentInput): RealPayment {
  const { book, truth, timeZone } = world;
  const n = truth.payments.length + 1;
  const takenAt = book.now();
  const paidAt = input.paidAt ?? takenAt;
  const { payer, amount } = input;
  const { price, term } = unit;
  return {
    n,
    txId: input.txId ?? mintTxId(world, n),
    ...{ unit: unit.id, payer, amount, paidAt, takenAt },
    seconds: secondsBought({ amount, price, term, paidAt, timeZone }),
  };
}

function repeated(world: World, known: RealPayment, input: PaymentInput): TransactionRecord {
  const isSame =
    known.unit === input.unit &&
    known.amount === input.amount &&
    known.payer.key === input.payer.key;
  const transaction = world.book.transactions.get(known.txId);
  if (!isSame || transaction === undefined) {
    throw new Refusal(409, `Transaction ${known.txId} is another payment.`);
  }
  return transaction;
}

/** Its prefix differs between starts, because the bridge remembers and a simulator does not. */
const mintTxId = ({ txPrefix }: World, n: number): string =>
  `${txPrefix}-${String(n).padStart(7, '0')}`;
