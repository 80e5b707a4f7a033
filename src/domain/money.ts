/** L$ amounts: whole numbers that the grid can carry; knows nothing of prices. */
import { RefusedValue, type Branded } from './brand';

/** Whole L$, 1 to 2^31 − 1. */
export type Lindens = Branded<number, 'Lindens'>;

export const MAX_LINDENS = 2 ** 31 - 1;

/** @throws RefusedValue unless `amount` is a whole number from 1 to 2^31 − 1. */
export function lindens(amount: number): Lindens {
  if (!isLindens(amount)) {
    throw new RefusedValue('An L$ amount is a whole number from 1 to 2147483647.');
  }
  return amount;
}

export function isLindens(amount: number): amount is Lindens {
  return Number.isInteger(amount) && amount >= 1 && amount <= MAX_LINDENS;
}
